import type { CandidateReason } from "../../model/candidates.ts";
import type { SeatCost } from "../../model/money.ts";
import type { ReclamationSettings } from "../../model/reclamation.ts";
import type { Reader, Tx } from "../database.ts";
import { isExcludedSql } from "../exclusions/hits.ts";
import { LAST_USED_SQL } from "../expression.ts";
import { rawSql, sql } from "../sql.ts";
import { EVIDENCE_SQL } from "./evidence-sql.ts";

/** A seat as somebody named it: by its account, or by the e-mail address of its holder. */
export interface ProposedRow {
  row: number;
  accountId: string | null;
  email: string | null;
  /** Its name or id, where the holder has seats at several. */
  site: string | null;
}

export type ProposalVerdict =
  | "ok"
  | "not-found"
  | "several"
  | "named-twice"
  | "excluded"
  | "already-candidate"
  | "kept"
  | "lacks-evidence";

export interface AssessedRow {
  row: number;
  verdict: ProposalVerdict;
  siteId: string | null;
  accountId: string | null;
  lacksEvidence: boolean;
  keptUntil: Date | null;
}

/**
 * Use is not observed well enough to take the seat without asking. Whoever has left needs no evidence of it; a guest's
 * status nobody computes, so that reading has to be observed at all.
 */
const LACKS_EVIDENCE = rawSql(`
  (coalesce(f.person_status, 'active') = 'active'
   and case when f.seat_id is null then f.viewed_known_until is null and f.authenticated_known_until is null
            else coalesce(f.seat_status, 'no-evidence') = 'no-evidence' end)`);

/** Every seat of these people, by their accounts; null of who holds none. In the order of `personIds`. */
export async function listSeatsOfPeople(
  reader: Reader,
  personIds: readonly string[],
): Promise<{ personId: string; accountId: string | null }[]> {
  if (personIds.length === 0) return [];
  return reader.query<{ personId: string; accountId: string | null }>(sql`
    select p.id as "personId", f.account_id as "accountId"
      from unnest(${personIds as string[]}::text[]) with ordinality as p (id, position)
      left join seat_facts f on f.person_id = p.id and f.seat_id is not null
     order by p.position, f.account_id
  `);
}

/** What is wrong with each named seat, if anything; one statement, whatever their number. */
export async function assessProposals(
  reader: Reader,
  rows: readonly ProposedRow[],
  { siteId, asks, at }: { siteId: string | null; asks: boolean; at: Date },
): Promise<AssessedRow[]> {
  return reader.query<AssessedRow>(sql`
    with named as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
                 as each("row" integer, "accountId" text, email text, site text)),
    matched as (
      select n."row", f.site_id, f.account_id
        from named n
        join seat_facts f on f.account_id = n."accountId"
       union
      select n."row", f.site_id, f.account_id
        from named n
        join seat_facts f on f.email = lower(n.email) and f.seat_id is not null
        join sites s on s.id = f.site_id
       where n.site is null or n.site = s.id or lower(n.site) = lower(s.name)
       union
      select n."row", f.site_id, f.account_id
        from named n
        join person_summaries p on lower(p.email) = lower(n.email)
        join seat_facts f on f.person_id = p.person_id and f.seat_id is not null
        join sites s on s.id = f.site_id
       where n.site is null or n.site = s.id or lower(n.site) = lower(s.name)),
    within as (select * from matched m where ${siteId}::text is null or m.site_id = ${siteId}),
    counted as (
      select n."row", count(w.account_id) as seats, min(w.site_id) as site_id, min(w.account_id) as account_id
        from named n
        left join within w on w."row" = n."row"
       group by n."row"),
    placed as (
      select c.*, row_number() over (partition by c.site_id, c.account_id order by c."row") as position from counted c),
    judged as (
      select p.*, coalesce(${LACKS_EVIDENCE}, false) as lacks_evidence,
             (select max(k.kept_until) from candidates k
               where k.site_id = p.site_id and k.account_id = p.account_id and k.state = 'kept'
                 and k.kept_until > ${at}) as kept_until
        from placed p
        left join seat_facts f on p.seats = 1 and f.site_id = p.site_id and f.account_id = p.account_id)
    select j."row", j.lacks_evidence as "lacksEvidence", j.kept_until as "keptUntil",
           case when j.seats = 1 then j.site_id end as "siteId",
           case when j.seats = 1 then j.account_id end as "accountId",
           case when j.seats = 0 then 'not-found'
                when j.seats > 1 then 'several'
                when j.position > 1 then 'named-twice'
                when ${isExcludedSql(rawSql("j"), "no-reclaim", at)} then 'excluded'
                when exists (select from candidates o
                              where o.site_id = j.site_id and o.account_id = j.account_id and o.closed_at is null)
                then 'already-candidate'
                when j.kept_until is not null then 'kept'
                when j.lacks_evidence and not ${asks} then 'lacks-evidence'
                else 'ok' end as verdict
      from judged j
     order by j."row"
  `);
}

/** Makes candidates of seats that somebody proposed, ready to be asked or scheduled. Gives how many were made. */
export async function insertProposals(
  tx: Tx,
  rows: readonly AssessedRow[],
  proposal: {
    settings: ReclamationSettings;
    because: CandidateReason[];
    proposedBy: string;
    reason: string;
    costs: ReadonlyMap<string, SeatCost>;
    at: Date;
  },
): Promise<number> {
  const { at } = proposal;
  const seats = rows.map(({ siteId, accountId, lacksEvidence }) => {
    const cost = proposal.costs.get(siteId ?? "");
    const isPriced = cost !== undefined && cost.monthMinor !== null && cost.currency !== null;
    return {
      siteId,
      accountId,
      lacksEvidence,
      minor: isPriced ? cost.monthMinor : null,
      currency: isPriced ? cost.currency : null,
      from: cost?.saving.from ?? null,
    };
  });
  return tx.execute(sql`
    with seat as (
      select * from jsonb_to_recordset(${JSON.stringify(seats)}::jsonb)
                 as each("siteId" text, "accountId" text, "lacksEvidence" boolean, minor bigint, currency text,
                         "from" timestamptz)),
    made as (
      insert into candidates (site_id, account_id, seat_id, proposed_by, proposed_reason, settings, state, because,
                              detected_at, state_since, lacks_evidence, last_used_at, saves_minor, saves_currency,
                              saves_from)
      select f.site_id, f.account_id, f.seat_id, ${proposal.proposedBy}, ${proposal.reason},
             ${JSON.stringify(proposal.settings)}, 'ready', ${JSON.stringify(proposal.because)}, ${at}, ${at},
             s."lacksEvidence", ${rawSql(LAST_USED_SQL)}, case when f.seat_id is not null then s.minor end,
             case when f.seat_id is not null then s.currency end, case when f.seat_id is not null then s."from" end
        from seat s
        join seat_facts f on f.site_id = s."siteId" and f.account_id = s."accountId"
          on conflict (site_id, account_id) where closed_at is null do nothing
      returning id, site_id, account_id)
    insert into candidate_steps (candidate_id, seq, at, to_state, actor_id, reason, evidence)
    select m.id, 1, ${at}, 'ready', ${proposal.proposedBy}, ${proposal.reason}, ${EVIDENCE_SQL}
      from made m
      join seat_facts f on f.site_id = m.site_id and f.account_id = m.account_id
  `);
}
