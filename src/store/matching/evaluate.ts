import type {
  AccountMatchField,
  MatchConfidence,
  MatchRule,
  PersonMatchField,
  Transform,
} from "../../model/matching.ts";
import { joinSql, rawSql, sql, type Sql } from "../sql.ts";

/** As `CANDIDATES_MAX` in rules/matching.ts. */
const CANDIDATES_MAX = 10;

/**
 * `matchAccounts` of rules/matching.ts over all accounts that hold now: `site_id, account_id, own_person_id, situation,
 * method, rule_id, confidence, person_id, candidates, decided_by, reason`. Rules are in their order. Each rule is one
 * join by its keys, so 100,000 accounts against as many people take seconds.
 */
export function matchesSql(rules: readonly MatchRule[]): Sql {
  const isEnabled = (confidence: MatchConfidence) => (each: MatchRule) =>
    each.isEnabled && each.confidence === confidence;
  const enabled = [...rules.filter(isEnabled("exact")), ...rules.filter(isEnabled("likely"))];
  const findings = enabled.map((rule, index) => findingsSql(rule, index));
  return sql`
    with subjects as materialized (${SUBJECTS}),
    targets as materialized (
      select person_id, external_id, emails, user_name, display_name, attributes
        from person_versions
       where valid_to is null),
    findings as materialized (
      ${findings.length > 0 ? joinSql(findings, " union all ") : NO_FINDINGS}),
    firsts as (
      select own_person_id, min(rule) as rule from findings group by own_person_id),
    found as materialized (
      select f.own_person_id, f.rule, count(distinct f.person_id) as people,
             (array_agg(distinct f.person_id order by f.person_id))[1:${rawSql(String(CANDIDATES_MAX))}] as candidates
        from firsts
        join findings f on f.own_person_id = firsts.own_person_id and f.rule = firsts.rule
       group by f.own_person_id, f.rule),
    decisions as materialized (
      select distinct on (s.own_person_id) s.own_person_id, m.person_id, m.decided_by, m.reason
        from account_matches m
        join subjects s on s.site_id = m.site_id and s.account_id = m.account_id
       where m.valid_to is null and m.method = 'manual'
       order by s.own_person_id, m.valid_from desc, m.account_id),
    rules as (
      select position, id, confidence
        from jsonb_to_recordset(${JSON.stringify(
          enabled.map(({ id, confidence }, position) => ({ position, id, confidence })),
        )}::jsonb) as each (position integer, id text, confidence text)),
    decided as materialized (
      select s.site_id, s.account_id, s.own_person_id, s.is_closed,
             case when d.own_person_id is not null then case when d.person_id is null then 'ignored' else 'matched' end
                  when s.is_nobodys then 'ignored'
                  when f.people > 1 then 'ambiguous'
                  when f.people = 1 and r.confidence = 'exact' then 'matched'
                  else 'unmatched' end as situation,
             case when d.own_person_id is not null then 'manual'
                  when s.is_nobodys then 'account-type'
                  when f.people > 0 then 'rule' end as method,
             case when d.own_person_id is null and not s.is_nobodys then r.id end as rule_id,
             case when d.own_person_id is null and not s.is_nobodys then r.confidence end as confidence,
             case when d.own_person_id is not null then d.person_id
                  when not s.is_nobodys and f.people = 1 and r.confidence = 'exact' then f.candidates[1] end as person_id,
             case when d.own_person_id is null and not s.is_nobodys and (f.people > 1 or r.confidence = 'likely')
                  then f.candidates else '{}' end as candidates,
             coalesce(d.decided_by, 'system') as decided_by, d.reason
        from subjects s
        left join decisions d on d.own_person_id = s.own_person_id
        left join found f on f.own_person_id = s.own_person_id
        left join rules r on r.position = f.rule),
    together as (
      select site_id, person_id
        from decided
       where person_id is not null and not is_closed
       group by site_id, person_id
      having count(*) > 1)
    select d.site_id, d.account_id, d.own_person_id,
           case when d.method = 'rule' and not d.is_closed and t.person_id is not null then 'conflicting'
                else d.situation end as situation,
           d.method, d.rule_id, d.confidence, d.person_id, d.candidates, d.decided_by, d.reason
      from decided d
      left join together t on t.site_id = d.site_id and t.person_id = d.person_id`;
}

