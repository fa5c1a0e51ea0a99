import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { RunScope } from "../../src/model/runs.ts";
import { afterRun } from "../../src/sync/after-run.ts";
import type { SyncContext } from "../../src/sync/context.ts";
import { executeRun } from "../../src/sync/run.ts";
import type { SyncInstallation } from "../../src/sync/testing/installation.ts";
import type { RunRow } from "../../src/store/runs.ts";
import type { SyncedSite } from "./synced-site.ts";

/** Runs a simulated site to its end and gives the run as it is stored. */
export async function syncSimulated(
  installation: SyncInstallation,
  simulated: SyncedSite,
  site: { siteId: string; connectionId: string },
  options: { scope?: RunScope; context?: Partial<SyncContext> } = {},
): Promise<RunRow> {
  const runId = await installation.request(site, options.scope);
  await executeRun(syncContext(installation, simulated, options.context), runId, new AbortController().signal);
  return installation.getRun(runId);
}

export function syncContext(
  { db }: Pick<SyncInstallation, "db">,
  simulated: SyncedSite,
  more: Partial<SyncContext> = {},
): SyncContext {
  return {
    db,
    clock: systemClock,
    log: silentLog,
    holder: "test",
    openSite: async (_run, observe) => simulated.open(observe),
    afterRun: (parts, run) => afterRun(parts.db, run),
    ...more,
  };
}
