import type { Tx } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** What every merge is told. */
export interface MergeContext {
  siteId: string;
  runId: string;
  /** The run's one observation instant. */
  observedAt: Date;
  /**
   * True when this run does not read the organization's directory and what it told last is stale: its word about an
   * account then outranks no other, so that who is deactivated or suspended does not stay what it was for ever.
   */
  isDirectoryLost?: boolean;
  /**
   * True of a run that does not look at everything: what an earlier one held back goes on waiting for a person as a whole,
   * and is not closed part by part as too little to be held.
   */
  leavesHeld?: boolean;
}

export interface MergeResult {
  added: number;
  changed: number;
}

export const NOTHING: MergeResult = { added: 0, changed: 0 };

export function sumOf(results: readonly MergeResult[]): MergeResult {
  return results.reduce(
    (sum, each) => ({ added: sum.added + each.added, changed: sum.changed + each.changed }),
    NOTHING,
  );
}

/** Rows of complete listings, as a query of one jsonb column `data`. */
export type Incoming = Sql;

/** Straight from the response: listings of one page are never staged. */
export function directRows(rows: readonly object[]): Incoming {
  return sql`select data from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as each(data)`;
}

export function stagedRows(runId: string, keys: readonly string[]): Incoming {
  return sql`select data from staged_rows where run_id = ${runId} and listing_key = any(${keys})`;
}

/** Fewer rows than these the planner judges well enough by the size of their table. */
const ROWS_TO_ANALYZE = 500;

/**
 * Puts a query's rows into a temporary table and counts them for the planner: without statistics it would take a set of
 * 20,000 rows for one of a hundred and choose nested loops.
 */
export async function keepRows(tx: Tx, name: string, query: Sql): Promise<number> {
  const rows = await tx.execute(sql`create temporary table ${rawSql(name)} on commit drop as ${query}`);
  if (rows >= ROWS_TO_ANALYZE) await tx.execute(rawSql(`analyze ${name}`));
  return rows;
}
