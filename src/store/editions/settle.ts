import type { Edition, SourceKind } from "../../model/connections.ts";
import type { Tx } from "../database.ts";
import { sql, type Sql } from "../sql.ts";

/**
 * The edition that a site's identifier stands for: what the list of identifiers says, else the source's own word (`told`),
 * which is `unrecognized` where the source does not know it either. Null: neither tells anything.
 */
export function editionSql(of: { source: Sql; identifier: Sql; told: Sql }): Sql {
  return sql`
    coalesce((select i.edition
                from edition_identifiers i
               where i.source = ${of.source} and lower(i.identifier) = lower(${of.identifier})), ${of.told})`;
}

/**
 * Writes down what a site calls its edition: the identifier, where it was never told before, and from when on the site
 * has it. What did not change is not written.
 */
export async function settleSiteEdition(tx: Tx, siteId: string, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into edition_identifiers (source, identifier, edition, origin, first_seen_at)
    select s.source, s.edition_identifier, nullif(s.edition, 'unrecognized'),
           case when s.edition <> 'unrecognized' then 'source' end, ${at}::timestamptz
      from sites s
     where s.id = ${siteId} and s.edition_identifier is not null
        on conflict (source, lower(identifier)) do update
       set first_seen_at = excluded.first_seen_at
     where edition_identifiers.first_seen_at is null
  `);
  // What was seen later than this was seen by somebody else meanwhile; a version cannot end before it begins.
  await tx.execute(sql`
    update site_edition_versions v
       set valid_to = ${at}
      from sites s
     where v.site_id = ${siteId} and s.id = v.site_id and v.valid_to is null and v.valid_from < ${at}
       and s.edition_identifier is not null and s.edition_identifier <> v.identifier
  `);
  await tx.execute(sql`
    insert into site_edition_versions (site_id, valid_from, identifier)
    select s.id, ${at}::timestamptz, s.edition_identifier
      from sites s
     where s.id = ${siteId} and s.edition_identifier is not null
       and not exists (select 1
                         from site_edition_versions v
                        where v.site_id = s.id and v.valid_to is null)
        on conflict do nothing
  `);
}

/** The sites that tell an identifier now. */
export async function listSitesTelling(
  tx: Tx,
  told: { source: SourceKind; identifier: string },
): Promise<{ siteId: string }[]> {
  return tx.query<{ siteId: string }>(sql`
    select id as "siteId"
      from sites
     where source = ${told.source} and lower(edition_identifier) = lower(${told.identifier})
     order by id
  `);
}

/**
 * Gives an edition to every site and every seat, also those that ended, that stand under an identifier. Gives how many
 * seats became another one.
 */
export async function applyEdition(
  tx: Tx,
  { source, identifier }: { source: SourceKind; identifier: string },
  edition: Edition,
): Promise<number> {
  await tx.execute(sql`
    update sites
       set edition = ${edition}
     where source = ${source} and lower(edition_identifier) = lower(${identifier})
  `);
  return tx.execute(sql`
    update seats
       set edition = ${edition}
      from sites s
     where s.source = ${source} and s.id = seats.site_id
       and lower(seats.edition_identifier) = lower(${identifier}) and seats.edition is distinct from ${edition}::text
  `);
}
