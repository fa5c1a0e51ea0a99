import { ok, refuse, type Result } from "../lib/result.ts";
import type { ProductAccessDecision } from "../model/facts.ts";

export type ProductAccessVerb = "confirm" | "add" | "drop";

export type ProductAccessRefusal = "not-found-by-source" | "found-by-source" | "reason-needed" | "not-listed";

/**
 * What becomes of a group. `confirm` agrees with the source, `add` says more than the source does, `drop` leaves a group
 * out whatever the source says, and takes a reason. Each may be said again later.
 */
export function productAccessAfter(
  group: { isFound: boolean; decision: ProductAccessDecision | null },
  verb: ProductAccessVerb,
  reason: string | null,
): Result<ProductAccessDecision, ProductAccessRefusal> {
  switch (verb) {
    case "confirm":
      return group.isFound ? ok("confirmed") : refuse("not-found-by-source");
    case "add":
      return group.isFound ? refuse("found-by-source") : ok("added");
    case "drop":
      if (!group.isFound && group.decision === null) return refuse("not-listed");
      return reason === null || reason.trim() === "" ? refuse("reason-needed") : ok("dropped");
  }
}
