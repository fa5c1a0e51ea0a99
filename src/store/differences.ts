import type { DifferenceKind } from "../model/differences.ts";
import { holdsBetween } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

export interface DifferenceRow {
  kind: DifferenceKind;
  change: "appeared" | "disappeared" | "changed";
  /** When it appeared first, was seen last, or changed last, between the two instants; that of the run that saw it. */
  at: Date;
  siteId: string;
  site: string;
  accountId: string | null;
  account: string | null;
  groupId: string | null;
  group: string | null;
  spaceId: string | null;
  space: string | null;
  principalType: string | null;
  /** As the source knows it. */
  principalId: string | null;
  /** The account's or group's name; null for a class, and for what is not known here. */
  principal: string | null;
  changes: FieldChange[];
}

type Fields = Record<string, unknown> | null;
type StoredDifference = Omit<DifferenceRow, "changes"> & { before: Fields; after: Fields };

interface HistoryOfKind {
  table: string;
  /** Tells one from another within a site. */
  identity: readonly IdentityColumn[];
  /** What is compared, by the name that the API gives it; `each` is the row. Of edges nothing: they begin and end. */
  fields: Readonly<Record<string, string>>;
  begins?: string;
  ends?: string;
}

type IdentityColumn = "account_id" | "group_id" | "space_id" | "principal_type" | "principal_id" | "access";

const HISTORIES: Record<DifferenceKind, HistoryOfKind> = {
  accounts: {
    table: "account_versions",
    identity: ["account_id"],
    fields: {
      displayName: "each.display_name",
      email: "each.email",
      type: "each.account_type",
      status: "each.status",
      isGuest: "each.is_guest",
      isSuspended: "each.is_suspended",
      isManaged: "each.is_managed",
      hasAccess: "each.has_access",
      department: "each.department",
      jobTitle: "each.job_title",
      location: "each.location",
      timeZone: "each.time_zone",
    },
  },
  groups: {
    table: "group_versions",
    identity: ["group_id"],
    fields: { name: "each.name", managedBy: "each.managed_by" },
  },
  memberships: { table: "memberships", identity: ["group_id", "account_id"], fields: {} },
  "product-access": { table: "product_access", identity: ["group_id", "access"], fields: { access: "each.access" } },
  spaces: {
    table: "space_versions",
    identity: ["space_id"],
    fields: {
      key: "each.key",
      name: "each.name",
      type: "each.type",
      status: "each.status",
      owner: `(select coalesce(o.display_name, a.source_id)
                 from accounts a
                 left join lateral (select v.display_name
                                      from account_versions v
                                     where v.site_id = a.site_id and v.account_id = a.id
                                     order by v.valid_from desc
                                     limit 1) o on true
                where a.site_id = each.site_id and a.source_id = each.owner_source_id)`,
    },
  },
  "space-permissions": {
    table: "space_permissions",
    identity: ["space_id", "principal_type", "principal_id"],
    fields: {
      // Without the source's ids: a right that was taken and given back is the same right.
      rights: `(select jsonb_agg(right_of.value ->> 'key' || ' ' || (right_of.value ->> 'target')
                                 order by right_of.value ->> 'key', right_of.value ->> 'target')
                  from jsonb_array_elements(each.operations) as right_of)`,
    },
  },
  "role-assignments": {
    table: "role_assignments",
    identity: ["space_id", "principal_type", "principal_id"],
    fields: {
      roles: `(select jsonb_agg(coalesce(named.name, held.source_id) order by coalesce(named.name, held.source_id))
                 from unnest(each.roles) as held (source_id)
                 left join space_roles role on role.site_id = each.site_id and role.source_id = held.source_id
                 left join lateral (select v.name
                                      from space_role_versions v
                                     where v.site_id = role.site_id and v.role_id = role.id
                                     order by v.valid_from desc
                                     limit 1) named on true)`,
    },
  },
  seats: { table: "seats", identity: ["account_id"], fields: {}, begins: "started_at", ends: "ended_at" },
};

export interface DifferencesAsked {
  from: Date;
  to: Date;
  /** Each kind with the sites of which it was known at `from`: of others everything would seem to have appeared. */
  kinds: readonly { kind: DifferenceKind; siteIds: readonly string[] }[];
}

/**
 * What differs between two instants, in the order in which it came about. What came and went between them differs in
 * nothing. Only what began or ended between is looked at: two indexes of each table find it, however large the site is.
 */
