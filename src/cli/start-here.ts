import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { StartOptions, Usher } from "../app.ts";
import { createLog } from "../lib/log.ts";
import type { Settings } from "../lib/settings.ts";
import type { Cli } from "./cli.ts";

/** Usher running in this process. */
export interface Started extends Usher {
  /** Null where the log goes to standard error. */
  logFile: string | null;
  /** Rejects when Usher cannot go on: the database is gone for good, or another Usher took the installation. */
  broken: Promise<never>;
}

/**
 * Starts Usher in this process. Somebody at a terminal gets a quiet screen and the log in a file; anything else, such
 * as a service manager, gets the log as JSON lines on standard error. `quiet` writes the file whoever looks.
 */
export async function startHere(
  settings: Settings,
  { stderr, environment }: Pick<Cli, "stderr" | "environment">,
  options: { quiet: boolean } & Pick<StartOptions, "newToken" | "signInAs" | "worker" | "forgetCredentials">,
): Promise<Started> {
  const logFile = stderr.isTty || options.quiet ? await makeLogFile(settings.dataDir) : null;
  const log = createLog({ level: settings.logLevel, file: logFile ?? undefined });
  const fatal = Promise.withResolvers<never>();
  // Whoever waits for it hears of it; one that nobody waits for yet is no unhandled rejection.
  fatal.promise.catch(() => {});
  // Loaded only here: no other command pays for the server's modules.
  const { startUsher } = await import("../app.ts");
  const usher = await startUsher({
    settings,
    log,
    environment,
    newToken: options.newToken,
    signInAs: options.signInAs,
    worker: options.worker,
    forgetCredentials: options.forgetCredentials,
    onFatal: fatal.reject,
  });
  return { ...usher, logFile, broken: fatal.promise };
}

/** Only this user may list the data; started by root, PostgreSQL's own user must be able to pass through. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}

async function makeLogFile(dataDir: string): Promise<string> {
  await makeDataDir(dataDir);
  return join(dataDir, "usher.log");
}

/** Until the first Ctrl-C, or until a service manager asks to end. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A server that only listens may be kept alive by nothing else than this.
    const keepAlive = setInterval(() => {}, 60_000);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(keepAlive);
        resolve();
      },
      { once: true },
    );
  });
}