/**
 * Accounts that hold now. Nothing but a file or a Data Center's own public name tells a user name: Cloud has none.
 */
const SUBJECTS = sql`
  select a.site_id, a.id as account_id, coalesce(a.own_person_id, a.person_id) as own_person_id, s.source, a.source_id,
         v.email, v.display_name, coalesce(told.attributes, '{}'::jsonb) as attributes,
         coalesce(told.attributes ->> 'username',
                  case when s.source = 'confluence-data-center' then v.public_name end) as username,
         v.account_type in ('app', 'customer') as is_nobodys, v.status in ('inactive', 'closed') as is_closed
    from accounts a
    join sites s on s.id = a.site_id
    join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
    left join (select site_id, account_id, jsonb_object_agg(name, value) as attributes
                 from account_attributes
                where valid_to is null
                group by site_id, account_id) told on told.site_id = a.site_id and told.account_id = a.id`;

const NO_FINDINGS = sql`select null::text as own_person_id, 0 as rule, null::text as person_id where false`;

function findingsSql(rule: MatchRule, index: number): Sql {
  const ofSource = rule.source === null ? sql`true` : sql`s.source = ${rule.source}`;
  const people =
    rule.personField === "email" ? sql`targets t cross join lateral unnest(t.emails) as each (text)` : sql`targets t`;
  return sql`
    select a.own_person_id, ${index}::integer as rule, p.person_id
      from (select s.own_person_id, ${keySql(accountText(rule.accountField), rule.accountTransforms)} as key
              from subjects s
             where not s.is_nobodys and ${ofSource}) a
      join (select t.person_id, ${keySql(personText(rule.personField), rule.personTransforms)} as key
              from ${people}) p on p.key = a.key
     where a.key <> ''`;
}

const ACCOUNT_COLUMNS: Record<string, Sql> = {
  email: sql`s.email`,
  username: sql`s.username`,
  displayName: sql`s.display_name`,
  accountId: sql`s.source_id`,
};

const PERSON_COLUMNS: Record<string, Sql> = {
  externalId: sql`t.external_id`,
  email: sql`each.text`,
  userName: sql`t.user_name`,
  displayName: sql`t.display_name`,
};

function accountText(field: AccountMatchField): Sql {
  return ACCOUNT_COLUMNS[field] ?? sql`s.attributes ->> ${field.slice("attribute:".length)}::text`;
}

function personText(field: PersonMatchField): Sql {
  return PERSON_COLUMNS[field] ?? sql`t.attributes ->> ${field.slice("attribute:".length)}::text`;
}

/** `keyOf` of rules/matching.ts, but that an empty text is left to the join's condition. */
export function keySql(text: Sql, transforms: readonly Transform[]): Sql {
  return transforms.reduce(transformedSql, sql`(${text})::text`);
}

function transformedSql(text: Sql, transform: Transform): Sql {
  switch (transform.kind) {
    case "lowercase":
      return sql`lower(${text})`;
    case "trim":
      return sql`btrim(${text}, ${" \t\n\r\u00a0"})`;
    case "strip-domain":
      return sql`regexp_replace(${text}, '@[^@]*$', '')`;
    case "replace-domain":
      return transform.from === null
        ? sql`regexp_replace(${text}, '@[^@]*$', ${`@${transform.to}`})`
        : sql`regexp_replace(${text}, ${`@${literalPattern(transform.from)}$`}, ${`@${transform.to}`}, 'i')`;
    case "replace":
      return sql`regexp_replace(${text}, ${`^${transform.pattern}$`}, ${replacementSql(transform.with)})`;
    case "alias":
      return sql`coalesce(${JSON.stringify(transform.aliases)}::jsonb ->> ${text}, ${text})`;
  }
}

/** A domain holds letters, digits, hyphens and dots; only dots mean something in a pattern. */
function literalPattern(domain: string): string {
  return domain.replaceAll(".", "\\.");
}

/** PostgreSQL writes `\1` for what `$1` is here. */
function replacementSql(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll(/\$([1-9$])/g, (_, sign: string) => (sign === "$" ? "$" : `\\${sign}`));
}
