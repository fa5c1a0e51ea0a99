import { refuse, type Result } from "../../lib/result.ts";
import { StoreFailure } from "../../store/database.ts";

/** The index lets one rule have a name; this tells the other. */
export function refuseTakenName(thrown: unknown): Result<never, { code: "name-taken" }> {
  if (thrown instanceof StoreFailure && thrown.constraint === "reclamation_rules_name") {
    return refuse({ code: "name-taken" });
  }
  throw thrown;
}
