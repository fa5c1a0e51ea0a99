import type { Edition } from "../model/connections.ts";
import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

export interface SeatChanges {
  opened: number;
  ended: number;
}

/** From so many changes on, the planner's idea of the table is worth renewing before it is joined. */
const SEATS_TO_ANALYZE = 1000;

/**
 * Opens and ends seats of a site so that exactly the accounts that `summary_accounts` (see summaries.ts) calls licensed,
 * through a group that nobody dropped, hold one. A seat that ends says what its account had become; `licensed` there means
 * that a person dropped every group that gives it. Nothing is deleted: who loses a seat and gets one again has two. When nothing changed, nothing is written.
 */
export async function settleSeats(
  tx: Tx,
  { siteId, asOf, edition }: { siteId: string; asOf: Date; edition: Edition | null },
): Promise<SeatChanges> {
  const ended = await tx.execute(sql`
    update seats s
       set ended_at = ${asOf},
           end_reason = coalesce((select a.account_class
                                    from summary_accounts a
                                   where a.account_id = s.account_id), 'account-gone')
     where s.site_id = ${siteId} and s.ended_at is null
       and not exists (select 1
                         from summary_accounts a
                        where a.account_id = s.account_id and a.account_class = 'licensed' and a.holds_seat)
  `);
  // When the account came to the directory says when it got its seat only if we never knew it without one. What is known
  // of seats is gathered first: looked up row by row, the rows just inserted would be walked over each time.
  const opened = await tx.execute(sql`
    with known as materialized (
      select account_id, bool_or(ended_at is null) as is_held
        from seats
       where site_id = ${siteId}
       group by account_id)
    insert into seats (site_id, account_id, edition, edition_identifier, since, since_origin, started_at)
    select ${siteId}, a.account_id, ${edition}, (select s.edition_identifier from sites s where s.id = ${siteId}),
           case when a.is_new then coalesce(a.added_at, ${asOf}::timestamptz) else ${asOf}::timestamptz end,
           case when a.is_new and a.added_at is not null then 'organization' else 'first-seen' end,
           ${asOf}
      from (select n.account_id, n.added_at,
                   n.first_seen_at >= ${asOf}::timestamptz and k.account_id is null as is_new
              from summary_accounts n
              left join known k on k.account_id = n.account_id
             where n.account_class = 'licensed' and n.holds_seat and k.is_held is not true) as a
  `);
  if (opened + ended > SEATS_TO_ANALYZE) await tx.execute(sql`analyze seats`);
  await tx.execute(sql`
    update seats
       set edition = ${edition}, edition_identifier = s.edition_identifier
      from sites s
     where seats.site_id = ${siteId} and s.id = ${siteId} and seats.ended_at is null
       and (seats.edition, seats.edition_identifier) is distinct from (${edition}::text, s.edition_identifier)
  `);
  // An organization key that came later tells the true date of seats that were there from the first sight on.
  await tx.execute(sql`
    update seats s
       set since = a.added_at, since_origin = 'organization'
      from summary_accounts a
     where s.site_id = ${siteId} and s.account_id = a.account_id and s.ended_at is null
       and s.since_origin = 'first-seen' and s.started_at <= a.first_seen_at and a.added_at < s.since
  `);
  return { opened, ended };
}
