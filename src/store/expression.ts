import type { ConditionTerms } from "../model/conditions.ts";
import type { Expression, FactName, FactType, Operand } from "../model/expression.ts";
import { KINDS_THAT_SEE_READERS, type EvidenceKind } from "../model/facts.ts";
import { rawSql, joinSql, sql, type Sql } from "./sql.ts";

/** The facts of expressions as columns of `seat_facts f`; null where one is not known. */
const FACT_COLUMNS: Readonly<Record<FactName, string>> = {
  "seat.siteId": "f.site_id",
  "seat.edition": "f.edition",
  "seat.editionIdentifier":
    "(select upper(s.edition_identifier) from seats s where s.site_id = f.site_id and s.id = f.seat_id)",
  "seat.grantedAt": "f.granted_at",
  "seat.isGrantKnown": "(f.granted_origin = 'organization')",
  "seat.groups": "f.groups_count",
  "seat.spaces": "f.spaces_count",
  "seat.duplicateRank": "f.duplicate_rank",
  "account.id": "f.account_id",
  "account.class": "f.account_class",
  "account.type": "f.account_type",
  "account.isManaged": "f.is_managed",
  "account.email": "f.email",
  "account.emailDomain": "substring(f.email from '@([^@]*)$')",
  "person.id": "f.person_id",
  "person.status": "f.person_status",
  "person.department": "f.department",
  "person.jobTitle": "f.job_title",
  "person.costCenter": "f.cost_center",
  "person.location": "f.location",
  "person.employmentType": "f.employment_type",
  "person.managerId": "f.manager_id",
};

/** Latest use of any kind; null where none was seen. */
export const LAST_USED_SQL = "greatest(f.viewed_at, f.contributed_at, f.administered_at, f.authenticated_at)";

/**
 * An expression over `seat_facts f` as SQL of three values, equal to `rules/conditions/evaluate-expression.ts`.
 * `wanted`: what a silence that evidence does not cover is taken as, null by default; below a `not` it turns round.
 */
export function expressionSql(expression: Expression, terms: ConditionTerms, wanted: boolean | null = null): Sql {
  switch (expression.op) {
    case "and":
    case "or": {
      const parts = expression.parts.map((part) => expressionSql(part, terms, wanted));
      return sql`(${joinSql(parts, ` ${expression.op} `)})`;
    }
    case "not":
      return sql`(not ${expressionSql(expression.part, terms, wanted === null ? null : !wanted)})`;
    case "literal":
      return rawSql(expression.value ? "true" : "false");
    case "fact":
      return rawSql(FACT_COLUMNS[expression.name]);
    case "known":
      return rawSql(`(${FACT_COLUMNS[expression.name]} is not null)`);
    case "compare": {
      const by = rawSql(expression.by === "==" ? "=" : expression.by === "!=" ? "<>" : expression.by);
      return sql`(${operandSql(expression.left, terms)} ${by} ${operandSql(expression.right, terms)})`;
    }
    case "in":
      return membershipSql(operandSql(expression.operand, terms), expression.values);
    case "starts-with":
      return sql`starts_with(${operandSql(expression.operand, terms)}, ${expression.prefix}::text)`;
    case "in-group":
      return inGroupSql(expression.groupIds);
    case "idle":
      return idleSql(expression, terms, wanted);
    case "never-used":
      return neverUsedSql(expression, terms, wanted);
    case "least-active":
      return leastActiveSql(expression, terms, wanted);
  }
}

const LITERAL_TYPES: Readonly<Record<FactType | "duration", Sql>> = {
  string: rawSql("text"),
  number: rawSql("double precision"),
  boolean: rawSql("boolean"),
  instant: rawSql("timestamptz"),
  duration: rawSql("numeric"),
};

function operandSql(operand: Operand, terms: ConditionTerms): Sql {
  switch (operand.kind) {
    case "fact":
      return rawSql(FACT_COLUMNS[operand.name]);
    case "literal":
      return sql`${operand.value}::${LITERAL_TYPES[operand.type]}`;
    case "now":
      return sql`${terms.asOf}::timestamptz`;
    case "shifted":
      return sql`(${operandSql(operand.instant, terms)} + ${operand.byMs}::double precision * interval '1 millisecond')`;
    case "elapsed":
      return sql`(extract(epoch from ${operandSql(operand.later, terms)} - ${operandSql(operand.earlier, terms)}) * 1000)`;
  }
}

/** An empty list holds nothing; of an unknown fact it is not known even then. */
function membershipSql(operand: Sql, values: readonly (string | number)[]): Sql {
  const type = rawSql(values.some((value) => typeof value === "number") ? "double precision[]" : "text[]");
  if (values.length === 0) return sql`(case when ${operand} is not null then false end)`;
  return sql`(${operand} = any (${values}::${type}))`;
}

