import { type Result, refuse } from "../../lib/result.ts";
import { StoreFailure } from "../../store/database.ts";

/** Two that take one name at once both saw it free; the index lets one of them have it, and this tells the other. */
export function refuseTakenName(thrown: unknown): Result<never, "name-taken"> {
  if (thrown instanceof StoreFailure && thrown.constraint === "connections_name") return refuse("name-taken");
  throw thrown;
}
