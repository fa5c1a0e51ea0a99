import type { Tx } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { keepRows, NOTHING, type MergeContext, type MergeResult } from "./incoming.ts";

/** A table of rows with `valid_from` and `valid_to`, of which one at most per identity has `valid_to is null`. */
export interface HistoryTable {
  name: string;
  /** Columns that tell whose history it is, after `site_id`. */
  identity: readonly string[];
  /** Columns that open a new row when they change; empty for edges, which only begin and end. */
  attributes: readonly string[];
}

/** A first sync fills empty tables: from so many rows on, the planner must hear of it before the next merge joins them. */
export const ROWS_TO_ANALYZE = 1000;

/**
 * Compares `next` (its columns are the identity and the attributes, one row per identity) with what holds now. What is
 * new gets a row from the observation instant on; what changed has its row closed there and another opened; what is
 * equal is not touched, so an unchanged directory writes nothing. What is missing from `next` is not this function's concern.
 */
export async function mergeHistory(
  tx: Tx,
  context: MergeContext,
  table: HistoryTable,
  next: Sql,
): Promise<MergeResult> {
  const { siteId, observedAt } = context;
  const names = [...table.identity, ...table.attributes];
  const columns = list(names, "");
  const same = rawSql(table.identity.map((each) => `held.${each} = proposed.${each}`).join(" and "));
  const differs = table.attributes.length
    ? sql`or (${list(table.attributes, "held.")}) is distinct from (${list(table.attributes, "proposed.")})`
    : rawSql("");
  const changes = rawSql(`changes_of_${table.name}`);
  const target = rawSql(table.name);

  const proposed = rawSql(`next_of_${table.name}`);
  await keepRows(tx, proposed.text, next);
  const count = await keepRows(
    tx,
    changes.text,
    sql`
      select ${list(names, "proposed.")}, held.valid_from as held_from
        from ${proposed} proposed
        left join ${target} held on held.site_id = ${siteId} and ${same} and held.valid_to is null
       where held.valid_from is null ${differs}
    `,
  );
  if (count === 0) return NOTHING;

  // A row that this very run opened is replaced: history has no interval within one observation.
  await tx.execute(sql`
    delete from ${target} held
     using ${changes} proposed
     where held.site_id = ${siteId} and ${same} and held.valid_from = ${observedAt}
  `);
  await tx.execute(sql`
    update ${target} held
       set valid_to = ${observedAt}
      from ${changes} proposed
     where held.site_id = ${siteId} and ${same} and held.valid_to is null
  `);
  await tx.execute(sql`
    insert into ${target} (site_id, ${columns}, valid_from)
    select ${siteId}, ${columns}, ${observedAt} from ${changes}
  `);
  if (count >= ROWS_TO_ANALYZE) await tx.execute(sql`analyze ${target}`);
  const [{ added, changed } = NOTHING] = await tx.query<MergeResult>(sql`
    select count(*) filter (where held_from is null) as added,
           count(*) filter (where held_from < ${observedAt}) as changed
      from ${changes}
  `);
  return { added, changed };
}

function list(columns: readonly string[], prefix: string): Sql {
  return rawSql(columns.map((each) => prefix + each).join(", "));
}