export function differenceList(asked: DifferencesAsked): ListSource<StoredDifference, DifferenceRow, "at"> {
  const parts = asked.kinds.map(({ kind, siteIds }) => differencesOfKind(kind, siteIds, asked));
  const from = sql`(${joinSql(parts, " union all ")}) as d join sites site on site.id = d.site_id where true`;
  return {
    sorts: { at: { by: sql`d.at`, type: "timestamptz" } },
    tie: { by: TIE, type: "text" },
    select: (page) => sql`
      select d.kind, d.change, d.at, d.site_id as "siteId", site.name as site, d.account_id as "accountId",
             ${nameOf("account", asked.to)} as account, d.group_id as "groupId", ${nameOf("group", asked.to)} as "group",
             d.space_id as "spaceId", ${nameOf("space", asked.to)} as space, d.principal_type as "principalType",
             d.principal_id as "principalId", ${principalName(asked.to)} as principal, d.before, d.after, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
    toItems: (rows) => rows.map(({ before, after, ...row }) => ({ ...row, changes: fieldChanges(before, after) })),
  };
}

const TIE = sql`
  (concat_ws('/', d.kind, d.site_id, d.account_id, d.group_id, d.space_id, d.principal_type, d.principal_id, d.access)
   collate "C")`;

const IDENTITIES: readonly IdentityColumn[] = [
  "account_id",
  "group_id",
  "space_id",
  "principal_type",
  "principal_id",
  "access",
];

function differencesOfKind(
  kind: DifferenceKind,
  siteIds: readonly string[],
  { from, to }: Pick<DifferencesAsked, "from" | "to">,
): Sql {
  const { table, identity, fields, begins = "valid_from", ends = "valid_to" } = HISTORIES[kind];
  const same = (row: string) =>
    rawSql(["site_id", ...identity].map((each) => `${row}.${each} = touched.${each}`).join(" and "));
  const column = (row: string, name: string) => rawSql(`${row}.${name}`);
  const isThere = (row: string) => sql`${column(row, begins)} is not null`;
  const state = (row: string) => sql`case when ${isThere(row)} then ${fieldsSql(fields, row)} end`;
  const holdsAt = (row: string, at: Date) => holdsBetween(column(row, begins), column(row, ends), at);
  const ids = rawSql(
    IDENTITIES.map((each) => (identity.includes(each) ? `touched.${each}` : `null::text as ${each}`)).join(", "),
  );
  const keys = rawSql(identity.map((each) => `t.${each}`).join(", "));
  return sql`
    select ${kind}::text as kind,
           case when compared.before is null then 'appeared'
                when compared.after is null then 'disappeared'
                else 'changed' end as change,
           case when compared.before is null then touched.first_begun
                when compared.after is null then touched.last_ended
                else touched.last_begun end as at,
           touched.site_id, ${ids}, compared.before, compared.after
      from (select t.site_id, ${keys}, min(t.${rawSql(begins)}) filter (where t.${rawSql(begins)} > ${from}) as first_begun,
                   max(t.${rawSql(begins)}) as last_begun,
                   max(t.${rawSql(ends)}) filter (where t.${rawSql(ends)} <= ${to}) as last_ended
              from (${begunOrEnded({ table, identity, begins, ends }, siteIds, { from, to })}) as t
             group by t.site_id, ${keys}) as touched
      left join ${rawSql(table)} earlier on ${same("earlier")} and ${holdsAt("earlier", from)}
      left join ${rawSql(table)} later on ${same("later")} and ${holdsAt("later", to)}
     cross join lateral (select ${state("earlier")} as before, ${state("later")} as after) as compared
     where compared.before is distinct from compared.after`;
}

/** Rows that began or ended after the first instant and up to the second: each half by an index of its own. */
function begunOrEnded(
  { table, identity, begins, ends }: Required<Omit<HistoryOfKind, "fields">>,
  siteIds: readonly string[],
  { from, to }: Pick<DifferencesAsked, "from" | "to">,
): Sql {
  const begun = rawSql(`r.${begins}`);
  const ended = rawSql(`r.${ends}`);
  const rows = sql`
    select ${rawSql(["site_id", ...identity, begins, ends].map((each) => `r.${each}`).join(", "))}
      from ${rawSql(table)} r
     where r.site_id = any (${siteIds as string[]})`;
  return sql`
    ${rows} and ${begun} > ${from} and ${begun} <= ${to}
     union all
    ${rows} and ${ended} > ${from} and ${ended} <= ${to} and ${begun} <= ${from}`;
}

function fieldsSql(fields: Readonly<Record<string, string>>, row: string): Sql {
  const pairs = Object.entries(fields).map(([name, column]) => `'${name}', ${column.replaceAll("each.", `${row}.`)}`);
  return rawSql(`jsonb_build_object(${pairs.join(", ")})`);
}

/** The last name that is known by the second instant. */
function nameOf(object: "account" | "group" | "space", to: Date): Sql {
  const id = rawSql(`${object}_id`);
  return sql`
    (select v.${rawSql(object === "account" ? "display_name" : "name")}
       from ${rawSql(`${object}_versions`)} v
      where v.site_id = d.site_id and v.${id} = d.${id} and v.valid_from <= ${to}
      order by v.valid_from desc
      limit 1)`;
}

function principalName(to: Date): Sql {
  return sql`
    case d.principal_type
         when 'user' then (select v.display_name
                             from accounts a
                             join account_versions v on v.site_id = a.site_id and v.account_id = a.id
                            where a.site_id = d.site_id and a.source_id = d.principal_id and v.valid_from <= ${to}
                            order by v.valid_from desc
                            limit 1)
         when 'group' then (select v.name
                              from groups g
                              join group_versions v on v.site_id = g.site_id and v.group_id = g.id
                             where g.site_id = d.site_id and g.source_id = d.principal_id and v.valid_from <= ${to}
                             order by v.valid_from desc
                             limit 1) end`;
}

/** Field by field; of what appeared or disappeared, the fields that say something. */
function fieldChanges(before: Fields, after: Fields): FieldChange[] {
  return Object.keys(after ?? before ?? {}).flatMap((field) => {
    const pair = { field, before: before?.[field] ?? null, after: after?.[field] ?? null };
    return JSON.stringify(pair.before) === JSON.stringify(pair.after) ? [] : [pair];
  });
}
