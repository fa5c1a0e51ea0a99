import type { QuotaReport, QuotaState } from "../model/quotas.ts";
import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** A process that says nothing for this long needs no room any more. */
const SLOTS_SECONDS = 15;

/** Adds the reports of one process to what is known, and gives what all know now. Touches the rows in one order. */
export async function exchangeQuotas(tx: Tx, holder: string, reports: readonly QuotaReport[]): Promise<QuotaState[]> {
  const told = JSON.stringify(reports.toSorted((one, other) => (one.quota < other.quota ? -1 : 1)));
  await addReports(tx, told);
  await raisePoints(tx, told);
  await keepSlots(tx, holder, told);
  return readQuotas(tx, holder, told);
}

async function addReports(tx: Tx, told: string): Promise<void> {
  await tx.execute(sql`
    insert into quotas as known (key, hour_at, points, blocked_until, blocked_by, updated_at)
    select quota, "hourAt", points, "blockedUntil", "blockedBy", clock_timestamp()
      from jsonb_to_recordset(${told}::jsonb)
           as told(quota text, "hourAt" timestamptz, points bigint, "blockedUntil" timestamptz, "blockedBy" text)
        on conflict (key) do update
       set points = case when excluded.hour_at > known.hour_at then excluded.points
                         when excluded.hour_at = known.hour_at then known.points + excluded.points
                         else known.points
                    end,
           hour_at = greatest(known.hour_at, excluded.hour_at),
           blocked_until = greatest(known.blocked_until, excluded.blocked_until),
           blocked_by = case when excluded.blocked_until >= coalesce(known.blocked_until, excluded.blocked_until)
                             then excluded.blocked_by
                             else known.blocked_by
                        end,
           updated_at = excluded.updated_at
  `);
}

/** What a header said counts for all: others outside of this installation may draw on the same quota. */
async function raisePoints(tx: Tx, told: string): Promise<void> {
  await tx.execute(sql`
    update quotas
       set points = told."pointsMin"
      from jsonb_to_recordset(${told}::jsonb) as told(quota text, "hourAt" timestamptz, "pointsMin" bigint)
     where key = told.quota and hour_at = told."hourAt" and points < told."pointsMin"
  `);
}

async function keepSlots(tx: Tx, holder: string, told: string): Promise<void> {
  await tx.execute(sql`
    insert into quota_slots (quota_key, holder, slots, until)
    select quota, ${holder}, slots, clock_timestamp() + make_interval(secs => ${SLOTS_SECONDS})
      from jsonb_to_recordset(${told}::jsonb) as told(quota text, slots integer)
     where slots > 0
        on conflict (quota_key, holder) do update set slots = excluded.slots, until = excluded.until
  `);
}

async function readQuotas(tx: Tx, holder: string, told: string): Promise<QuotaState[]> {
  return tx.query<QuotaState>(sql`
    select q.key as quota, q.hour_at as "hourAt", q.points, q.blocked_until as "blockedUntil",
           q.blocked_by as "blockedBy",
           (select coalesce(sum(s.slots), 0)
              from quota_slots s
             where s.quota_key = q.key and s.holder <> ${holder} and s.until >= clock_timestamp()) as "othersSlots"
      from quotas q
     where q.key in (select quota from jsonb_to_recordset(${told}::jsonb) as told(quota text))
  `);
}

/** Housekeeping: quotas that nobody drew on since `before`; their slots go with them. */
export async function deleteQuotas(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from quotas where updated_at < ${before}`);
}
