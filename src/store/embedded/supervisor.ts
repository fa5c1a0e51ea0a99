import { rm } from "node:fs/promises";
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { Fault } from "../../lib/errors.ts";
import type { Log } from "../../lib/log.ts";
import type { PostgresPackage } from "./binaries.ts";
import { bringUp, type LivingServer } from "./bring-up.ts";
import { embeddedFault, inWords } from "./faults.ts";
import { openInstallation, type Installation } from "./installation.ts";
import { nodeUser } from "./os-users.ts";
import { makeDataDirectory } from "./place.ts";
import { isAlive, stopPostmaster } from "./postmaster.ts";
import { connectionTo, type PostgresConnection } from "./server.ts";

export interface EmbeddedPostgres {
  connection: PostgresConnection;
  /** True when the server was left running by a Node that died. */
  adopted: boolean;
  /** PostgreSQL's own version, such as "18.4". */
  version: string;
  /** The server's process, for `usher doctor`; another one after a restart. */
  pid(): number;
  /** Ends all sessions and stops the server; afterwards every file is complete on disk. */
  stop(): Promise<void>;
  /** Turns away and leaves the server running, for the Usher it belongs to. */
  leave(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The installation's data directory; made if it is missing. */
  dataDir: string;
  log: Log;
  clock?: Clock;
  /** Where PostgreSQL is taken from; when left out, the package installed for this system. */
  from?: PostgresPackage;
  /** False, for tests only, gives up surviving a power cut. */
  durable?: boolean;
  /** The server died and could not be brought back; it stays down. */
  onGivenUp?(fault: Fault): void;
}

/** Dying more often than this is no accident any more. */
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 600_000;
const RESTART_BACKOFF_MS = 100;

/** How often an adopted server, whose end the system does not report to us, is looked for. */
const WATCH_MS = 1000;

/**
 * Starts PostgreSQL for a data directory, or adopts the one that a Node that died left running, and keeps it alive until
 * it is stopped. Throws a Fault "embedded-postgres.…" whose public message says what to do about it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, clock = systemClock, durable = true, from } = options;
  const node = nodeUser();
  const dataDir = await makeDataDirectory(options.dataDir, node);
  const installation = await openInstallation({ dataDir, node, durable, from }, log);
  const first = await bringUp(installation, clock, log);
  log.info({ pid: first.pid, version: first.version }, first.adopted ? "adopted PostgreSQL" : "started PostgreSQL");

  const supervisor = supervise(first, installation, clock, log, options.onGivenUp);
  return {
    connection: connectionTo(first.socketDirectory),
    adopted: first.adopted,
    version: first.version,
    ...supervisor,
  };
}

/** Brings the server back when it dies under us. */
function supervise(
  first: LivingServer,
  installation: Installation,
  clock: Clock,
  log: Log,
  onGivenUp: ((fault: Fault) => void) | undefined,
): Pick<EmbeddedPostgres, "pid" | "stop" | "leave"> {
  const stopping = new AbortController();
  const restartsAt: number[] = [];
  const stopped = new Promise<string>((resolve) => {
    stopping.signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  let server = first;

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      const how = await Promise.race([server.ended ?? untilGone(server.pid, stopping.signal), stopped]);
      if (stopping.signal.aborted) return;
      log.error({ pid: server.pid, how }, "PostgreSQL died and is started again");
      const now = clock.now().getTime();
      const recent = restartsAt.filter((at) => now - at < RESTARTS_WINDOW_MS).length;
      if (recent >= RESTARTS_MAX)
        throw embeddedFault(
          "keeps-dying",
          `PostgreSQL died ${recent + 1} times in ten minutes; see ${installation.place.log}.`,
        );
      restartsAt.push(now);
      await clock.sleep(RESTART_BACKOFF_MS * 2 ** recent, stopping.signal);
      server = await bringUp(installation, clock, log, server);
    }
  }

  const watching = watch().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const fault = inWords(error, installation.place.root);
    log.error({ error: fault.message }, "PostgreSQL stays down");
    onGivenUp?.(fault);
  });

  /** A restart that is under way is waited for, so that `server` is the one that lives. */
  async function leave(): Promise<void> {
    stopping.abort();
    await watching;
  }

  return {
    pid: () => server.pid,
    leave,
    async stop() {
      await leave();
      await stopPostmaster(installation.place.cluster, server.pid, clock);
      if (!server.socketDirectory.startsWith(installation.place.root))
        await rm(server.socketDirectory, { recursive: true, force: true });
    },
  };
}

/** A process that is not our child is only seen to be gone by looking; the timer does not keep Node running. */
function untilGone(pid: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isAlive(pid)) end("gone");
    }, WATCH_MS).unref();
    const end = (how: string) => {
      clearInterval(timer);
      resolve(how);
    };
    signal.addEventListener("abort", () => end("stopped"), { once: true });
  });
}
