import type pg from "pg";
import { Fault } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Settings } from "../lib/settings.ts";
import { claimInstallation } from "./embedded/claim.ts";
import { startEmbeddedPostgres } from "./embedded/supervisor.ts";

export interface StartedDatabase {
  connection: pg.PoolConfig;
  stop(): Promise<void>;
}

/** The database of these settings: one's own as it is, or the embedded one, started and claimed for this process. */
export async function startDatabase(
  settings: Pick<Settings, "databaseUrl" | "dataDir">,
  log: Log,
  fatal: (fault: Fault) => void,
): Promise<StartedDatabase> {
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

/** As `startDatabase`, for a restore: also a database of one's own is claimed, so that two of them do not meet. */
export async function startDatabaseAlone(
  settings: Pick<Settings, "databaseUrl" | "dataDir">,
  log: Log,
  fatal: (fault: Fault) => void,
): Promise<StartedDatabase> {
  const database = await startDatabase(settings, log, fatal);
  if (settings.databaseUrl === null) return database;
  const claim = await claimInstallation(database.connection, { log });
  if (claim.ok) return { connection: database.connection, stop: claim.value };
  throw new Fault("Another restore runs on the database of DATABASE_URL.", {
    code: "restore.under-way",
    publicMessage: "Another restore into this database is under way. Wait until it has ended.",
  });
}
