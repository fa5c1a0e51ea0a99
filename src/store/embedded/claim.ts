import pg from "pg";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/errors.ts";
import { type Log, silentLog } from "../../lib/log.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";

export type Release = () => Promise<void>;

export interface ClaimOptions {
  clock?: Clock;
  log?: Log;
  /** Another Usher took the installation while the database was away; this one must end. */
  onLost?(): void;
}

/** The advisory lock of the living Usher: "usher" in ASCII. */
const LOCK = 0x75_73_68_65_72;

/** The session of an Usher killed with −9 ends a moment after it. */
const PATIENCE_ATTEMPTS = 6;
const PATIENCE_MS = 200;

/** A database that is away longer than ten minutes has been given up by then. */
const RECLAIM_ATTEMPTS_MAX = 2400;
const RECLAIM_MS = 250;

/**
 * Marks this process as the Usher of an installation, until it releases it or dies. The mark is a session's advisory
 * lock, so no file can be left behind; when the database restarts it is taken again.
 */
export async function claimInstallation(
  connection: pg.ClientConfig,
  options: ClaimOptions = {},
): Promise<Result<Release, "already-running">> {
  const { clock = systemClock, log = silentLog, onLost } = options;
  const released = new AbortController();
  let session: pg.Client | null = null;
  let reclaiming: Promise<void> | null = null;

  for (let attempt = 0; !session && attempt < PATIENCE_ATTEMPTS; attempt++) {
    if (attempt > 0) await clock.sleep(PATIENCE_MS);
    session = await lock(connection);
  }
  if (!session) return refuse("already-running");
  keep(session);

  function keep(held: pg.Client): void {
    held.once("end", () => {
      reclaiming = reclaim();
    });
  }

  async function reclaim(): Promise<void> {
    session = null;
    for (let attempt = 0; attempt < RECLAIM_ATTEMPTS_MAX; attempt++) {
      try {
        await clock.sleep(RECLAIM_MS, released.signal);
        const held = await lock(connection);
        if (!held) break;
        session = held;
        return keep(held);
      } catch (error) {
        if (released.signal.aborted) return;
        log.debug({ error: messageOf(error) }, "cannot claim the installation again yet");
      }
    }
    log.error({}, "another Usher has taken over this installation");
    onLost?.();
  }

  return ok(async () => {
    released.abort();
    await reclaiming;
    session?.removeAllListeners("end");
    await session?.end();
  });
}

/** A session that holds the lock, or null when another one does. */
async function lock(connection: pg.ClientConfig): Promise<pg.Client | null> {
  const client = new pg.Client(connection);
  // The end of a broken session is heard as "end"; unheard, the error would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [LOCK]);
    if (rows[0]?.held) return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return null;
}
