import type { MatchRule, MatchSituation } from "../../model/matching.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";
import { matchesSql } from "./evaluate.ts";

export type SituationCounts = Record<MatchSituation, number>;

export interface MatchChange {
  accountId: string;
  siteId: string;
  site: string;
  name: string;
  from: MatchSituation | null;
  to: MatchSituation;
  fromPersonId: string | null;
  toPersonId: string | null;
  ruleId: string | null;
  candidates: string[];
}

export interface MatchPreview {
  now: SituationCounts;
  next: SituationCounts;
  /** Accounts that would go to another person. */
  moved: number;
  /** Accounts of which anything else would be said. */
  changed: number;
  changes: MatchChange[];
}

/** What rules would do, without doing it. `changesMax`: how many changed accounts are listed, moved ones first. */
export async function previewMatches(
  reader: Reader,
  rules: readonly MatchRule[],
  changesMax: number,
): Promise<MatchPreview> {
  const [row] = await reader.query<MatchPreview>(sql`
    with next as materialized (${matchesSql(rules)}),
    compared as materialized (
      select n.site_id, n.account_id, held.situation as from_situation, n.situation as to_situation,
             a.person_id as from_person, coalesce(n.person_id, n.own_person_id) as to_person, n.rule_id, n.candidates,
             (held.situation, held.method, held.rule_id, held.person_id, held.candidates)
               is distinct from (n.situation, n.method, n.rule_id, n.person_id, n.candidates) as is_changed
        from next n
        join accounts a on a.site_id = n.site_id and a.id = n.account_id
        left join account_matches held
          on held.site_id = n.site_id and held.account_id = n.account_id and held.valid_to is null),
    listed as (
      select c.account_id, c.site_id, s.name as site, v.display_name, c.from_situation, c.to_situation, c.from_person,
             c.to_person, c.rule_id, c.candidates, v.sort_key
        from compared c
        join sites s on s.id = c.site_id
        join account_versions v on v.site_id = c.site_id and v.account_id = c.account_id and v.valid_to is null
       where c.is_changed
       order by c.from_person = c.to_person, v.sort_key, c.account_id
       limit ${changesMax})
    select (select ${countsSql("from_situation")} from compared) as now,
           (select ${countsSql("to_situation")} from compared) as next,
           (select count(*) from compared where from_person <> to_person) as moved,
           (select count(*) from compared where is_changed) as changed,
           coalesce((select jsonb_agg(jsonb_build_object(
                              'accountId', l.account_id, 'siteId', l.site_id, 'site', l.site, 'name', l.display_name,
                              'from', l.from_situation, 'to', l.to_situation, 'fromPersonId', l.from_person,
                              'toPersonId', l.to_person, 'ruleId', l.rule_id, 'candidates', to_jsonb(l.candidates))
                            order by l.from_person = l.to_person, l.sort_key, l.account_id)
                       from listed l), '[]'::jsonb) as changes
  `);
  if (!row) throw new Error("The preview of match rules gave no row.");
  return row;
}

function countsSql(column: "from_situation" | "to_situation") {
  const of = column === "from_situation" ? sql`from_situation` : sql`to_situation`;
  return sql`jsonb_build_object('matched', count(*) filter (where ${of} = 'matched'),
                                'unmatched', count(*) filter (where ${of} = 'unmatched'),
                                'ambiguous', count(*) filter (where ${of} = 'ambiguous'),
                                'conflicting', count(*) filter (where ${of} = 'conflicting'),
                                'ignored', count(*) filter (where ${of} = 'ignored'))`;
}
