/**
 * A process that executes one run and kills itself, without any clean-up, right after a checkpoint. Told as JSON in its
 * first argument. It ends with 0 when the run ended before.
 */
import { flushCompileCache } from "node:module";
import { silentLog } from "../../src/lib/log.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { executeRun } from "../../src/sync/run.ts";
import { syncContext } from "./sync.ts";
import { syncedSite, type SyncedSiteOptions } from "./synced-site.ts";

export interface KilledSync {
  simulatorUrl: string;
  connection: { host: string; port: number; user: string; database: string };
  site: SyncedSiteOptions;
  runId: string;
  holder: string;
  /** How many saved cursors and merges it lives to see; at the last of them it dies. */
  checkpoints: number;
  /** Counts only checkpoints that begin so. */
  only?: string;
  concurrencyMax: number;
}

// Who is killed leaves no cache behind; with it the next life begins in half the time.
flushCompileCache();
const told = JSON.parse(process.argv[2] ?? "{}") as KilledSync;
const db = openDatabase(told.connection, { clock: systemClock, log: silentLog });
let left = told.checkpoints;
const context = syncContext({ db }, await syncedSite(told.simulatorUrl, told.site), {
  holder: told.holder,
  concurrencyMax: told.concurrencyMax,
  checkpoint(name) {
    if (!name.startsWith(told.only ?? "")) return;
    left -= 1;
    if (left > 0) return;
    process.stdout.write(`${name}\n`);
    process.kill(process.pid, "SIGKILL");
  },
});
await executeRun(context, told.runId, new AbortController().signal);
await db.close();
