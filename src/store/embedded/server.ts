import pg from "pg";
import { errorCode } from "./faults.ts";
import { PORT, ROLE } from "./settings.ts";

/** What `pg` needs to reach the server; the operating system vouches for the user, so there is no password. */
export interface PostgresConnection {
  /** The directory of the unix socket. */
  host: string;
  port: number;
  user: string;
  database: string;
}

export interface ServerAnswer {
  systemIdentifier: string;
  dataDirectory: string;
  version: string;
}

/** The socket is not there yet or any more; the server starts, recovers or stops (PostgreSQL, appendix A, 57P03). */
const NOT_YET = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "57P03", "57P01", "57P02"]);

const CONNECT_TIMEOUT_MS = 10_000;

/** Who the server behind a socket is, with the installation's database made in it; null while it takes nobody. */
export async function askServer(socketDirectory: string): Promise<ServerAnswer | null> {
  const client = new pg.Client({
    ...connectionTo(socketDirectory, "postgres"),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A server that stops while it is asked breaks the connection; the query tells.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<ServerAnswer & { hasDatabase: boolean }>(`
      select system_identifier::text as "systemIdentifier",
             current_setting('data_directory') as "dataDirectory",
             split_part(current_setting('server_version'), ' ', 1) as version,
             exists (select from pg_database where datname = '${ROLE}') as "hasDatabase"
        from pg_control_system()
    `);
    const { hasDatabase, ...answer } = rows[0]!;
    if (!hasDatabase) await createDatabase(client);
    return answer;
  } catch (error) {
    if (
      NOT_YET.has(errorCode(error)) ||
      (error instanceof Error && /Connection terminated|timeout expired/.test(error.message))
    )
      return null;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function connectionTo(socketDirectory: string, database = ROLE): PostgresConnection {
  return { host: socketDirectory, port: PORT, user: ROLE, database };
}

async function createDatabase(client: pg.Client): Promise<void> {
  try {
    await client.query(`create database ${ROLE}`);
  } catch (error) {
    // Somebody who asked at the same time made it: duplicate_database, or unique_violation on its name.
    if (!["42P04", "23505"].includes(errorCode(error))) throw error;
  }
}
