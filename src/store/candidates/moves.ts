import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Candidate, CandidateEvidence } from "../../model/candidates.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import { type CandidateMoveRefusal, checkCandidateMove, isClosedState } from "../../model/candidate-moves.ts";
import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { findCandidate, lockCandidate } from "./candidates.ts";
import { EVIDENCE_SQL } from "./evidence-sql.ts";

/** What a step changes beside the state; what is absent stays as it is. */
export type CandidateChange = Partial<
  Pick<
    Candidate,
    | "dueAt"
    | "askedAt"
    | "remindersSent"
    | "answer"
    | "answeredAt"
    | "leaveUntil"
    | "deciderPerson"
    | "deciderEmail"
    | "decidedBy"
    | "keptUntil"
    | "scheduledFor"
    | "waits"
    | "planId"
    | "attention"
    | "savesMinor"
    | "savesCurrency"
    | "savesFrom"
    | "lacksEvidence"
    | "lastUsedAt"
    | "proposedBy"
    | "proposedReason"
    | "settings"
  >
>;

export interface CandidateMove {
  candidateId: string;
  /** The same state: a step within it, such as a reminder. */
  to: CandidateState;
  /** An operator, `system`, or the person who answered. */
  actorId: string;
  /** Free text of whoever decided. */
  reason: string | null;
  /** Null: what `seat_facts` say now. */
  evidence: CandidateEvidence | null;
  /** What happened, as ids and plain values. */
  detail: Record<string, unknown>;
  set?: CandidateChange;
  at: Date;
}

/**
 * Brings a candidate to another state, or notes a step within its state, with who did it, why and what was known of the
 * use of the seat. Waits for whoever else moves it. What belongs to a state (`dueAt`, `attention`, `waits`) ends with it
 * unless `set` says otherwise; closing it sets `closedAt`. Its owner's journal entry is the caller's to record.
 */
export async function moveCandidate(
  tx: Tx,
  move: CandidateMove,
): Promise<Result<Candidate, CandidateMoveRefusal | "no-such-candidate">> {
  const candidate = await lockCandidate(tx, move.candidateId);
  if (!candidate) return refuse("no-such-candidate");
  const set = move.set ?? {};
  const allowed = checkCandidateMove({ ...candidate, ...set, state: candidate.state }, move.to);
  if (!allowed.ok) return allowed;

  const leaves = candidate.state !== move.to;
  const ofState = leaves ? { dueAt: null, attention: null, waits: null } : {};
  await saveMoved(tx, move, { ...candidate, ...ofState, ...set }, leaves);
  await saveStep(tx, move, candidate.state);
  const moved = await findCandidate(tx, candidate.id);
  if (!moved) throw new Error(`The candidate ${candidate.id} was just moved and is not there.`);
  return ok(moved);
}

async function saveMoved(tx: Tx, move: CandidateMove, next: Candidate, leaves: boolean): Promise<void> {
  const closedAt = isClosedState(move.to) ? (leaves ? move.at : next.closedAt) : null;
  await tx.execute(sql`
    update candidates
       set state = ${move.to}, revision = revision + 1, state_since = ${leaves ? move.at : next.stateSince},
           closed_at = ${closedAt}, due_at = ${next.dueAt}, asked_at = ${next.askedAt},
           reminders_sent = ${next.remindersSent}, answer = ${next.answer}, answered_at = ${next.answeredAt},
           leave_until = ${next.leaveUntil}, decider_person = ${next.deciderPerson},
           decider_email = ${next.deciderEmail}, decided_by = ${next.decidedBy}, kept_until = ${next.keptUntil},
           scheduled_for = ${next.scheduledFor}, waits = ${json(next.waits)}, plan_id = ${next.planId},
           attention = ${json(next.attention)}, saves_minor = ${next.savesMinor},
           saves_currency = ${next.savesCurrency}, saves_from = ${next.savesFrom},
           lacks_evidence = ${next.lacksEvidence}, last_used_at = ${next.lastUsedAt},
           proposed_by = ${next.proposedBy}, proposed_reason = ${next.proposedReason},
           settings = ${JSON.stringify(next.settings)}
     where id = ${move.candidateId}
  `);
}

/** Keeps the step; the row of its candidate is locked, so numbers follow one another. */
async function saveStep(tx: Tx, move: CandidateMove, from: CandidateState): Promise<void> {
  await tx.execute(sql`
    insert into candidate_steps (candidate_id, seq, at, from_state, to_state, actor_id, reason, evidence, detail)
    select c.id,
           (select coalesce(max(s.seq), 0) + 1 from candidate_steps s where s.candidate_id = c.id),
           ${move.at}, ${from}, ${move.to}, ${move.actorId}, ${move.reason},
           coalesce(${json(move.evidence)}::jsonb,
                    (select ${EVIDENCE_SQL}
                       from seat_facts f
                      where f.site_id = c.site_id and f.account_id = c.account_id),
                    '{}'),
           ${JSON.stringify(move.detail)}
      from candidates c
     where c.id = ${move.candidateId}
  `);
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
