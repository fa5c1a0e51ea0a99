import type { Scope } from "../../model/scopes.ts";
import type { Reader } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** What an id stands for, and where it is shown. */
export interface Resolved {
  kind: string;
  id: string;
  label: string;
  /** In the web app. */
  href: string;
}

/** Who asks. */
export interface Viewer {
  operatorId: string;
  maySee(scope: Scope): boolean;
}

interface Resolver {
  kind: string;
  scope: Scope;
  /** One row `label, ref`: how it is called, and the id that its page is of. None where the viewer may not know of it. */
  select(id: string, viewer: Viewer): Sql;
  href(ref: string, id: string): string;
}

/** By the prefix of the id. */
export const RESOLVERS: Readonly<Record<string, Resolver>> = {
  person: {
    kind: "person",
    scope: "inventory:read",
    select: (id) => sql`
      select coalesce(s.display_name, v.display_name, p.id) as label, coalesce(p.moved_to, p.id) as ref
        from people p
        left join person_summaries s on s.person_id = p.id
        left join person_versions v on v.person_id = p.id and v.valid_to is null
       where p.id = ${id}`,
    href: (ref) => `/people/${ref}`,
  },
  account: {
    kind: "account",
    scope: "inventory:read",
    select: (id) => sql`
      select coalesce(v.display_name, a.source_id) as label, a.person_id as ref
        from accounts a
        left join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
       where a.id = ${id}`,
    href: (ref, id) => `/people/${ref}?account=${id}`,
  },
  seat: {
    kind: "seat",
    scope: "inventory:read",
    select: (id) => sql`
      select coalesce(v.display_name, a.source_id) as label, a.person_id as ref
        from seats s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
        left join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
       where s.id = ${id}`,
    href: (ref, id) => `/people/${ref}?seat=${id}`,
  },
  group: {
    kind: "group",
    scope: "inventory:read",
    select: (id) => sql`
      select coalesce(v.name, g.source_id) as label, g.id as ref
        from groups g
        left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
       where g.id = ${id}`,
    href: (ref) => `/groups/${ref}`,
  },
  space: {
    kind: "space",
    scope: "inventory:read",
    select: (id) => sql`
      select coalesce(v.name, s.source_id) as label, s.id as ref
        from spaces s
        left join space_versions v on v.site_id = s.site_id and v.space_id = s.id and v.valid_to is null
       where s.id = ${id}`,
    href: (ref) => `/spaces/${ref}`,
  },
  site: named("site", "inventory:read", "sites", (ref) => `/connections?siteId=${ref}`),
  connection: named("connection", "connections:read", "connections", (ref) => `/connections/${ref}`),
  license: named("license", "licenses:read", "licenses", (ref) => `/licenses?tab=licenses&open=${ref}`),
  reclamation: named("reclamation-rule", "reclamation:read", "reclamation_rules", (ref) => `/reclaim/rules/${ref}`),
  exclusion: named("exclusion-rule", "exclusions:read", "exclusion_rules", (ref) => `/exclusions/${ref}`),
  job: named("job", "jobs:read", "jobs", (ref) => `/jobs/${ref}`),
  webhook: named("webhook", "notifications:read", "webhooks", (ref) => `/settings/webhooks?webhook=${ref}`),
  run: {
    kind: "run",
    scope: "runs:read",
    select: (id) => sql`
      select s.name || ', ' || to_char(r.requested_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as label, r.id as ref
        from runs r
        join sites s on s.id = r.site_id
       where r.id = ${id}`,
    href: (ref) => `/runs/${ref}`,
  },
  result: {
    kind: "job-result",
    scope: "jobs:read",
    select: (id) => sql`
      select j.name as label, coalesce(r.run_id, r.id) as ref
        from job_results r
        join jobs j on j.id = r.job_id
       where r.id = ${id}`,
    href: (ref) => `/runs/${ref}`,
  },
  plan: {
    kind: "plan",
    scope: "plans:read",
    select: (id) => sql`select reason as label, id as ref from plans where id = ${id}`,
    href: (ref) => `/reclaim/plans/${ref}`,
  },
  action: {
    kind: "action",
    scope: "plans:read",
    select: (id) => sql`select kind as label, plan_id as ref from actions where id = ${id} and plan_id is not null`,
    href: (ref, id) => `/reclaim/plans/${ref}?action=${id}`,
  },
  candidate: {
    kind: "candidate",
    scope: "reclamation:read",
    select: (id) => sql`
      select coalesce(v.display_name, a.source_id) as label, c.id as ref
        from candidates c
        join accounts a on a.site_id = c.site_id and a.id = c.account_id
        left join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
       where c.id = ${id}`,
    href: (ref) => `/reclaim?tab=candidates&open=${ref}`,
  },
  position: {
    kind: "position",
    scope: "licenses:read",
    select: (id) => sql`
      select to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as label, id as ref
        from position_snapshots
       where id = ${id}`,
    href: (ref) => `/licenses?tab=computations&open=${ref}`,
  },
  identifier: {
    kind: "edition-identifier",
    scope: "inventory:read",
    select: (id) => sql`select identifier as label, id as ref from edition_identifiers where id = ${id}`,
    href: (ref) => `/unrecognized?tab=editions&identifier=${ref}`,
  },
  message: {
    kind: "message",
    scope: "notifications:read",
    select: (id) => sql`select kind as label, id as ref from messages where id = ${id}`,
    href: (ref) => `/settings/notifications?message=${ref}`,
  },
  import: {
    kind: "import",
    scope: "inventory:read",
    select: (id, { maySee }) => sql`
      select coalesce(file_name, kind) as label, id as ref
        from imports
       where id = ${id} and (kind <> 'licenses' or ${maySee("licenses:read")})`,
    href: (ref) => `/journal?subjectId=${ref}`,
  },
  operator: {
    kind: "operator",
    scope: "operators:read",
    select: (id) => sql`select name as label, id as ref from operators where id = ${id}`,
    href: (ref) => `/settings/people?operator=${ref}`,
  },
  token: {
    kind: "token",
    scope: "tokens:read",
    // Others' tokens are the admins' only.
    select: (id, { operatorId, maySee }) => sql`
      select name as label, id as ref
        from api_tokens
       where id = ${id} and (operator_id = ${operatorId} or ${maySee("*")})`,
    href: (ref) => `/settings/tokens?token=${ref}`,
  },
};

