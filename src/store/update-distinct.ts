import type { Tx } from "./database.ts";
import { analyzeGrown } from "./merge/history.ts";
import { rawSql, sql } from "./sql.ts";

/**
 * Updates the rows of `table` that differ from those of `next` and inserts the ones that are missing; what is equal is not
 * touched. `on conflict` would lock every row, changed or not. All names are written in the code. What reads a table that the
 * first sync has just filled knows how large it is.
 */
export async function updateDistinct(
  tx: Tx,
  table: string,
  next: string,
  keys: string[],
  columns: string[],
): Promise<void> {
  const of = (alias: string, names: string[]) => names.map((name) => `${alias}.${name}`).join(", ");
  const same = rawSql(keys.map((key) => `s.${key} = n.${key}`).join(" and "));
  await tx.execute(sql`
    update ${rawSql(table)} s
       set (${rawSql(columns.join(", "))}) = row(${rawSql(of("n", columns))})
      from ${rawSql(next)} n
     where ${same} and (${rawSql(of("s", columns))}) is distinct from (${rawSql(of("n", columns))})
  `);
  // The keys are gathered first: looked up row by row, the rows just inserted would be walked over each time.
  await tx.execute(sql`
    with known as materialized (
      select ${rawSql(of("s", keys))}
        from ${rawSql(table)} s
        join ${rawSql(next)} n on ${same})
    insert into ${rawSql(table)} (${rawSql([...keys, ...columns].join(", "))})
    select ${rawSql(of("n", [...keys, ...columns]))}
      from ${rawSql(next)} n
     where not exists (select 1 from known s where ${same})
  `);
  await analyzeGrown(tx, table);
}
