import { computePosition } from "../../commands/position/compute-position.ts";
import { isEvidenceNewerThanJob } from "../../store/imports/evidence.ts";
import type { JobKind } from "../kinds.ts";

const SYSTEM = { operatorId: "system", through: "job" } as const;

/** After each sync, and once a day: billing events and exclusions that end come without one. */
export const computePositionJob: JobKind = {
  kind: "compute-position",
  name: "Compute license position",
  cron: "47 4 * * *",
  followsRuns: true,
  hasWork: ({ db }) => isEvidenceNewerThanJob(db, "compute-position"),
  async execute({ db, clock, secrets }) {
    const { id, tookMs } = await computePosition({ db, clock, secrets, actor: SYSTEM });
    return { state: "succeeded", message: `Computed ${id} in ${tookMs} ms.` };
  },
};
