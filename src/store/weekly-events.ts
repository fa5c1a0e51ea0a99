import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** Weeks of the small picture beside a person. */
export const WEEKS = 13;

const WEEK_MS = 7 * 86_400_000;

/** What each of these people did in each of the last weeks of seven days, the oldest first; who did nothing has no entry. */
export async function countWeeklyEvents(
  reader: Reader,
  accounts: readonly { accountId: string; siteId: string; personId: string }[],
  now: Date,
): Promise<Map<string, number[]>> {
  if (accounts.length === 0) return new Map();
  const since = new Date(now.getTime() - WEEKS * WEEK_MS);
  const rows = await reader.query<{ personId: string; week: number; events: number }>(sql`
    select each.person_id as "personId",
           floor(extract(epoch from e.occurred_at - ${since}::timestamptz) / ${WEEK_MS / 1000}::integer)::integer as week,
           count(*) as events
      from unnest(${accounts.map(({ siteId }) => siteId)}::text[], ${accounts.map(({ accountId }) => accountId)}::text[],
                  ${accounts.map(({ personId }) => personId)}::text[]) as each (site_id, account_id, person_id)
      join activity_events e
        on e.site_id = each.site_id and e.account_id = each.account_id
       and e.occurred_at > ${since} and e.occurred_at <= ${now}
     group by 1, 2
  `);
  const weeks = new Map<string, number[]>();
  for (const { personId, week, events } of rows) {
    const theirs = weeks.get(personId) ?? Array.from({ length: WEEKS }, () => 0);
    // What happened this very moment belongs to the last week.
    const index = Math.min(Math.max(week, 0), WEEKS - 1);
    theirs[index] = (theirs[index] ?? 0) + events;
    weeks.set(personId, theirs);
  }
  return weeks;
}
