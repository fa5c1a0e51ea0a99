import type { MatchConfidence, MatchMethod, MatchSituation } from "../../model/matching.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface AccountMatch {
  situation: MatchSituation;
  method: MatchMethod | null;
  ruleId: string | null;
  confidence: MatchConfidence | null;
  /** Whom a rule proposes, or between whom it could not tell. */
  candidates: string[];
  /** How they are called, in the same order. */
  candidateNames: string[];
  /** An operator's id, or `system` for what a rule decided. */
  by: string;
  at: Date;
  reason: string | null;
}

export interface AccountMatchRow extends AccountMatch {
  accountId: string;
  personId: string | null;
  until: Date | null;
}

/** How the candidates of `account_matches m` are called, in their order. */
export const CANDIDATE_NAMES = sql`
  array(select coalesce(named.display_name, c.id)
          from unnest(m.candidates) with ordinality as c (id, place)
          left join person_summaries named on named.person_id = c.id
         order by c.place)`;

const MATCH_COLUMNS = sql`
  m.account_id as "accountId", m.person_id as "personId", m.situation, m.method, m.rule_id as "ruleId", m.confidence,
  m.candidates,
  ${CANDIDATE_NAMES} as "candidateNames",
  m.decided_by as by, m.valid_from as at, m.valid_to as until, m.reason`;

/** What is said of each account now; one that no run has matched yet has no row. */
export async function listMatchesOf(reader: Reader, accountIds: readonly string[]): Promise<AccountMatchRow[]> {
  return reader.query<AccountMatchRow>(sql`
    select ${MATCH_COLUMNS}
      from accounts a
      join account_matches m on m.site_id = a.site_id and m.account_id = a.id and m.valid_to is null
     where a.id = any (${accountIds as string[]})
  `);
}

/** Most entries shown of one account; rules settle, so there are a few. */
const HISTORY_MAX = 200;

/** For whose account it was taken, newest first. */
export async function listMatchHistory(reader: Reader, accountId: string): Promise<AccountMatchRow[]> {
  return reader.query<AccountMatchRow>(sql`
    select ${MATCH_COLUMNS}
      from accounts a
      join account_matches m on m.site_id = a.site_id and m.account_id = a.id
     where a.id = ${accountId}
     order by m.valid_from desc
     limit ${HISTORY_MAX}
  `);
}

export async function hasAccount(reader: Reader, accountId: string): Promise<boolean> {
  const rows = await reader.query(sql`select id from accounts where id = ${accountId}`);
  return rows.length > 0;
}

/** The account, held until the transaction ends; `sameAs` are the accounts of one identity, itself among them. */
export async function lockAccountIdentity(
  tx: Tx,
  accountId: string,
): Promise<{ siteId: string; personId: string; isDecided: boolean; sameAs: string[] } | null> {
  const [row] = await tx.query<{ siteId: string; personId: string; isDecided: boolean; ownPersonId: string }>(sql`
    select a.site_id as "siteId", a.person_id as "personId", coalesce(a.own_person_id, a.person_id) as "ownPersonId",
           exists (select from account_matches m
                    where m.site_id = a.site_id and m.account_id = a.id and m.valid_to is null
                      and m.method = 'manual') as "isDecided"
      from accounts a
     where a.id = ${accountId}
       for update
  `);
  if (!row) return null;
  const same = await tx.query<{ id: string }>(sql`
    select id
      from accounts
     where person_id = ${row.ownPersonId} and own_person_id is null or own_person_id = ${row.ownPersonId}
     order by id
  `);
  const { siteId, personId, isDecided } = row;
  return { siteId, personId, isDecided, sameAs: same.map(({ id }) => id) };
}

/** The person that an id leads to now; null of one that never was. */
export async function findLivingPerson(reader: Reader, personId: string): Promise<string | null> {
  const [row] = await reader.query<{ id: string }>(sql`
    with recursive leads as (
      select id, moved_to, 0 as steps from people where id = ${personId}
       union all
      select p.id, p.moved_to, l.steps + 1 from leads l join people p on p.id = l.moved_to where l.steps < 20)
    select id from leads order by steps desc limit 1
  `);
  return row?.id ?? null;
}

/** Ends what holds of these accounts and opens a decision of a person in its place; null ends it for the rules to say. */
export async function saveMatchDecision(
  tx: Tx,
  accountIds: readonly string[],
  decision: { personId: string | null; by: string; reason: string | null } | null,
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    delete from account_matches m
     using accounts a
     where a.id = any (${accountIds as string[]}) and m.site_id = a.site_id and m.account_id = a.id
       and m.valid_from = ${at}
  `);
  await tx.execute(sql`
    update account_matches m
       set valid_to = greatest(m.valid_from, ${at}::timestamptz)
      from accounts a
     where a.id = any (${accountIds as string[]}) and m.site_id = a.site_id and m.account_id = a.id
       and m.valid_to is null
  `);
  if (!decision) return;
  await tx.execute(sql`
    insert into account_matches (site_id, account_id, valid_from, situation, method, person_id, candidates, decided_by, reason)
    select site_id, id, ${at}, ${decision.personId === null ? "ignored" : "matched"}, 'manual', ${decision.personId},
           '{}', ${decision.by}, ${decision.reason}
      from accounts
     where id = any (${accountIds as string[]})
  `);
}
