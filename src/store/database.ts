import pg from "pg";
import type { Clock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { appendJournal, type JournalDraft } from "./journal.ts";
import type { Sql } from "./sql.ts";

/** Reads. A function that takes a `Reader` promises not to write; the type `Tx` is what writing asks for. */
export interface Reader {
  query<Row>(statement: Sql): Promise<Row[]>;
}

declare const inTransaction: unique symbol;

/** Only `transaction()` makes one, so a write outside a transaction does not compile. */
export interface Tx extends Reader {
  readonly [inTransaction]: true;
  /** Runs a statement and tells how many rows it touched. */
  execute(statement: Sql): Promise<number>;
  /** Keeps an entry for the journal; it is appended as the last thing before commit. */
  record(draft: JournalDraft): void;
}

export interface Database extends Reader {
  /** Commits what `work` wrote and its journal entries together, or nothing at all. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Several reads that see one moment. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** What `work` yields while it reads one moment, which ends with it. */
  streamSnapshot<Value>(work: (reader: Reader) => AsyncGenerator<Value>): AsyncGenerator<Value>;
  /** Rows of a large answer in batches, never all in memory. Sees one moment. */
  stream<Row>(statement: Sql, batchRows?: number): AsyncGenerator<Row[]>;
  /** Calls `hear` for each NOTIFY on `channel` until the returned function is called; reconnects by itself. */
  listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * Calls `lost` once when the server went away, however soon it is back: what was committed as repeatable may be gone.
   * Keeps a connection open for it until the returned function is called.
   */
  watch(lost: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /**
   * Does not wait for the disk: when PostgreSQL dies, the last half second of such transactions may be gone, each whole
   * and in order. Only for what is read again from where it then stands, by whoever `watch`es; never for what a person or
   * a source was told.
   */
  isRepeatable?: boolean;
}

export interface DatabaseOptions {
  clock: Clock;
  log: Log;
  /** Most connections at once. */
  connectionsMax?: number;
}

/** PostgreSQL's bigint fits a JavaScript number up to 2^53; no count of ours comes near. */
const INT8 = 20;
const types = { getTypeParser: parserFor } as pg.CustomTypesConfig;

function parserFor(oid: number, format?: "text" | "binary") {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as "text");
}

export function openDatabase(connection: pg.PoolConfig, options: DatabaseOptions): Database {
  const { clock, log } = options;
  const pool = new pg.Pool({ max: options.connectionsMax ?? 10, ...connection, types });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ error: error.message }, "an idle database connection broke"));

  async function inClient<T>(begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await connected(pool);
    let broken: Error | undefined;
    const notice = (error: Error) => {
      broken = error;
    };
    client.on("error", notice);
    try {
      await begun(client, begin);
      const value = await work(client);
      await run(client, { text: "commit", values: [] });
      return value;
    } catch (error) {
      await client.query("rollback").catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.off("error", notice);
      client.release(broken);
    }
  }

  return {
    query: (statement) => rowsOf(pool, statement),
    transaction: (work, { isRepeatable = false } = {}) =>
      inClient(isRepeatable ? "begin; set local synchronous_commit = off" : "begin", async (client) => {
        const drafts: JournalDraft[] = [];
        const tx = {
          query: <Row>(statement: Sql) => rowsOf<Row>(client, statement),
          execute: async (statement: Sql) => (await run(client, statement)).rowCount ?? 0,
          record: (draft: JournalDraft) => void drafts.push(draft),
        } as unknown as Tx;
        const value = await work(tx);
        if (drafts.length > 0) await appendJournal(tx, drafts, clock.now());
        return value;
      }),
    snapshot: (work) =>
      inClient("begin isolation level repeatable read read only", (client) =>
        work({ query: (statement) => rowsOf(client, statement) }),
      ),
    async *streamSnapshot<Value>(work: (reader: Reader) => AsyncGenerator<Value>) {
      const client = await connected(pool);
      let isWhole = false;
      try {
        await client.query("begin isolation level repeatable read read only");
        yield* work({ query: (statement) => rowsOf(client, statement) });
        await client.query("commit");
        isWhole = true;
      } finally {
        // Whoever stops half-way leaves the transaction open: such a connection is not used again.
        client.release(!isWhole);
      }
    },
    async *stream<Row>(statement: Sql, batchRows = 2000) {
      const client = await connected(pool);
      let broken: Error | undefined;
      try {
        await client.query("begin isolation level repeatable read read only");
        await client.query(`declare rows_to_stream no scroll cursor for ${statement.text}`, [...statement.values]);
        for (;;) {
          const { rows } = await client.query(`fetch ${batchRows} from rows_to_stream`);
          if (rows.length > 0) yield rows as Row[];
          if (rows.length < batchRows) break;
        }
        await client.query("commit");
      } catch (error) {
        broken = error instanceof Error ? error : new Error(messageOf(error));
        throw error;
      } finally {
        // A reader that stops half-way leaves the transaction open: such a connection is not used again.
        client.release(broken ?? true);
      }
    },
    listen: (channel, hear) => listen(connection, channel, hear, options),
    watch: (lost) => watch(connection, lost),
    close: () => pool.end(),
  };
}

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw cause instanceof Error ? new StoreFailure(cause, "connect") : cause;
  }
}

