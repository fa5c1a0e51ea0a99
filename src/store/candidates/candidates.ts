import type { Candidate } from "../../model/candidates.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/** Columns of `candidates c` and its `accounts a` that make a `Candidate`. */
export const CANDIDATE_COLUMNS = rawSql(`
  c.id, c.site_id as "siteId", c.account_id as "accountId", a.person_id as "personId", c.seat_id as "seatId",
  c.rule_id as "ruleId", c.rule_revision as "ruleRevision", c.proposed_by as "proposedBy",
  c.proposed_reason as "proposedReason", c.settings, c.state, c.revision, c.because,
  c.lacks_evidence as "lacksEvidence", c.last_used_at as "lastUsedAt", c.detected_at as "detectedAt",
  c.state_since as "stateSince", c.due_at as "dueAt", c.asked_at as "askedAt", c.reminders_sent as "remindersSent",
  c.answer, c.answered_at as "answeredAt", c.leave_until as "leaveUntil", c.decider_person as "deciderPerson",
  c.decider_email as "deciderEmail", c.decided_by as "decidedBy", c.kept_until as "keptUntil",
  c.scheduled_for as "scheduledFor", c.waits, c.plan_id as "planId", c.attention, c.saves_minor as "savesMinor",
  c.saves_currency as "savesCurrency", c.saves_from as "savesFrom", c.closed_at as "closedAt"`);

export async function findCandidate(reader: Reader, id: string): Promise<Candidate | null> {
  const [row] = await reader.query<Candidate>(sql`
    select ${CANDIDATE_COLUMNS}
      from candidates c
      join accounts a on a.site_id = c.site_id and a.id = c.account_id
     where c.id = ${id}
  `);
  return row ?? null;
}

/** Waits for, then holds, the candidate until the transaction ends: two answers are counted one after the other. */
export async function lockCandidate(tx: Tx, id: string): Promise<Candidate | null> {
  const [row] = await tx.query<Candidate>(sql`
    select ${CANDIDATE_COLUMNS}
      from candidates c
      join accounts a on a.site_id = c.site_id and a.id = c.account_id
     where c.id = ${id}
       for update of c
  `);
  return row ?? null;
}

/** Whether the same seat was found anew since this candidate was closed. */
export async function hasOtherOpenCandidate(
  reader: Reader,
  { id, siteId, accountId }: Pick<Candidate, "id" | "siteId" | "accountId">,
): Promise<boolean> {
  const rows = await reader.query(sql`
    select id
      from candidates
     where site_id = ${siteId} and account_id = ${accountId} and closed_at is null and id <> ${id}
  `);
  return rows.length > 0;
}