/** Whether the account is in one of the groups now, directly or through nesting. */
function inGroupSql(groupIds: readonly string[]): Sql {
  return sql`((f.site_id, f.account_id) in (
    select m.site_id, m.account_id
      from groups g
      join memberships m on m.site_id = g.site_id and m.group_id = g.id and m.valid_to is null
     where g.id in (select unnest(${groupIds as string[]}::text[])
                     union
                    select c.member_group_id
                      from group_closure c
                     where c.group_id = any (${groupIds as string[]}::text[]) and c.valid_to is null)))`;
}

const HOUR_MS = 3_600_000;

function daysBefore({ asOf }: ConditionTerms, days: number): Date {
  return new Date(asOf.getTime() - days * 24 * HOUR_MS);
}

function idleSql(
  { days, kinds }: Extract<Expression, { op: "idle" }>,
  terms: ConditionTerms,
  wanted: boolean | null,
): Sql {
  const threshold = sql`${daysBefore(terms, days)}::timestamptz`;
  return sql`
    (case when ${rawSql(LAST_USED_SQL)} >= ${threshold} then false
          when f.granted_at > ${threshold} and f.granted_origin = 'organization' then false
          when ${coveredSql(threshold, kinds, terms)} then true
          else ${valueSql(wanted)} end)`;
}

function neverUsedSql(
  { days, kinds }: Extract<Expression, { op: "never-used" }>,
  terms: ConditionTerms,
  wanted: boolean | null,
): Sql {
  return sql`
    (case when ${rawSql(LAST_USED_SQL)} is not null then false
          when f.granted_at > ${daysBefore(terms, days)}::timestamptz then false
          when ${coveredSql(rawSql("f.granted_at"), kinds, terms)} then true
          else ${valueSql(wanted)} end)`;
}

/** One row of `standings` for each seat of a site whose capacity is known; `rank` is null where it is not placed. */
export function standingsSql(terms: ConditionTerms): Sql {
  const capacities = knownCapacities(terms);
  return sql`
    select f.site_id, f.account_id,
           case when placed.is_ranked
                then row_number() over (partition by f.site_id, placed.is_ranked
                                            order by ${rawSql(LAST_USED_SQL)} nulls first, f.granted_at,
                                                     f.account_id collate "C")
           end as rank,
           count(*) over (partition by f.site_id) * 100.0::double precision / capacity.seats as used_percent
      from unnest(${capacities.map(([siteId]) => siteId)}::text[],
                  ${capacities.map(([, seats]) => seats)}::double precision[]) as capacity (site_id, seats)
      join seat_facts f on f.site_id = capacity.site_id
     cross join lateral (select coalesce(${rankedSql(terms)}, false) as is_ranked) placed
     where f.seat_id is not null`;
}

function knownCapacities({ capacities = {} }: ConditionTerms): [siteId: string, seats: number][] {
  return Object.entries(capacities).filter(([, seats]) => seats > 0);
}

/** Whether it is known when a seat was used last; null is no. */
export function rankedSql(terms: ConditionTerms): Sql {
  return coveredSql(rawSql(`coalesce(${LAST_USED_SQL}, f.granted_at)`), null, terms);
}

function leastActiveSql(
  { count, percent }: Extract<Expression, { op: "least-active" }>,
  terms: ConditionTerms,
  wanted: boolean | null,
): Sql {
  const among = (rows: Sql) => sql`(f.site_id, f.account_id) in (
    select standings.site_id, standings.account_id from (${standingsSql(terms)}) standings where ${rows})`;
  return sql`
    (case when f.seat_id is null then false
          when f.site_id <> all (${knownCapacities(terms).map(([siteId]) => siteId)}::text[]) then null
          when ${among(sql`standings.used_percent >= ${percent}::double precision and standings.rank <= ${count}::bigint`)} then true
          when ${among(sql`standings.used_percent >= ${percent}::double precision and standings.rank is null`)} then ${valueSql(wanted)}
          else false end)`;
}

/** Whether a kind that sees readers is known from `since` until now. */
function coveredSql(since: Sql, kinds: readonly EvidenceKind[] | null, terms: ConditionTerms): Sql {
  const fresh = new Date(terms.asOf.getTime() - terms.lateHoursMax * HOUR_MS);
  const windows = KINDS_THAT_SEE_READERS.filter(
    (kind) => terms.evidence.includes(kind) && (kinds === null || kinds.includes(kind)),
  ).map((kind) => {
    const [begins, ends] = [rawSql(`f.${kind}_known_since`), rawSql(`f.${kind}_known_until`)];
    return sql`(${begins} <= ${since} and ${ends} >= ${fresh}::timestamptz)`;
  });
  return windows.length === 0 ? rawSql("false") : sql`(${joinSql(windows, " or ")})`;
}

function valueSql(wanted: boolean | null): Sql {
  return rawSql(wanted === null ? "null::boolean" : String(wanted));
}
