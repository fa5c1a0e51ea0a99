import type { SourceKind } from "../../model/connections.ts";
import type { EditionIdentifier, KnownEdition } from "../../model/editions.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { sql } from "../sql.ts";

export interface EditionRow {
  edition: KnownEdition;
  name: string;
  /** Sites that have it now. */
  sites: number;
  /** Seats of it that are held now. */
  seats: number;
}

export function editionList(): ListSource<EditionRow, EditionRow, "size"> {
  return {
    sorts: { size: { by: sql`e.position`, type: "bigint" } },
    tie: { by: sql`e.id`, type: "text" },
    select: (page) => sql`
      select e.id as edition, e.name,
             (select count(*) from sites s where s.edition = e.id) as sites,
             (select count(*) from account_summaries a where a.edition = e.id and a.seat_id is not null) as seats,
             ${page.keys}
        from editions e
       where ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from editions`,
  };
}

export interface EditionIdentifierRow extends EditionIdentifier {
  /** Names of the sites that tell it now. */
  sites: string[];
  /** Seats that are held now, or were when they ended, under this identifier. */
  seats: number;
  endedSeats: number;
  decidedBy: string | null;
  decidedAt: Date | null;
}

export interface IdentifierFilters {
  /** Told by this site, or what a seat there stands under. */
  siteId?: string | null;
  /** The same of a site that it reaches. */
  connectionId?: string | null;
  state: "unrecognized" | "recognized" | null;
  source: SourceKind | null;
  /** Part of the identifier, whatever its case. */
  search: string | null;
}

const COLUMNS = sql`
  i.id, i.source, i.identifier, i.edition, i.origin, i.first_seen_at as "firstSeenAt",
  i.decided_by as "decidedBy", i.decided_at as "decidedAt",
  (select coalesce(array_agg(s.name order by lower(s.name), s.id), '{}')
     from sites s
    where s.source = i.source and lower(s.edition_identifier) = lower(i.identifier)) as sites,
  held.seats, held.ended as "endedSeats"`;

const SEATS_UNDER = sql`
  (select count(*) filter (where seat.ended_at is null) as seats,
          count(*) filter (where seat.ended_at is not null) as ended
     from sites s
     join seats seat on seat.site_id = s.id and lower(seat.edition_identifier) = lower(i.identifier)
    where s.source = i.source)`;

export function identifierList(
  filters: IdentifierFilters,
): ListSource<EditionIdentifierRow, EditionIdentifierRow, "identifier" | "firstSeenAt"> {
  const matching = sql`
    (${filters.state}::text is null or (i.edition is null) = (${filters.state}::text = 'unrecognized'))
    and (${filters.source}::text is null or i.source = ${filters.source}::text)
    and (${filters.siteId ?? null}::text is null and ${filters.connectionId ?? null}::text is null
         or exists (select
                      from sites told
                     where told.source = i.source
                       and (lower(told.edition_identifier) = lower(i.identifier)
                            or exists (select from seats held
                                        where held.site_id = told.id
                                          and lower(held.edition_identifier) = lower(i.identifier)))
                       and (${filters.siteId ?? null}::text is null or told.id = ${filters.siteId ?? null}::text)
                       and (${filters.connectionId ?? null}::text is null
                            or told.id in (select own.site_id from connection_sites own
                                            where own.connection_id = ${filters.connectionId ?? null}::text))))
    and (${filters.search}::text is null or position(lower(${filters.search}::text) in lower(i.identifier)) > 0)`;
  return {
    sorts: {
      identifier: { by: sql`lower(i.identifier) collate "C"`, type: "text" },
      firstSeenAt: { by: sql`i.first_seen_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`i.id`, type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from edition_identifiers i
       cross join lateral ${SEATS_UNDER} as held
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from edition_identifiers i where ${matching}`,
  };
}

export async function findEditionIdentifier(reader: Reader, id: string): Promise<EditionIdentifierRow | null> {
  const rows = await reader.query<EditionIdentifierRow>(sql`
    select ${COLUMNS}
      from edition_identifiers i
     cross join lateral ${SEATS_UNDER} as held
     where i.id = ${id}
  `);
  return rows[0] ?? null;
}

/** Waits for, then holds, the identifier until the transaction ends. */
export async function lockEditionIdentifier(tx: Tx, id: string): Promise<EditionIdentifier | null> {
  const rows = await tx.query<EditionIdentifier>(sql`
    select i.id, i.source, i.identifier, i.edition, i.origin, i.first_seen_at as "firstSeenAt"
      from edition_identifiers i
     where i.id = ${id}
       for update
  `);
  return rows[0] ?? null;
}

/** What a person says of an identifier; null: nobody knows which edition it is. */
export async function saveIdentifierEdition(
  tx: Tx,
  id: string,
  decision: { edition: KnownEdition | null; decidedBy: string; at: Date },
): Promise<void> {
  const { edition, decidedBy, at } = decision;
  await tx.execute(sql`
    update edition_identifiers
       set edition = ${edition}, origin = ${edition === null ? null : "person"}, decided_by = ${decidedBy},
           decided_at = ${at}
     where id = ${id}
  `);
}
