import { attendExclusions } from "../../commands/exclusions/attend-exclusions.ts";
import { isEvidenceNewerThanJob } from "../../store/imports/evidence.ts";
import type { JobKind } from "../kinds.ts";

/** What conditions see changes with each run, so whom exclusions catch is settled after each, before anything acts on it. */
export const settleExclusionsJob: JobKind = {
  kind: "settle-exclusions",
  name: "Settle exclusions",
  cron: "7 * * * *",
  followsRuns: true,
  hasWork: ({ db }) => isEvidenceNewerThanJob(db, "settle-exclusions"),
  async execute({ db, clock }) {
    const { rules, caught, released, expired, warned, unwarned } = await attendExclusions(db, clock.now());
    const parts = [`${rules} exclusions: ${caught} accounts more, ${released} fewer.`];
    if (expired > 0) parts.push(`${expired} expired.`);
    if (warned > 0) parts.push(`${warned} owners told that theirs expires.`);
    if (unwarned > 0) parts.push(`${unwarned} expire soon and have no owner with an e-mail address to tell.`);
    return { state: unwarned > 0 ? "partial" : "succeeded", message: parts.join(" ") };
  },
};
