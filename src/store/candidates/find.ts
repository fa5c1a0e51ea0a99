import type { SeatCost } from "../../model/money.ts";
import type { ConditionTerms } from "../../model/conditions.ts";
import type { CandidateReason } from "../../model/candidates.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { conditionSql } from "../conditions.ts";
import type { Reader, Tx } from "../database.ts";
import { isExcludedSql } from "../exclusions/hits.ts";
import { LAST_USED_SQL } from "../expression.ts";
import { eligibilitySql, IS_JUST_TAKEN } from "../reclamation/eligibility.ts";
import { SEAT_FACTS_COLUMNS, type SeatFactsRow } from "../seat-facts.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { EVIDENCE_SQL } from "./evidence-sql.ts";
import { moveMany } from "./move-many.ts";

/** Candidates that still wait for something before they are taken; what is being taken is its plan's. */
const WAITS = rawSql(`
  c.closed_at is null and c.state in ('detected', 'ready', 'asking', 'deciding', 'scheduled', 'attention')`);

/**
 * `found_seats`: the seats and guests that the rule's condition meets now, and those for which more evidence might. The
 * table is dropped with the transaction, or by `dropFound`.
 */
export async function gatherFound(tx: Tx, rule: ReclamationRule, terms: ConditionTerms): Promise<void> {
  const { matches, lacksEvidence } = conditionSql(rule.condition, terms);
  const { isExcluded, isInGrace, isCoolingDown } = eligibilitySql(rule.settings, terms.asOf);
  const ofSites = rule.siteIds === null ? sql`true` : sql`f.site_id = any (${rule.siteIds}::text[])`;
  await tx.execute(sql`
    create temporary table found_seats on commit drop as
    select f.site_id, f.account_id, f.seat_id, judged.lacks_evidence, ${rawSql(LAST_USED_SQL)} as last_used_at,
           not (${isExcluded} or ${isInGrace} or ${isCoolingDown}
                or exists (select
                             from candidates c
                            where c.site_id = f.site_id and c.account_id = f.account_id and ${IS_JUST_TAKEN})) as is_eligible
      from seat_facts f
     cross join lateral (select ${matches} as matches, ${lacksEvidence} as lacks_evidence) judged
     where ${ofSites} and (judged.matches or judged.lacks_evidence)
  `);
  await tx.execute(sql`create unique index on found_seats (site_id, account_id)`);
  await tx.execute(sql`analyze found_seats`);
}

