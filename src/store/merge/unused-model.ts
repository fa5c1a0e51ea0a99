import type { ListingKind } from "../../model/runs.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import type { MergeContext } from "./incoming.ts";

export type RightsKind = Extract<ListingKind, "space-permissions" | "role-assignments">;

const TABLES: Record<RightsKind, Sql> = {
  "space-permissions": rawSql("space_permissions"),
  "role-assignments": rawSql("role_assignments"),
};

/** Whether any right of this model holds on the site. */
export async function hasRights(reader: Reader, siteId: string, kind: RightsKind): Promise<boolean> {
  const rows = await reader.query(sql`
    select 1 from ${TABLES[kind]} where site_id = ${siteId} and valid_to is null limit 1
  `);
  return rows.length > 0;
}

/**
 * Closes at most `limit` rights of a model that the site no longer uses; gives how many. Called again until it gives
 * none, each time in a transaction of its own. What is known of a space that this run did not see stays as it is.
 */
export async function closeRightsOfModel(
  tx: Tx,
  { siteId, observedAt }: MergeContext,
  kind: RightsKind,
  limit: number,
): Promise<number> {
  const table = TABLES[kind];
  return tx.execute(sql`
    update ${table} set valid_to = ${observedAt}
     where ctid = any(array(
             select held.ctid
               from ${table} held
              where held.site_id = ${siteId} and held.valid_to is null and held.valid_from <= ${observedAt}
                and held.space_id not in (select subject from unseen where site_id = ${siteId} and kind = 'spaces')
              limit ${limit}))
  `);
}

/** A site without roles has no catalog of them; what was missed of rights that are closed waits for nothing any more. */
export async function forgetModel(tx: Tx, { siteId, observedAt }: MergeContext, kind: RightsKind): Promise<void> {
  await tx.execute(sql`delete from unseen where site_id = ${siteId} and kind = ${kind}`);
  if (kind === "space-permissions") return;
  await tx.execute(sql`delete from unseen where site_id = ${siteId} and kind = 'space-roles'`);
  await tx.execute(sql`
    update space_role_versions v set valid_to = ${observedAt}
     where v.site_id = ${siteId} and v.valid_to is null
       and not exists (select 1 from role_assignments a where a.site_id = v.site_id and a.valid_to is null)
  `);
}
