import { ok, refuse, type Result } from "../../lib/result.ts";
import type { KnownEdition } from "../../model/editions.ts";
import { lockEditionIdentifier, saveIdentifierEdition } from "../../store/editions/identifiers.ts";
import { applyEdition, listSitesTelling } from "../../store/editions/settle.ts";
import { lockPeople } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";
import { summarizeAnew } from "../sites/summarize-anew.ts";

export type MatchEditionRefusal = "no-such-identifier" | "known-by-itself";

/**
 * Says which edition an identifier is, or (null) that nobody knows. It holds for the past too: every site and seat that
 * stands under it, also those that ended, becomes of that edition, and what is computed from it is computed anew.
 */
export function matchEditionIdentifier(
  { db, clock, actor }: Context,
  identifierId: string,
  edition: KnownEdition | null,
): Promise<Result<{ sites: number; seats: number }, MatchEditionRefusal>> {
  return db.transaction(async (tx) => {
    // As after a run: whoever changes summaries waits here first.
    await lockPeople(tx);
    const held = await lockEditionIdentifier(tx, identifierId);
    if (!held) return refuse("no-such-identifier");
    if (held.origin === "built-in" || held.origin === "source") return refuse("known-by-itself");

    await saveIdentifierEdition(tx, identifierId, { edition, decidedBy: actor.operatorId, at: clock.now() });
    const seats = await applyEdition(tx, held, edition ?? "unrecognized");
    const sites = await listSitesTelling(tx, held);
    for (const { siteId } of sites) await summarizeAnew(tx, siteId);
    const { source, identifier, edition: before } = held;
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: edition === null ? "edition-identifier.unmatched" : "edition-identifier.matched",
      subjectId: identifierId,
      detail: { source, identifier, edition, before, sites: sites.length, seats },
    });
    return ok({ sites: sites.length, seats });
  });
}
