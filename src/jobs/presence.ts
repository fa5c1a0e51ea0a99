import type { Clock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../store/database.ts";
import { removeProcess, saveProcessSeen, type ProcessIdentity } from "../store/processes.ts";
import { refuseNewerSchema } from "../store/schema-version.ts";

export interface PresenceOptions {
  db: Database;
  clock: Clock;
  log: Log;
  identity: ProcessIdentity;
  /** A newer Usher changed the database while this process ran: it must end, and give its runs back. */
  onOutdated(fault: Fault): void;
}

/** Three signs of life are missed before a process counts as gone. */
const BEAT_MS = 10_000;

/** Tells the other processes that this one lives, until it is closed; looks whether it is still new enough to work. */
export async function startPresence(options: PresenceOptions): Promise<{ close(): Promise<void> }> {
  const { db, clock, log, identity } = options;
  const ended = new AbortController();
  const beat = () => db.transaction((tx) => saveProcessSeen(tx, identity));
  await beat();
  const beating = beatUntilEnded();

  async function beatUntilEnded(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(BEAT_MS, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      try {
        await refuseNewerSchema(db);
        await beat();
      } catch (error) {
        if (error instanceof Fault && error.code === "store.schema-newer") return options.onOutdated(error);
        log.warn({ error: messageOf(error) }, "could not tell that this process lives");
      }
    }
  }

  return {
    async close() {
      ended.abort();
      await beating;
      await db
        .transaction((tx) => removeProcess(tx, identity.holder))
        .catch((error: unknown) => log.warn({ error: messageOf(error) }, "could not tell that this process ends"));
    },
  };
}
