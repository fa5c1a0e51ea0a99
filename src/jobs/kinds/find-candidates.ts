import { closeOthers, findCandidates } from "../../commands/candidates/find-candidates.ts";
import type { Context } from "../../commands/context.ts";
import { listReclamationRules } from "../../store/reclamation/rules.ts";
import { isEvidenceNewerThanJob } from "../../store/imports/evidence.ts";
import type { JobKind } from "../kinds.ts";

export const FIND_CANDIDATES = "find-candidates";

/** Looks for seats that reclamation rules find, and closes candidates that are none any more. */
export const findReclamationCandidates: JobKind = {
  kind: FIND_CANDIDATES,
  name: "Find reclamation candidates",
  cron: "40 4 * * *",
  followsRuns: true,
  hasWork: ({ db }) => isEvidenceNewerThanJob(db, FIND_CANDIDATES),
  async execute({ db, clock, secrets, tell }, _result, signal) {
    const context: Context = { db, clock, secrets, actor: { operatorId: "system", through: "job" } };
    const counts = new Map(Object.entries(await closeOthers(context)));
    const rules = await listReclamationRules(db);
    // Those that act come first: what two rules find is the one's that does something about it.
    for (const rule of rules.toSorted(
      (one, other) => Number(other.status === "active") - Number(one.status === "active"),
    )) {
      signal.throwIfAborted();
      const found = await findCandidates(context, rule.id);
      if (!found) continue;
      for (const [what, count] of Object.entries(found)) counts.set(what, (counts.get(what) ?? 0) + count);
      await tell(`${rule.name}: ${sayCounts(new Map(Object.entries(found)))}`);
    }
    return { state: "succeeded", message: sayCounts(counts) };
  },
};

const WORDS: readonly [what: string, says: string][] = [
  ["found", "found"],
  ["lackEvidence", "of them only to be asked, as evidence is lacking"],
  ["canceled", "canceled, because they were used or changed"],
  ["excluded", "excluded"],
  ["gone", "gone"],
  ["superseded", "superseded"],
];

function sayCounts(counts: ReadonlyMap<string, number>): string {
  const said = WORDS.filter(([what]) => (counts.get(what) ?? 0) > 0).map(
    ([what, says]) => `${counts.get(what)} ${says}`,
  );
  return said.length > 0 ? `Candidates: ${said.join(", ")}.` : "Nothing changed.";
}
