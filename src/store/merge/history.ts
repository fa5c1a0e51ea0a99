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

/** A table is small until it has so many pages of 8 kB: whatever way the planner reads it is quick. */
const PAGES_TO_ANALYZE = 30;
/** The planner hears of a table again once it has grown by this share. */
const GROWTH_TO_ANALYZE = 0.5;

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
  const heldColumns = list(["valid_from", ...table.attributes], "held.");
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
        -- "offset" keeps it a look by index for each row: a batch of one space or group is small beside its table, which
        -- the planner would otherwise read as a whole each time.
        left join lateral (select ${heldColumns}
                             from ${target} held
                            where held.site_id = ${siteId} and ${same} and held.valid_to is null
                           offset 0) held on true
       where held.valid_from is null ${differs}
    `,
  );
  if (count === 0) return NOTHING;

  const [{ added, changed } = NOTHING] = await tx.query<MergeResult>(sql`
    select count(*) filter (where held_from is null) as added,
           count(*) filter (where held_from < ${observedAt}) as changed
      from ${changes}
  `);
  if (changed > 0) {
    await tx.execute(sql`
      update ${target} held
         set valid_to = ${observedAt}
        from ${changes} proposed
       where held.site_id = ${siteId} and ${same} and held.valid_to is null and held.valid_from < ${observedAt}
    `);
  }
  // A row that this very run opened is replaced: history has no interval within one observation.
  await tx.execute(sql`
    insert into ${target} (site_id, ${columns}, valid_from)
    select ${siteId}, ${columns}, ${observedAt} from ${changes}
        on conflict (site_id, ${list(table.identity, "")}, valid_from) do update
       set valid_to = null${rawSql(table.attributes.map((each) => `, ${each} = excluded.${each}`).join(""))}
  `);
  await analyzeGrown(tx, table.name);
  return { added, changed };
}

/**
 * Renews the planner's idea of a table that grew. A first sync fills empty tables: without it the next merge would look
 * up rows by the wrong index.
 */
export async function analyzeGrown(tx: Tx, table: string): Promise<void> {
  const [row] = await tx.query<{ hasGrown: boolean }>(sql`
    select pg_relation_size(oid) / 8192 > ${PAGES_TO_ANALYZE} + relpages * ${1 + GROWTH_TO_ANALYZE}::float8 as "hasGrown"
      from pg_class
     where oid = ${table}::regclass
  `);
  if (row?.hasGrown) await tx.execute(sql`analyze ${rawSql(table)}`);
}

function list(columns: readonly string[], prefix: string): Sql {
  return rawSql(columns.map((each) => prefix + each).join(", "));
}