export async function dropFound(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table found_seats`);
}

const OF_RULE = (ruleId: string | null): Sql => sql`c.rule_id is not distinct from ${ruleId}::text`;

/** Closes candidates whose seat was given up, or went to another seat of the account. */
export function closeGone(tx: Tx, ruleId: string | null, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "gone",
    actorId,
    at,
    which: sql`
      select c.id, c.state, '{"why":"seat-gone"}'::jsonb as detail
        from candidates c
        left join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
       where ${OF_RULE(ruleId)} and ${WAITS}
         and (f.account_id is null or f.seat_id is distinct from c.seat_id)`,
  });
}

/** Closes candidates that an exclusion covers since. */
export function closeExcluded(tx: Tx, ruleId: string | null, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "excluded",
    actorId,
    at,
    which: sql`
      select c.id, c.state, '{"why":"excluded"}'::jsonb as detail
        from candidates c
       where ${OF_RULE(ruleId)} and ${WAITS} and ${isExcludedSql(rawSql("c"), "no-reclaim", at)}`,
  });
}

/** Whoever gave the seat back and used it before saying so has not changed their mind; whoever used it after has. */
const IS_GIVEN_BACK = rawSql(`
  (c.answer is not distinct from 'give-back' and not coalesce(${LAST_USED_SQL} > c.answered_at, false))`);

/** Closes candidates of a rule that meet its condition no longer: they were used, or something else of them changed. */
export function closeNoLongerFound(tx: Tx, ruleId: string, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "canceled",
    actorId,
    at,
    which: sql`
      select c.id, c.state,
             jsonb_build_object('why', case when ${rawSql(LAST_USED_SQL)} > coalesce(c.last_used_at, '-infinity')
                                            then 'activity' else 'condition' end,
                                'lastUseAt', ${rawSql(LAST_USED_SQL)}) as detail
        from candidates c
        join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
       where c.rule_id = ${ruleId} and ${WAITS} and not ${IS_GIVEN_BACK}
         and not exists (select from found_seats s where s.site_id = c.site_id and s.account_id = c.account_id)`,
  });
}

/** Closes candidates proposed by hand that were used since. */
export function closeUsedProposals(tx: Tx, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "canceled",
    actorId,
    at,
    which: sql`
      select c.id, c.state, jsonb_build_object('why', 'activity', 'lastUseAt', ${rawSql(LAST_USED_SQL)}) as detail
        from candidates c
        join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
       where c.rule_id is null and ${WAITS} and not ${IS_GIVEN_BACK}
         and ${rawSql(LAST_USED_SQL)} > greatest(c.last_used_at, c.detected_at)`,
  });
}

/** Closes what rules found that were ended since, or that look at the site no more. */
export function closeOfEndedRules(tx: Tx, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "superseded",
    actorId,
    at,
    which: sql`
      select c.id, c.state, '{"why":"rule-ended"}'::jsonb as detail
        from candidates c
        join reclamation_rules r on r.id = c.rule_id
       where ${WAITS} and (r.ended_at is not null or r.site_ids is not null and not c.site_id = any (r.site_ids))`,
  });
}

/** Closes what rules that only report found and this one, which acts, finds as well. */
export function supersedeReported(tx: Tx, ruleId: string, actorId: string, at: Date): Promise<number> {
  return moveMany(tx, {
    to: "superseded",
    actorId,
    at,
    which: sql`
      select c.id, c.state, jsonb_build_object('why', 'rule-acts', 'ruleId', ${ruleId}::text) as detail
        from candidates c
        join reclamation_rules r on r.id = c.rule_id and r.status <> 'active'
        join found_seats s on s.site_id = c.site_id and s.account_id = c.account_id and not s.lacks_evidence
       where c.state = 'detected' and c.closed_at is null and c.rule_id <> ${ruleId} and s.is_eligible`,
  });
}

/**
 * Whether evidence covers what the rule asks may change with every run: what lacks it now is not taken without its
 * holder's own word, whatever was decided before.
 */
export async function noteEvidence(
  tx: Tx,
  rule: ReclamationRule,
  of: "all" | "found-by-older-terms" = "all",
): Promise<void> {
  await tx.execute(sql`
    update candidates c
       set lacks_evidence = s.lacks_evidence, revision = c.revision + 1
      from found_seats s
     where c.rule_id = ${rule.id} and ${WAITS} and s.site_id = c.site_id and s.account_id = c.account_id
       and c.lacks_evidence <> s.lacks_evidence
       and (${of === "all"} or c.rule_revision is distinct from ${rule.revision}::integer)
  `);
}

/** Candidates that nobody was asked about yet follow what the rule says now; the others keep what they were told. */
export async function followRule(tx: Tx, rule: ReclamationRule): Promise<void> {
  await tx.execute(sql`
    update candidates c
       set settings = ${JSON.stringify(rule.settings)}, rule_revision = ${rule.revision}, revision = c.revision + 1
     where c.rule_id = ${rule.id} and c.state in ('detected', 'ready') and c.closed_at is null
       and c.proposed_by is null and c.rule_revision <> ${rule.revision}
  `);
}

/** Makes candidates of what was found, with what is known of each. Gives how many, and how many of them lack evidence. */
export async function insertFound(
  tx: Tx,
  rule: ReclamationRule,
  costs: ReadonlyMap<string, SeatCost>,
  actorId: string,
  at: Date,
): Promise<{ found: number; lackEvidence: number }> {
  const prices = [...costs.values()].map(({ siteId, monthMinor, currency, saving }) => ({
    siteId,
    monthMinor,
    currency,
    from: saving.from,
  }));
  const [row] = await tx.query<{ found: number; lackEvidence: number }>(sql`
    with price as (
      select * from jsonb_to_recordset(${JSON.stringify(prices)}::jsonb)
                 as each("siteId" text, "monthMinor" bigint, currency text, "from" timestamptz)),
    made as (
      insert into candidates (site_id, account_id, seat_id, rule_id, rule_revision, settings, state, because, detected_at,
                              state_since, lacks_evidence, last_used_at, saves_minor, saves_currency, saves_from)
      select s.site_id, s.account_id, s.seat_id, ${rule.id}, ${rule.revision}, ${JSON.stringify(rule.settings)},
             'detected', '[]', ${at}, ${at}, s.lacks_evidence, s.last_used_at,
             case when s.seat_id is not null and p.currency is not null then p."monthMinor" end,
             case when s.seat_id is not null and p."monthMinor" is not null then p.currency end,
             case when s.seat_id is not null then p."from" end
        from found_seats s
        left join price p on p."siteId" = s.site_id
       where s.is_eligible and (not s.lacks_evidence or ${rule.settings.asksWithoutEvidence})
         and not exists (select from candidates c
                          where c.site_id = s.site_id and c.account_id = s.account_id and c.closed_at is null)
          on conflict (site_id, account_id) where closed_at is null do nothing
      returning id, site_id, account_id, lacks_evidence),
    stepped as (
      insert into candidate_steps (candidate_id, seq, at, to_state, actor_id, evidence)
      select m.id, 1, ${at}, 'detected', ${actorId}, ${EVIDENCE_SQL}
        from made m
        join seat_facts f on f.site_id = m.site_id and f.account_id = m.account_id)
    select count(*)::integer as found, (count(*) filter (where lacks_evidence))::integer as "lackEvidence" from made
  `);
  return row ?? { found: 0, lackEvidence: 0 };
}

/** A rule that acts has its candidates asked; one that only reports shows them. */
export function settleStatus(tx: Tx, rule: ReclamationRule, actorId: string, at: Date): Promise<number> {
  const acts = rule.status === "active";
  return moveMany(tx, {
    to: acts ? "ready" : "detected",
    actorId,
    at,
    which: sql`
      select c.id, c.state, jsonb_build_object('why', ${acts ? "rule-acts" : "rule-reports"}::text) as detail
        from candidates c
       where c.rule_id = ${rule.id} and c.closed_at is null and c.state = ${acts ? "detected" : "ready"}
         and c.proposed_by is null`,
  });
}

/** Most candidates whose reasons are put into words at once. */
const WORDS_ROWS = 1000;

/** Candidates of a rule without words for why it found them, with what its condition sees of each. */
export async function listUnexplained(reader: Reader, ruleId: string): Promise<(SeatFactsRow & { id: string })[]> {
  return reader.query<SeatFactsRow & { id: string }>(sql`
    select c.id, ${SEAT_FACTS_COLUMNS}
      from candidates c
      join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
     where c.rule_id = ${ruleId} and c.closed_at is null and c.because = '[]'
     order by c.id
     limit ${WORDS_ROWS}
  `);
}

export async function saveReasons(
  tx: Tx,
  reasons: readonly { id: string; because: CandidateReason[] }[],
): Promise<void> {
  await tx.execute(sql`
    update candidates c
       set because = each.because
      from jsonb_to_recordset(${JSON.stringify(reasons)}::jsonb) as each(id text, because jsonb)
     where c.id = each.id
  `);
}
