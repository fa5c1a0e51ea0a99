import type { Day } from "../../lib/day.ts";
import type { BillingPeriod } from "../../model/licenses.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface ReclaimedSeat {
  candidateId: string;
  siteId: string;
  accountId: string;
}

/**
 * Seats that were reclaimed since one billing event and before the next, and whose holder had none again until
 * then; in the order in which they went. What was counted already is left out.
 */
export async function listReclaimed(
  reader: Reader,
  siteIds: readonly string[],
  { since, before }: { since: Date; before: Date },
): Promise<ReclaimedSeat[]> {
  return reader.query<ReclaimedSeat>(sql`
    with taken as (
      select c.id, c.site_id, c.account_id, max(step.at) as at
        from candidates c
        join candidate_steps step on step.candidate_id = c.id and step.to_state = 'reclaimed'
       where c.site_id = any (${siteIds as string[]}) and c.state = 'reclaimed'
       group by c.id, c.site_id, c.account_id)
    select taken.id as "candidateId", taken.site_id as "siteId", taken.account_id as "accountId"
      from taken
     where taken.at >= ${since} and taken.at < ${before}
       and not exists (select 1 from license_savings g where g.candidate_id = taken.id)
       and not exists (select 1
                         from seats s
                        where s.site_id = taken.site_id and s.account_id = taken.account_id
                          and s.started_at <= ${before}
                          and (s.started_at > taken.at or s.ended_at is null or s.ended_at > ${before}))
     order by taken.at, taken.id
  `);
}

export interface NewSaving extends ReclaimedSeat {
  licenseId: string;
  eventOn: Day;
  savedMinor: number;
  currency: string;
  period: BillingPeriod;
}

/** Counts each reclaimed seat once, whatever is asked again. */
export async function insertSavings(tx: Tx, savings: readonly NewSaving[], at: Date): Promise<number> {
  return tx.execute(sql`
    insert into license_savings (candidate_id, license_id, site_id, account_id, event_on, saved_minor, currency, period,
                                 counted_at)
    select g."candidateId", g."licenseId", g."siteId", g."accountId", g."eventOn", g."savedMinor", g.currency, g.period,
           ${at}
      from jsonb_to_recordset(${JSON.stringify(savings)}::jsonb) as g (
             "candidateId" text, "licenseId" text, "siteId" text, "accountId" text, "eventOn" date,
             "savedMinor" bigint, currency text, period text)
        on conflict (candidate_id) do nothing
  `);
}

/** What reclaimed seats took off the bills of each license so far, in the currency that it is billed in. */
export async function sumSavings(reader: Reader, licenseIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await reader.query<{ licenseId: string; savedMinor: number }>(sql`
    select g.license_id as "licenseId", sum(g.saved_minor)::bigint as "savedMinor"
      from license_savings g
      join licenses l on l.id = g.license_id and l.currency = g.currency
     where g.license_id = any (${licenseIds as string[]})
     group by g.license_id
  `);
  return new Map(rows.map(({ licenseId, savedMinor }) => [licenseId, savedMinor]));
}
