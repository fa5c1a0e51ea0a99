import type { ConditionTerms } from "../../model/conditions.ts";
import type { ExclusionEffect } from "../../model/exclusions.ts";
import type { SeatFacts } from "../../model/seats.ts";
import type { Reader } from "../database.ts";
import { type ListPosition, pageSql } from "../paging.ts";
import { SEAT_FACTS_COLUMNS, type SeatFactsRow, toSeatFacts } from "../seat-facts.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { type Catching, caughtSql } from "./caught.ts";
import { exclusionsOfAccount } from "./of-account.ts";

/** What an exclusion would change, were it saved as it is. */
export interface ExclusionEffects {
  accounts: number;
  people: number;
  seats: number;
  guests: number;
  /** Seats that would no longer count in the license position, and do now. */
  seatsUncounted: number;
  /** Open candidates that would be closed as excluded. */
  openCandidates: number;
  /** Accounts that the saved rule catches now and would no longer. */
  released: number;
}

export interface UncountedMoney {
  currency: string;
  /** A month of the seats that would no longer count, at list price. */
  monthMinor: number;
}

interface Previewed extends Catching {
  effects: readonly ExclusionEffect[];
  /** The saved rule that this would change; what it catches already is not counted as excluded. Null: a new one. */
  ruleId: string | null;
}

/** Counts over everybody whom it would catch. */
export async function countPreviewed(
  reader: Reader,
  previewed: Previewed,
  terms: ConditionTerms,
): Promise<ExclusionEffects> {
  const { effects, ruleId } = previewed;
  const [row] = await reader.query<ExclusionEffects>(sql`
    with caught as materialized (${caughtSql(previewed, terms)})
    select count(*) as accounts, count(distinct s.person_id) as people, count(s.seat_id) as seats,
           count(*) filter (where s.account_class = 'guest') as guests,
           count(s.seat_id) filter (where ${willBeUncounted(effects, ruleId, terms.asOf)}) as "seatsUncounted",
           (select count(*)
              from caught c
              join candidates open
                on open.site_id = c.site_id and open.account_id = c.account_id and open.closed_at is null
             where ${effects.includes("no-reclaim")}) as "openCandidates",
           (select count(*)
              from exclusion_hits h
             where h.rule_id = ${ruleId}::text
               and not exists (select 1
                                 from caught c
                                where c.site_id = h.site_id and c.account_id = h.account_id)) as released
      from caught c
      join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
  `);
  if (!row) throw new Error("A count gave no row.");
  return row;
}

/** What a month of the seats costs that would no longer count, by currency; seats without a list price are left out. */
export async function listPreviewedMoney(
  reader: Reader,
  previewed: Previewed,
  terms: ConditionTerms,
): Promise<UncountedMoney[]> {
  return reader.query<UncountedMoney>(sql`
    with caught as materialized (${caughtSql(previewed, terms)})
    select s.price_currency as currency, sum(s.price_minor)::bigint as "monthMinor"
      from caught c
      join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
     where s.seat_id is not null and s.price_minor is not null
       and ${willBeUncounted(previewed.effects, previewed.ruleId, terms.asOf)}
     group by s.price_currency
     order by s.price_currency
  `);
}

function willBeUncounted(effects: readonly ExclusionEffect[], ruleId: string | null, at: Date): Sql {
  if (!effects.includes("not-counted")) return rawSql("false");
  return sql`
    not exists (select 1
                  from exclusion_hits already
                 where already.site_id = s.site_id and already.account_id = s.account_id
                   and already.rule_id is distinct from ${ruleId}::text
                   and 'not-counted' = any (already.effects) and (already.until is null or already.until > ${at}))`;
}

export interface PreviewedAccount {
  facts: SeatFacts;
  site: string;
  name: string;
  costPerMonthMinor: number | null;
  currency: string | null;
  /** Exclusions that lie over it already. */
  exclusions: { ruleId: string; name: string; effects: ExclusionEffect[] }[];
  openCandidateId: string | null;
  position: ListPosition;
}

/** Accounts that it would catch, by name, after `after`. */
export async function listPreviewed(
  reader: Reader,
  previewed: Previewed,
  terms: ConditionTerms,
  { after, limit }: { after: ListPosition | null; limit: number },
): Promise<PreviewedAccount[]> {
  const page = pageSql({
    column: { by: rawSql("s.sort_key"), type: "text" },
    tie: { by: rawSql("s.account_id"), type: "text" },
    descends: false,
    after,
    limit,
  });
  const rows = await reader.query<StoredAccount>(sql`
    with caught as materialized (${caughtSql(previewed, terms)})
    select ${SEAT_FACTS_COLUMNS}, site.name as site, s.display_name as name, s.price_minor as "costPerMonthMinor",
           s.price_currency as currency, ${exclusionsOfAccount(rawSql("s"), terms.asOf)} as exclusions,
           (select open.id
              from candidates open
             where open.site_id = s.site_id and open.account_id = s.account_id and open.closed_at is null)
             as "openCandidateId",
           ${page.keys}
      from caught c
      join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
      join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
      join sites site on site.id = s.site_id
     where ${page.after}
     ${page.order}
  `);
  return rows.map(({ site, name, costPerMonthMinor, currency, exclusions, openCandidateId, ...row }) => {
    const { pageValue, pageTie, ...facts } = row;
    return {
      facts: toSeatFacts(facts),
      site,
      name,
      costPerMonthMinor,
      currency,
      exclusions,
      openCandidateId,
      position: { value: pageValue, tie: pageTie },
    };
  });
}

type StoredAccount = SeatFactsRow &
  Omit<PreviewedAccount, "facts" | "position"> & { pageValue: string | null; pageTie: string };