/** Tables with `id` and `name`; their names are written here, never taken from outside. */
type NamedTable = "sites" | "connections" | "licenses" | "reclamation_rules" | "exclusion_rules" | "jobs" | "webhooks";

function named(kind: string, scope: Scope, table: NamedTable, href: (ref: string) => string): Resolver {
  return {
    kind,
    scope,
    href,
    select: (id) => sql`select name as label, id as ref from ${rawSql(table)} where id = ${id}`,
  };
}

/** Null: there is no such thing, or whoever asks may not know of it. */
export async function resolveId(
  reader: Reader,
  { prefix, id }: { prefix: string; id: string },
  viewer: Viewer,
): Promise<Resolved | null> {
  const resolver = Object.hasOwn(RESOLVERS, prefix) ? RESOLVERS[prefix] : undefined;
  if (!resolver || !viewer.maySee(resolver.scope)) return null;
  const [row] = await reader.query<{ label: string; ref: string }>(resolver.select(id, viewer));
  return row ? { kind: resolver.kind, id, label: row.label, href: resolver.href(row.ref, id) } : null;
}

/** The person with this address now, in lower case. */
export async function findPersonByEmail(reader: Reader, email: string): Promise<Resolved | null> {
  const [row] = await reader.query<{ id: string; label: string }>(sql`
    select person_id as id, display_name as label
      from person_summaries
     where lower(email) collate "C" = ${email}
     order by seats_count desc, person_id
     limit 1
  `);
  return row ? { kind: "person", ...row, href: `/people/${row.id}` } : null;
}

/** The space, the account or the site that an address in Confluence leads to. */
export async function findByAddress(
  reader: Reader,
  page: { host: string; spaceKey: string | null; accountId: string | null },
): Promise<Resolved | null> {
  const sites = await reader.query<{ id: string; label: string }>(sql`
    select id, name as label
      from sites
     where lower(split_part(regexp_replace(base_url, '^https?://', ''), '/', 1)) = lower(${page.host})
     order by id
  `);
  const siteIds = sites.map(({ id }) => id);
  const [space] = await reader.query<{ id: string; label: string }>(sql`
    select v.space_id as id, v.name as label
      from space_versions v
     where v.site_id = any (${siteIds}) and v.key = ${page.spaceKey} and v.valid_to is null
     limit 1
  `);
  if (space) return { kind: "space", ...space, href: `/spaces/${space.id}` };
  const [account] = await reader.query<{ id: string; label: string; personId: string }>(sql`
    select a.id, coalesce(v.display_name, a.source_id) as label, a.person_id as "personId"
      from accounts a
      left join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
     where a.site_id = any (${siteIds}) and a.source_id = ${page.accountId}
     limit 1
  `);
  if (account) return { kind: "account", id: account.id, label: account.label, href: `/people/${account.personId}` };
  const [site] = sites;
  return site ? { kind: "site", ...site, href: `/connections?siteId=${site.id}` } : null;
}
