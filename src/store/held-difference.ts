import type { UnseenKind } from "./merge/unseen.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

/** One thing that a held run missed: what accepting closes (`gone`), or what stays whatever is decided. */
export interface DifferenceRow {
  kind: UnseenKind;
  subjectType: "account" | "group" | "space" | "access-class" | "role";
  /** Ours where it is known here, else the source's own. */
  subjectId: string;
  subjectName: string | null;
  missingFromType: "group" | "space" | null;
  missingFromId: string | null;
  missingFromName: string | null;
  /** What it was: the access that a group gave, permissions, roles. */
  detail: string | null;
  verdict: "gone" | "not-visible" | "missing";
  reason: string | null;
  missingSince: Date;
}

export interface DifferenceFilters {
  kinds: readonly string[] | null;
  /** Id or name of a group or space. */
  missingFrom: string | null;
  verdicts: readonly string[] | null;
}

interface HeldRunOfSite {
  siteId: string;
  runId: string;
  observedAt: Date;
}

/** Row by row what the run missed, with what hangs on it: as many `gone` rows of a kind as accepting would close. */
export function differenceList(
  run: HeldRunOfSite,
  filters: DifferenceFilters,
): ListSource<DifferenceRow, DifferenceRow, "kind" | "subjectName" | "missingSince"> {
  const from = differenceRows(run, filters);
  return {
    sorts: {
      kind: { by: sql`(d.kind collate "C")`, type: "text" },
      subjectName: { by: sql`(lower(d."subjectName") collate "C")`, type: "text", isNullable: true },
      missingSince: { by: sql`d."missingSince"`, type: "timestamptz" },
    },
    tie: { by: sql`((d.kind || '/' || d.subject) collate "C")`, type: "text" },
    select: (page) => sql`
      select d.kind, d."subjectType", d."subjectId", d."subjectName", d."missingFromType", d."missingFromId",
             d."missingFromName", d.detail, d.verdict, d.reason, d."missingSince", ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

export interface DifferenceTotals {
  kind: UnseenKind;
  missingFromType: "group" | "space" | null;
  missingFromId: string | null;
  missingFromName: string | null;
  gone: number;
  /** Not visible to the credential, or not looked at a second time: it stays whatever is decided. */
  kept: number;
}

/** The same, counted by kind and by the group or space it was missing from. */
export function differenceTotalsList(
  run: HeldRunOfSite,
  filters: Omit<DifferenceFilters, "verdicts">,
): ListSource<DifferenceTotals, DifferenceTotals, "gone" | "kind"> {
  const from = sql`
    (select d.kind, d."missingFromType", d."missingFromId", d."missingFromName",
            count(*) filter (where d.verdict = 'gone') as gone, count(*) filter (where d.verdict <> 'gone') as kept
       from ${differenceRows(run, { ...filters, verdicts: null })}
      group by d.kind, d."missingFromType", d."missingFromId", d."missingFromName") as t
     where true`;
  return {
    sorts: { gone: { by: sql`t.gone`, type: "bigint" }, kind: { by: sql`(t.kind collate "C")`, type: "text" } },
    tie: { by: sql`((t.kind || '/' || coalesce(t."missingFromId", '')) collate "C")`, type: "text" },
    select: (page) => sql`
      select t.kind, t."missingFromType", t."missingFromId", t."missingFromName", t.gone, t.kept, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

/** `d` with its conditions. Only the tables of the wanted kinds are looked through. */
function differenceRows(run: HeldRunOfSite, { kinds, missingFrom, verdicts }: DifferenceFilters): Sql {
  const wanted = KINDS.filter(({ kind }) => kinds === null || kinds.includes(kind));
  const parts = wanted.map((each) => rowsOf(each, run));
  const rows = joinSql(parts.length > 0 ? parts : [rowsOf(KINDS[0] as Kind, run)], " union all ");
  return sql`
    (${rows}) as d
     where (${kinds}::text[] is null or d.kind = any (${kinds as string[] | null}::text[]))
       and (${verdicts}::text[] is null or d.verdict = any (${verdicts as string[] | null}::text[]))
       and (${missingFrom}::text is null
            or ${missingFrom} in (d."missingFromId", d."missingFromName")
            or d.kind in ('groups', 'product-access', 'spaces') and ${missingFrom} in (d."subjectId", d."subjectName"))`;
}

/** Where a kind's facts lie, how each is told, and on which objects it hangs. */
interface Kind {
  kind: UnseenKind;
  table: string;
  subject: string;
  /** Columns subjectType to detail, in their order. */
  columns: string;
  joins: string;
  /** Whole objects whose loss carries the fact: kind and the fact's column. */
  parents: readonly (readonly [kind: UnseenKind, id: string, reason: string])[];
}

const GROUP =
  "join group_versions gv on gv.site_id = held.site_id and gv.group_id = held.group_id and gv.valid_to is null";
const ACCOUNT =
  "join account_versions av on av.site_id = held.site_id and av.account_id = held.account_id and av.valid_to is null";
const SPACE =
  "join space_versions sv on sv.site_id = held.site_id and sv.space_id = held.space_id and sv.valid_to is null";
const OF_GROUP = "'group', held.group_id, gv.name";
const OF_SPACE = "'space', held.space_id, sv.name";
const WHOLE = "null, null, null";
const GONE_GROUP = ["groups", "held.group_id", "The group is gone."] as const;
const GONE_SPACE = ["spaces", "held.space_id", "The space is gone."] as const;

/** Whom a right belongs to, by name where it is known here. */
const PRINCIPAL = `
  left ${SPACE}
  left join accounts pa on held.principal_type = 'user' and pa.site_id = held.site_id and pa.source_id = held.principal_id
  left join account_versions pav on pav.site_id = pa.site_id and pav.account_id = pa.id and pav.valid_to is null
  left join groups pg on held.principal_type = 'group' and pg.site_id = held.site_id and pg.source_id = held.principal_id
  left join group_versions pgv on pgv.site_id = pg.site_id and pgv.group_id = pg.id and pgv.valid_to is null
  left join space_roles pr on held.principal_type = 'role' and pr.site_id = held.site_id and pr.source_id = held.principal_id
  left join space_role_versions prv on prv.site_id = pr.site_id and prv.role_id = pr.id and prv.valid_to is null`;
const OF_PRINCIPAL = `
  case held.principal_type when 'user' then 'account' else held.principal_type end,
  coalesce(pa.id, pg.id, pr.id, held.principal_id),
  coalesce(pav.display_name, pgv.name, prv.name, held.principal_id), ${OF_SPACE}`;
const RIGHT = "held.space_id || '|' || held.principal_type || '|' || held.principal_id";

const KINDS: readonly Kind[] = [
  {
    kind: "accounts",
    table: "account_versions",
    subject: "held.account_id",
    columns: `'account', held.account_id, held.display_name, ${WHOLE}, held.email`,
    joins: "",
    parents: [],
  },
  {
    kind: "groups",
    table: "group_versions",
    subject: "held.group_id",
    columns: `'group', held.group_id, held.name, ${WHOLE}, null`,
    joins: "",
    parents: [],
  },
  {
    kind: "memberships",
    table: "memberships",
    subject: "held.group_id || '|' || held.account_id",
    columns: `'account', held.account_id, av.display_name, ${OF_GROUP}, av.email`,
    joins: `left ${GROUP} left ${ACCOUNT}`,
    parents: [GONE_GROUP, ["accounts", "held.account_id", "The account is gone."]],
  },
  {
    kind: "group-nestings",
    table: "group_nestings",
    subject: "held.group_id || '|' || held.member_group_id",
    columns: `'group', held.member_group_id, inner_gv.name, ${OF_GROUP}, null`,
    joins: `left ${GROUP}
      left join group_versions inner_gv
        on inner_gv.site_id = held.site_id and inner_gv.group_id = held.member_group_id and inner_gv.valid_to is null`,
    parents: [GONE_GROUP, ["groups", "held.member_group_id", "The group within it is gone."]],
  },
  {
    kind: "product-access",
    table: "product_access",
    subject: "held.group_id || '|' || held.access",
    columns: `'group', held.group_id, gv.name, ${WHOLE}, held.access`,
    joins: `left ${GROUP}`,
    parents: [GONE_GROUP],
  },
  {
    kind: "spaces",
    table: "space_versions",
    subject: "held.space_id",
    columns: `'space', held.space_id, held.name, ${WHOLE}, held.key`,
    joins: "",
    parents: [],
  },
  {
    kind: "space-permissions",
    table: "space_permissions",
    subject: RIGHT,
    columns: `${OF_PRINCIPAL},
      (select string_agg((operation ->> 'key') || '/' || (operation ->> 'target'), ', ')
         from jsonb_array_elements(held.operations) as each(operation))`,
    joins: PRINCIPAL,
    parents: [GONE_SPACE],
  },
  {
    kind: "role-assignments",
    table: "role_assignments",
    subject: RIGHT,
    columns: `${OF_PRINCIPAL},
      (select string_agg(coalesce(rv.name, named.role), ', ' order by coalesce(rv.name, named.role))
         from unnest(held.roles) as named(role)
         left join space_roles r on r.site_id = held.site_id and r.source_id = named.role
         left join space_role_versions rv on rv.site_id = r.site_id and rv.role_id = r.id and rv.valid_to is null)`,
    joins: PRINCIPAL,
    parents: [GONE_SPACE],
  },
  {
    kind: "space-roles",
    table: "space_role_versions",
    subject: "held.role_id",
    columns: `'role', held.role_id, held.name, ${WHOLE}, null`,
    joins: "",
    parents: [],
  },
];

/**
 * The subselect of one kind. What a later run opened was seen since, and is no part of it. What was missed is joined from
 * its own table by its key: through a CTE the planner would compare every fact with every loss.
 */
function rowsOf(
  { kind, table, subject, columns, joins, parents }: Kind,
  { siteId, runId, observedAt }: HeldRunOfSite,
): Sql {
  const missed = (alias: string, of: UnseenKind, id: string) => sql`
      left join unseen ${rawSql(alias)}
        on ${rawSql(`${alias}.site_id`)} = ${siteId} and ${rawSql(`${alias}.run_id`)} = ${runId}
       and ${rawSql(`${alias}.kind = '${of}' and ${alias}.subject = ${id}`)}`;
  const parentJoins = parents.map(
    ([parent, id], index) => sql`${missed(`p${index}`, parent, id)} and ${rawSql(`p${index}.verdict = 'gone'`)}`,
  );
  const told = (own: string, column: string) =>
    `coalesce(${[own, ...parents.map((_, index) => `p${index}.${column}`)].join(", ")})`;
  const carried = parents.map(([, , reason], index) => `when p${index}.subject is not null then '${reason}'`).join(" ");
  const reason = carried === "" ? "m.reason" : `case ${carried} else m.reason end`;
  const verdict = told("m.verdict", "verdict");
  const isMissed = ["m.subject", ...parents.map((_, index) => `p${index}.subject`)]
    .map((each) => `${each} is not null`)
    .join(" or ");
  return sql`
    select ${rawSql(`'${kind}'::text as kind, ${subject} as subject, told.*`)}
      from ${rawSql(table)} held
      ${missed("m", kind, subject)}
      ${joinSql([rawSql(""), ...parentJoins], " ")}
      ${rawSql(joins)}
     cross join lateral (select ${rawSql(`${columns}, ${verdict}, ${reason}, ${told("m.first_unseen_at", "first_unseen_at")}`)})
           as told(${rawSql(NAMES.join(", "))})
     where held.site_id = ${siteId} and held.valid_to is null and held.valid_from <= ${observedAt}
       and (${rawSql(isMissed)})`;
}

const NAMES = [
  '"subjectType"',
  '"subjectId"',
  '"subjectName"',
  '"missingFromType"',
  '"missingFromId"',
  '"missingFromName"',
  "detail",
  "verdict",
  "reason",
  '"missingSince"',
];
