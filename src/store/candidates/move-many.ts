import { statesBefore } from "../../model/candidate-moves.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import type { Tx } from "../database.ts";
import { sql, type Sql } from "../sql.ts";
import { EVIDENCE_SQL } from "./evidence-sql.ts";

/** States that many candidates may be brought to at once: none of them schedules or takes a seat. */
export type ManyState = Extract<CandidateState, "detected" | "ready" | "canceled" | "excluded" | "superseded" | "gone">;

const CLOSING: ReadonlySet<CandidateState> = new Set(["canceled", "excluded", "superseded", "gone"]);

/**
 * As `moveCandidate` for many at once, in one statement: `which` selects `id`, `state` and `detail` (jsonb) of candidates.
 * One that somebody else moved meanwhile, or that may not go there, is left as it is. Gives how many were moved.
 */
export async function moveMany(
  tx: Tx,
  { which, to, actorId, at }: { which: Sql; to: ManyState; actorId: string; at: Date },
): Promise<number> {
  const closedAt = CLOSING.has(to) ? at : null;
  return tx.execute(sql`
    with which as materialized (${which}),
    moved as (
      update candidates c
         set state = ${to}, revision = c.revision + 1, state_since = ${at}, closed_at = ${closedAt}, due_at = null,
             attention = null, waits = null
        from which w
       where c.id = w.id and c.state = w.state and c.state = any (${statesBefore(to) as string[]})
      returning c.id, c.site_id, c.account_id, w.state as from_state, w.detail)
    insert into candidate_steps (candidate_id, seq, at, from_state, to_state, actor_id, evidence, detail)
    select m.id,
           (select coalesce(max(s.seq), 0) + 1 from candidate_steps s where s.candidate_id = m.id),
           ${at}, m.from_state, ${to}, ${actorId},
           case when f.account_id is null then '{}'::jsonb else ${EVIDENCE_SQL} end, m.detail
      from moved m
      left join seat_facts f on f.site_id = m.site_id and f.account_id = m.account_id
  `);
}
