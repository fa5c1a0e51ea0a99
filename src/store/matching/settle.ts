import type { MatchRule } from "../../model/matching.ts";
import type { Tx } from "../database.ts";
import { keepRows } from "../merge/incoming.ts";
import { analyzeGrown } from "../merge/history.ts";
import { mergePersonSummaries } from "../person-summaries.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { matchesSql } from "./evaluate.ts";

export interface SettledMatches {
  /** Accounts of which something else is said than before. */
  changed: number;
  /** Accounts that went to another person. */
  moved: number;
}

/**
 * Waits for its turn among everything that makes or moves people. Taken before any summary is written: runs of two sites
 * that end together, an import and a decision go one after the other, always in this order.
 */
export async function lockPeople(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('people'))`);
}

/**
 * Whether matches say of the accounts of a site what rules and decisions say: no account came, changed or went since
 * its summaries were made. Everything else that could say otherwise settles matches itself. Rules are not asked, so
 * that a run that changed nothing does not compare everybody with everybody.
 */
export async function areMatchesSettled(tx: Tx, siteId: string): Promise<boolean> {
  const [row] = await tx.query<{ isSettled: boolean }>(sql`
    select not exists (select from account_versions v
                        where v.site_id = ${siteId} and v.valid_to is null
                          and v.valid_from > coalesce((select as_of from site_summaries where site_id = ${siteId}), '-infinity'))
           and not exists (select from account_versions v
                             left join account_matches m
                               on m.site_id = v.site_id and m.account_id = v.account_id and m.valid_to is null
                            where v.site_id = ${siteId} and v.valid_to is null and m.account_id is null)
           and not exists (select from account_summaries s
                             left join account_versions v
                               on v.site_id = s.site_id and v.account_id = s.account_id and v.valid_to is null
                            where s.site_id = ${siteId} and v.account_id is null) as "isSettled"
  `);
  return row?.isSettled ?? false;
}

/**
 * Brings matches, the person of each account, and the summaries of the people concerned to what rules and decisions say.
 * `alsoPeople` selects the `person_id` of others whose summary is made anew. Set-based; where nothing changed, nothing
 * is written.
 */
export async function settleMatches(
  tx: Tx,
  rules: readonly MatchRule[],
  at: Date,
  alsoPeople: Sql = sql`select null::text as person_id where false`,
): Promise<SettledMatches> {
  await lockPeople(tx);
  await keepRows(tx, "next_matches", matchesSql(rules));
  const changed = await saveMatches(tx, at);
  const moved = await moveAccounts(tx);
  const people = await keepRows(
    tx,
    "summary_people",
    sql`select from_person as person_id from moved_accounts
         union
        select to_person from moved_accounts
         union
        select also.person_id from (${alsoPeople}) also`,
  );
  await leadOn(tx);
  await tx.execute(rawSql("drop table next_matches, moved_accounts"));
  if (people > 0) await mergePersonSummaries(tx);
  else await tx.execute(rawSql("drop table summary_people"));
  return { changed, moved };
}

const COLUMNS = "situation, method, rule_id, confidence, person_id, candidates, decided_by, reason";
const ofAlias = (alias: string) => rawSql(COLUMNS.replaceAll(/\w+/g, `${alias}.$&`));

async function saveMatches(tx: Tx, at: Date): Promise<number> {
  const changed = await keepRows(
    tx,
    "changed_matches",
    // A decision may be younger than the observation of a run that ends now: what follows it begins with it at least.
    sql`select n.site_id, n.account_id, ${ofAlias("n")}, greatest(held.valid_from, ${at}::timestamptz) as valid_from
          from next_matches n
          left join account_matches held
            on held.site_id = n.site_id and held.account_id = n.account_id and held.valid_to is null
         where held.account_id is null or (${ofAlias("held")}) is distinct from (${ofAlias("n")})`,
  );
  if (changed > 0) {
    await tx.execute(sql`
      delete from account_matches held
       using changed_matches n
       where held.site_id = n.site_id and held.account_id = n.account_id and held.valid_from = n.valid_from
    `);
    await tx.execute(sql`
      update account_matches held
         set valid_to = n.valid_from
        from changed_matches n
       where held.site_id = n.site_id and held.account_id = n.account_id and held.valid_to is null
    `);
    await tx.execute(sql`
      insert into account_matches (site_id, account_id, valid_from, ${rawSql(COLUMNS)})
      select site_id, account_id, valid_from, ${rawSql(COLUMNS)} from changed_matches
    `);
  }
  if (changed > 0) await analyzeGrown(tx, "account_matches");
  await tx.execute(rawSql("drop table changed_matches"));
  return changed;
}

/**
 * `moved_accounts`: accounts that went to another person, with those of the same identity that are no longer there. Each
 * account remembers the person that it made by itself and goes back to it when nobody else is found.
 */
async function moveAccounts(tx: Tx): Promise<number> {
  const moved = await keepRows(
    tx,
    "moved_accounts",
    sql`select a.site_id, a.id as account_id, decided.own_person_id, a.person_id as from_person,
               coalesce(decided.person_id, decided.own_person_id) as to_person
          from (select own_person_id, max(person_id) as person_id from next_matches group by own_person_id) decided
          join accounts a on coalesce(a.own_person_id, a.person_id) = decided.own_person_id
         where a.person_id <> coalesce(decided.person_id, decided.own_person_id)`,
  );
  if (moved === 0) return 0;
  await tx.execute(sql`
    update accounts a
       set person_id = m.to_person, own_person_id = nullif(m.own_person_id, m.to_person)
      from moved_accounts m
     where a.site_id = m.site_id and a.id = m.account_id
  `);
  await tx.execute(sql`
    update account_summaries s
       set person_id = m.to_person
      from moved_accounts m
     where s.site_id = m.site_id and s.account_id = m.account_id
  `);
  return moved;
}

/**
 * Where the ids of people lead whose accounts went to somebody else, the person that an account made by itself among
 * them; who has accounts again leads nowhere.
 */
async function leadOn(tx: Tx): Promise<void> {
  await tx.execute(sql`
    update people p
       set moved_to = next.moved_to
      from (select concerned.person_id,
                   case when not exists (select from accounts a where a.person_id = concerned.person_id)
                             and not exists (select from person_versions v where v.person_id = concerned.person_id)
                        then max(concerned.to_person) end as moved_to
              from (select own_person_id as person_id, to_person from moved_accounts
                     union
                    select from_person, to_person from moved_accounts
                     union
                    select to_person, null from moved_accounts) concerned
             group by concerned.person_id) next
     where p.id = next.person_id and p.moved_to is distinct from next.moved_to
  `);
}
