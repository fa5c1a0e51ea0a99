import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer as createProbe } from "node:net";
import { hostname } from "node:os";
import { createSetupToken, ensureFirstToken } from "./commands/tokens/create-first-token.ts";
import { createRunSignals } from "./http/run-signals.ts";
import { createServer } from "./http/server.ts";
import { startJobs } from "./jobs/jobs.ts";
import { systemClock } from "./lib/clock.ts";
import { Fault } from "./lib/errors.ts";
import { readKeyFile } from "./lib/key-file.ts";
import type { Log } from "./lib/log.ts";
import { createSecretBox } from "./lib/secret-box.ts";
import type { Settings } from "./lib/settings.ts";
import { hostsFromEnvironment } from "./sources/atlassian/hosts.ts";
import { createSources } from "./sources/index.ts";
import { openDatabase } from "./store/database.ts";
import { claimInstallation } from "./store/embedded/claim.ts";
import { startEmbeddedPostgres } from "./store/embedded/supervisor.ts";
import { migrate } from "./store/migrate.ts";
import { afterRun } from "./sync/after-run.ts";
import { createConnectService } from "./sync/connect/service.ts";
import { openRunSite } from "./sync/connect/open-run-site.ts";
import { executeRun } from "./sync/run.ts";

export interface StartOptions {
  settings: Settings;
  log: Log;
  /** Where Atlassian answers is read from it; the process's own when left out. */
  environment?: Record<string, string | undefined>;
  /** How Atlassian is called; a bench records with it. */
  fetch?: typeof fetch;
  /** Make another token for the service account `setup`, though there are some. */
  newToken?: boolean;
  /** The database is gone for good, or another Usher took the installation: this process must end. */
  onFatal?(fault: Fault): void;
}

export interface Usher {
  /** Where browsers reach it. */
  url: string;
  apiUrl: string;
  /** Told once, at the first start of an installation or when it was asked for; null otherwise. */
  firstToken: string | null;
  dataDir: string;
  databaseKind: "embedded" | "postgresql";
  /** Lets requests under way end and runs save where they are, then closes the database. */
  stop(): Promise<void>;
}

/** Wires one Usher and starts it. What was started is stopped again when a later step fails. */
export async function startUsher(options: StartOptions): Promise<Usher> {
  const { settings, log } = options;
  const clock = systemClock;
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of started.splice(0).toReversed()) await each();
  };
  const fatal = options.onFatal ?? ((fault: Fault) => log.error({ code: fault.code, error: fault.message }, "ended"));

  try {
    const database = await startDatabase(settings, log, fatal);
    started.push(database.stop);
    await migrate(database.connection);
    const db = openDatabase(database.connection, { clock, log });
    started.push(() => db.close());
    const secrets = createSecretBox(await readKeyFile(settings.keysFile));

    const port = settings.port === 0 ? await findFreePort(settings.host) : settings.port;
    const url = settings.publicUrl ?? `http://localhost:${port}`;
    const hosts = hostsFromEnvironment(options.environment ?? process.env);
    const sources = createSources({ hosts, fetch: options.fetch });
    const holder = `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`;
    const { service: connect, keeper } = createConnectService({ db, clock, log, secrets, sources, publicUrl: url });

    const runSignals = await createRunSignals(db);
    started.push(() => runSignals.close());
    const installation = {
      version: await readVersion(),
      database: settings.databaseUrl === null ? ("embedded" as const) : ("external" as const),
      startedAt: clock.now(),
    };
    const server = await createServer({ db, clock, log, secrets, services: { installation, runSignals, connect } });
    started.push(() => server.close());

    const openSite = openRunSite({ db, clock, log, sources, keeper });
    const jobs = await startJobs({
      db,
      clock,
      log,
      secrets,
      holder,
      connection: database.connection,
      executeRun: (runId, signal) =>
        executeRun(
          { db, clock, log, holder, openSite, afterRun: (parts, run) => afterRun(parts.db, run) },
          runId,
          signal,
        ),
    });
    started.push(() => jobs.close());
    await listen(server, settings.host, port);
    // Last of all: it can be told once only, so a start that fails, on a port in use perhaps, must not have made it.
    const firstToken = await (options.newToken ? createSetupToken({ db, clock }) : ensureFirstToken({ db, clock }));
    log.info({ url, database: installation.database }, "Usher is ready");
    return {
      url,
      apiUrl: `${url}/api/v1`,
      firstToken,
      dataDir: settings.dataDir,
      databaseKind: settings.databaseUrl === null ? "embedded" : "postgresql",
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDatabase(settings: Settings, log: Log, fatal: (fault: Fault) => void) {
  if (settings.databaseUrl !== null) {
    return { connection: { connectionString: settings.databaseUrl }, stop: async () => {} };
  }
  const postgres = await startEmbeddedPostgres({ dataDir: settings.dataDir, log, onGivenUp: fatal });
  const claim = await claimInstallation(postgres.connection, {
    log,
    onLost: () => fatal(alreadyRunning(settings.dataDir)),
  });
  if (!claim.ok) {
    await postgres.leave();
    throw alreadyRunning(settings.dataDir);
  }
  return {
    connection: postgres.connection,
    async stop() {
      await claim.value();
      await postgres.stop();
    },
  };
}

function alreadyRunning(dataDir: string): Fault {
  return new Fault(`Another Usher runs on ${dataDir}.`, {
    code: "usher.already-running",
    publicMessage:
      `Another Usher already runs on the data in ${dataDir}. Use that one, stop it first, ` +
      "or give this one other data with USHER_DATA.",
  });
}

async function listen(server: Awaited<ReturnType<typeof createServer>>, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Fault(`${host}:${port} is in use.`, {
      code: "usher.port-in-use",
      publicMessage: `Port ${port} of ${host} is in use by another program. Choose another with USHER_PORT.`,
      cause: error,
    });
  }
}

/** The address is part of the redirect URL, so it is known before anything is wired. */
function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createProbe();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
