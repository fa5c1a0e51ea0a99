import type { ProductAccessDecision } from "../model/facts.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

export interface DecidedGroup {
  sourceId: string;
  decision: ProductAccessDecision;
  reason: string | null;
}

/** What was decided about groups of a site, by the source's own ids: also of groups that no run has read yet. */
export async function listDecidedGroups(reader: Reader, siteId: string): Promise<DecidedGroup[]> {
  return reader.query<DecidedGroup>(sql`
    select g.source_id as "sourceId", d.state as decision, d.reason
      from product_access_decisions d
      join groups g on g.site_id = d.site_id and g.id = d.group_id
     where d.site_id = ${siteId}
  `);
}

/** The id of a group of the site, which a run that reads it later takes up; it has no version until then. */
export async function ensureGroup(tx: Tx, siteId: string, sourceId: string, at: Date): Promise<string> {
  await tx.execute(sql`
    insert into groups (site_id, source_id, first_seen_at)
    values (${siteId}, ${sourceId}, ${at})
        on conflict (site_id, source_id) do nothing
  `);
  const [group] = await tx.query<{ id: string }>(sql`
    select id
      from groups
     where site_id = ${siteId}
       and source_id = ${sourceId}
  `);
  if (!group) throw new Error(`The group ${sourceId} was neither there nor inserted.`);
  return group.id;
}
