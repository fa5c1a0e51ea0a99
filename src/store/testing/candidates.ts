import type { Candidate } from "../../model/candidates.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import type { Database } from "../database.ts";
import { findCandidate } from "../candidates/candidates.ts";
import { sql } from "../sql.ts";
import { OBSERVED_AT } from "./facts.ts";

const BECAUSE = [{ is: "idle", says: "Idle for 60 days or more", isNegated: false, saw: {} }];

/** A candidate as if a rule had found it; the account is named by its source id. */
export async function candidateFixture(
  db: Database,
  siteId: string,
  account: string,
  fields: Partial<Candidate> = {},
): Promise<Candidate> {
  const settings = JSON.stringify(fields.settings ?? DEFAULT_RECLAMATION_SETTINGS);
  const id = await db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string }>(sql`
      insert into candidates (site_id, account_id, seat_id, rule_id, rule_revision, settings, state, because, detected_at,
                              state_since, due_at, answer, lacks_evidence, last_used_at, scheduled_for, kept_until,
                              decider_person, decider_email)
      select a.site_id, a.id, (select s.id from seats s where s.account_id = a.id and s.ended_at is null),
             ${fields.ruleId ?? null}, ${fields.ruleId ? 1 : null}, ${settings}, ${fields.state ?? "detected"},
             ${JSON.stringify(fields.because ?? BECAUSE)},
             ${fields.detectedAt ?? OBSERVED_AT}, ${fields.stateSince ?? fields.detectedAt ?? OBSERVED_AT},
             ${fields.dueAt ?? null}, ${fields.answer ?? null}, ${fields.lacksEvidence ?? false},
             ${fields.lastUsedAt ?? null}, ${fields.scheduledFor ?? null}, ${fields.keptUntil ?? null},
             ${fields.deciderPerson ?? null}, ${fields.deciderEmail ?? null}
        from accounts a
       where a.site_id = ${siteId} and a.source_id = ${account}
      returning id
    `);
    if (!row) throw new Error(`There is no account ${account}.`);
    await tx.execute(sql`
      insert into candidate_steps (candidate_id, seq, at, to_state, actor_id, evidence)
      values (${row.id}, 1, ${fields.detectedAt ?? OBSERVED_AT}, 'detected', 'system', '{}')
    `);
    return row.id;
  });
  const candidate = await findCandidate(db, id);
  if (!candidate) throw new Error("The candidate was not made.");
  return candidate;
}
