import type { Candidate, Hindrance } from "../../model/candidates.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

export type ScheduledCandidate = Pick<Candidate, "id" | "siteId" | "accountId" | "ruleId" | "lacksEvidence" | "answer">;

/** Scheduled seats whose time has come, and that no plan has under way. */
const DUE = rawSql(`
  c.state = 'scheduled' and c.closed_at is null
  and not exists (select from plans p where p.id = c.plan_id and p.state in ('ready', 'applying'))`);

/** Most of one rule that are looked at in one go. */
const RULE_ROWS = 1000;

/** Rules with scheduled seats whose time has come; null stands for those proposed by hand. */
export async function listRulesWithDue(reader: Reader, at: Date): Promise<(string | null)[]> {
  const rows = await reader.query<{ ruleId: string | null }>(sql`
    select distinct c.rule_id as "ruleId"
      from candidates c
     where ${DUE} and c.scheduled_for <= ${at}
     order by c.rule_id
  `);
  return rows.map(({ ruleId }) => ruleId);
}

/**
 * Holds the scheduled seats of a rule whose time has come, those that were not looked at yet before others, then those
 * that are due longest. One that somebody is deciding at this moment is passed over.
 */
export async function lockDue(tx: Tx, ruleId: string | null, at: Date): Promise<ScheduledCandidate[]> {
  return tx.query<ScheduledCandidate>(sql`
    select c.id, c.site_id as "siteId", c.account_id as "accountId", c.rule_id as "ruleId",
           c.lacks_evidence as "lacksEvidence", c.answer
      from candidates c
     where ${DUE} and c.scheduled_for <= ${at} and c.rule_id is not distinct from ${ruleId}
     order by c.waits is not null, c.scheduled_for, c.id
     limit ${RULE_ROWS}
       for update of c skip locked
  `);
}

/** Whether a seat is due that nobody has looked at yet. */
export async function isPlanningDue(reader: Reader, at: Date): Promise<boolean> {
  const rows = await reader.query(sql`
    select c.id from candidates c where ${DUE} and c.scheduled_for <= ${at} and c.waits is null limit 1
  `);
  return rows.length > 0;
}

/** Says why these are not taken yet; nothing is written where that was said before. */
export async function saveWaits(tx: Tx, candidateIds: readonly string[], waits: Hindrance): Promise<number> {
  return tx.execute(sql`
    update candidates
       set waits = ${JSON.stringify(waits)}, revision = revision + 1
     where id = any (${candidateIds as string[]}) and waits is distinct from ${JSON.stringify(waits)}::jsonb
  `);
}

export async function savePlanned(tx: Tx, candidateIds: readonly string[], planId: string): Promise<void> {
  await tx.execute(sql`
    update candidates
       set plan_id = ${planId}, waits = null, revision = revision + 1
     where id = any (${candidateIds as string[]})
  `);
}

/** Seats of a plan that it names and does not touch, with why. */
export async function listLeftOut(
  reader: Reader,
  planId: string,
): Promise<{ candidateId: string; outcome: Hindrance | null }[]> {
  return reader.query(sql`
    select candidate_id as "candidateId", outcome
      from plan_rows
     where plan_id = ${planId} and state = 'left-out' and candidate_id is not null
     order by position
  `);
}