/** Without parameters, so that several statements may go in one round trip. */
async function begun(client: pg.PoolClient, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (cause) {
    throw cause instanceof Error ? new StoreFailure(cause, text) : cause;
  }
}

async function rowsOf<Row>(client: pg.Pool | pg.PoolClient, statement: Sql): Promise<Row[]> {
  return (await run(client, statement)).rows as Row[];
}

async function run(client: pg.Pool | pg.PoolClient, statement: Sql): Promise<pg.QueryResult> {
  try {
    return await client.query(statement.text, [...statement.values]);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    // pg's own stack ends in its socket handler; this one names the statement that failed.
    throw new StoreFailure(cause, statement.text);
  }
}

/** Every SQLSTATE has a digit, which tells them from the system's own codes: EPIPE is five characters long, too. */
const SQL_STATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** PostgreSQL, appendix A: connection exceptions, and the shutdown, crash or start of the server. */
const AWAY = /^(08|57P0[123])/;

/** A statement that PostgreSQL refused, or that could not be sent. */
export class StoreFailure extends Fault {
  /** PostgreSQL's SQLSTATE: `23505` is a unique violation. Null when the server did not answer. */
  readonly sqlState: string | null;
  /** The server did not answer, broke off or is going down: the same may succeed once it is back. */
  readonly isAway: boolean;
  readonly constraint: string | null;

  constructor(cause: Error & { code?: string; constraint?: string }, text: string) {
    super(`${cause.message} (in: ${text.replaceAll(/\s+/g, " ").trim().slice(0, 300)})`, {
      code: "store.failed",
      publicMessage: "The database refused or did not answer. Nothing of this request was saved; try again.",
      cause,
    });
    this.sqlState = cause.code && SQL_STATE.test(cause.code) ? cause.code : null;
    this.isAway = this.sqlState === null || AWAY.test(this.sqlState);
    this.constraint = cause.constraint ?? null;
  }
}

/** Named so that whoever looks at the server's sessions knows what an idle one is for. */
export const WATCH_NAME = "usher watch";

async function watch(connection: pg.PoolConfig, lost: () => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ ...connection, application_name: WATCH_NAME });
  let isOver = false;
  const over = () => {
    if (!isOver) lost();
    isOver = true;
  };
  client.on("error", over);
  client.on("end", over);
  try {
    await client.connect();
  } catch (cause) {
    isOver = true;
    throw cause instanceof Error ? new StoreFailure(cause, "connect") : cause;
  }
  return async () => {
    isOver = true;
    // One that broke has nothing left to end.
    await client.end().catch(() => undefined);
  };
}

/** Reconnects after this many milliseconds; what was notified meanwhile is lost, so listeners also poll. */
const RECONNECT_MS = 1000;

async function listen(
  connection: pg.PoolConfig,
  channel: string,
  hear: (payload: string) => void,
  { clock, log }: DatabaseOptions,
): Promise<() => Promise<void>> {
  const stop = new AbortController();
  let client: pg.Client | null = null;

  async function connect(): Promise<void> {
    const fresh = new pg.Client(connection);
    fresh.on("notification", (message) => hear(message.payload ?? ""));
    fresh.on("error", (error) => log.warn({ error: error.message, channel }, "a listening connection broke"));
    fresh.on("end", () => {
      if (!stop.signal.aborted) void reconnect();
    });
    await fresh.connect();
    await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = fresh;
  }

  async function reconnect(): Promise<void> {
    try {
      await clock.sleep(RECONNECT_MS, stop.signal);
      await connect();
    } catch (error) {
      if (!stop.signal.aborted) {
        log.warn({ error: messageOf(error), channel }, "cannot listen yet");
        void reconnect();
      }
    }
  }

  await connect();
  return async () => {
    stop.abort();
    await client?.end();
  };
}
