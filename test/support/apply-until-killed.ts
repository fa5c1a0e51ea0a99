/**
 * A process that carries out what is due at one site and kills itself, without any clean-up, right at a checkpoint. Told
 * as JSON in its first argument. It ends with 0 when nothing was due any more before.
 */
import { flushCompileCache } from "node:module";
import { silentLog } from "../../src/lib/log.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import type { SiteSource } from "../../src/sources/source.ts";
import { executeDue } from "./reclaimable-site.ts";
import { hastyClock, syncedSite, type SyncedSiteOptions } from "./synced-site.ts";

export interface KilledApply {
  simulatorUrl: string;
  connection: { host: string; port: number; user: string; database: string };
  site: SyncedSiteOptions;
  holder: string;
  /** The kind of checkpoint at which it dies. */
  dies: string;
  /** How many of that kind it lives to see; at the last of them it dies. */
  checkpoints: number;
}

// Who is killed leaves no cache behind; with it the next life begins in half the time.
flushCompileCache();
const told = JSON.parse(process.argv[2] ?? "{}") as KilledApply;
const clock = hastyClock();
const db = openDatabase(told.connection, { clock, log: silentLog });
const simulated = await syncedSite(told.simulatorUrl, { ...told.site, clock });
let left = told.checkpoints;

function checkpoint(name: string): void {
  if (name !== told.dies) return;
  left -= 1;
  if (left > 0) return;
  process.stdout.write(`${name}\n`);
  process.kill(process.pid, "SIGKILL");
}

const mortal: Database = {
  ...db,
  async transaction(work, options) {
    checkpoint("before a transaction");
    const value = await db.transaction(async (tx) => {
      const made = await work(tx);
      checkpoint("before a commit");
      return made;
    }, options);
    checkpoint("after a commit");
    return value;
  },
};

function mortalSource(source: SiteSource): SiteSource {
  const { writer } = source;
  if (!writer) throw new Error("The site cannot be written to.");
  return Object.assign(Object.create(source) as SiteSource, {
    writer: {
      ...writer,
      readAccess: async (...given: Parameters<typeof writer.readAccess>) => {
        const access = await writer.readAccess(...given);
        checkpoint("after a read");
        return access;
      },
      make: async (...given: Parameters<typeof writer.make>) => {
        checkpoint("before a change");
        const under = writer.make(...given);
        // The request is on its way, and nobody waits for its answer.
        if (left === 1 && told.dies === "while a change is under way")
          await new Promise((resolve) => setTimeout(resolve, 5));
        checkpoint("while a change is under way");
        const made = await under;
        checkpoint("after a change");
        return made;
      },
    },
  });
}

await executeDue(
  mortal,
  clock,
  { ...simulated, open: (observe) => mortalSource(simulated.open(observe)) },
  told.holder,
);
await db.close();
