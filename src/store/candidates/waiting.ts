import type { CandidateState } from "../../model/reclamation.ts";
import type { Reader } from "../database.ts";
import { isExcludedSql } from "../exclusions/hits.ts";
import { rawSql, sql } from "../sql.ts";

/**
 * Whether the jobs move `candidates c` on: its rule is active, or a person wants it whatever its rule. Of a rule that is
 * paused or only reports, what was begun stands still; answers still count.
 */
export const GOING = rawSql(`
  (c.rule_id is null or c.proposed_by is not null
   or exists (select from reclamation_rules r where r.id = c.rule_id and r.status = 'active' and r.ended_at is null))`);

/** Most of a kind that one execution of a job works off; the next one, minutes later, goes on. */
const BATCH = 500;

export interface CandidateToAsk {
  id: string;
  siteId: string;
  accountSourceId: string;
  lastUsedAt: Date | null;
}

/**
 * Whom to ask now, those found first before others, within the limits of each rule on how many seats it takes: more
 * answers than can be acted on would only wait. What was proposed by hand counts as one rule more.
 */
export async function listToAsk(reader: Reader, at: Date): Promise<CandidateToAsk[]> {
  const dayAgo = new Date(at.getTime() - 86_400_000);
  return reader.query<CandidateToAsk>(sql`
    with asked as (
      select rule_id, count(*) as count from candidates where asked_at > ${dayAgo} group by rule_id),
    waiting as (
      select c.id, c.site_id, c.account_id, c.last_used_at, c.detected_at,
             row_number() over (partition by c.rule_id order by c.detected_at, c.id) as position,
             least((c.settings -> 'limits' ->> 'perRun')::integer,
                   (c.settings -> 'limits' ->> 'perDay')::integer
                   - coalesce((select a.count from asked a where a.rule_id is not distinct from c.rule_id), 0)) as room
        from candidates c
       where c.state = 'ready' and c.closed_at is null and ${GOING})
    select w.id, w.site_id as "siteId", a.source_id as "accountSourceId", w.last_used_at as "lastUsedAt"
      from waiting w
      join accounts a on a.site_id = w.site_id and a.id = w.account_id
     where w.position <= w.room
     order by w.site_id, w.detected_at, w.id
     limit ${BATCH}
  `);
}

/** Candidates whose wait for an answer or a decision is over. */
export async function listOverdue(
  reader: Reader,
  state: Extract<CandidateState, "asking" | "deciding">,
  at: Date,
): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select c.id
      from candidates c
     where c.closed_at is null and c.due_at <= ${at} and c.state = ${state} and ${GOING}
     order by c.due_at, c.id
     limit ${BATCH}
  `);
  return rows.map(({ id }) => id);
}

/** Candidates whose holder may have to be reminded: fewer reminders went out than days for one have come. */
export async function listToRemind(reader: Reader, at: Date): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select c.id
      from candidates c
     where c.closed_at is null and c.state = 'asking' and c.due_at > ${at} and ${GOING}
       and c.reminders_sent < (
             select count(*)
               from jsonb_array_elements_text(c.settings -> 'checkIn' -> 'reminderDays') day
              where c.due_at - make_interval(days => day::integer) > c.asked_at
                and c.due_at - make_interval(days => day::integer) <= ${at})
     order by c.due_at, c.id
     limit ${BATCH}
  `);
  return rows.map(({ id }) => id);
}

/** Seats that were taken a short while ago and whose holder was not told yet. */
export async function listUntold(reader: Reader, at: Date): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select c.id
      from candidates c
      join accounts a on a.site_id = c.site_id and a.id = c.account_id
      left join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
      left join person_summaries p on p.person_id = a.person_id
     where c.state = 'reclaimed' and c.closed_at > ${new Date(at.getTime() - TELL_DAYS * 86_400_000)} and c.due_at > ${at}
       and coalesce(s.email, p.email) is not null
       and not ${isExcludedSql(rawSql("c"), "no-notify", at)}
       and not exists (select from messages m where m.subject_id = c.id and m.kind = 'seat-reclaimed')
     order by c.closed_at, c.id
     limit ${BATCH}
  `);
  return rows.map(({ id }) => id);
}

/** Who was not told within this many days, because nothing could be sent, is not told any more. */
const TELL_DAYS = 7;
