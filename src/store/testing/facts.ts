import { sortKey } from "../../lib/sort-key.ts";
import type { ConnectionSettings, Edition, RoleMode, SourceKind } from "../../model/connections.ts";
import type {
  AccountStatus,
  AccountType,
  ActivityType,
  EvidenceKind,
  EvidenceSource,
  GroupManagement,
  PrincipalType,
} from "../../model/facts.ts";
import type { ListingKind, ListingState, RunScope } from "../../model/runs.ts";
import type { Database } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** When the facts of a test were observed, unless it says otherwise. */
export const OBSERVED_AT = new Date("2026-11-21T12:00:00Z");

export interface AccountFixture {
  type?: AccountType;
  status?: AccountStatus;
  isGuest?: boolean;
  isSuspended?: boolean | null;
  hasAccess?: boolean | null;
  email?: string | null;
  department?: string | null;
  jobTitle?: string | null;
  addedAt?: Date | null;
  firstSeenAt?: Date;
}

/** Hand-written facts of one site. Accounts, groups and spaces are named by a word, which is also their source id. */
export interface SiteFixture {
  siteId: string;
  connectionId: string;
  settings: ConnectionSettings;
  /** Returns the id that Usher gave it. */
  account(name: string, fields?: AccountFixture): Promise<string>;
  /** Closes what holds of an account, as a run does that no longer finds it, or opens another version of it. */
  changeAccount(name: string, fields: AccountFixture | "gone", at?: Date): Promise<void>;
  group(
    name: string,
    fields?: { gives?: "user" | "admin"; managedBy?: GroupManagement; members?: string[] },
  ): Promise<string>;
  join(group: string, ...accounts: string[]): Promise<void>;
  leave(group: string, account: string, at?: Date): Promise<void>;
  /** Puts one group into another, and what follows from that into the closure, as a run does. */
  nest(group: string, memberGroup: string, at?: Date): Promise<void>;
  decide(group: string, state: "confirmed" | "added" | "dropped"): Promise<void>;
  space(key: string, fields?: { type?: string; name?: string }): Promise<string>;
  permit(
    space: string,
    type: PrincipalType,
    principal: string,
    rights?: "read" | "administer" | "other",
  ): Promise<void>;
  role(name: string, can: "read" | "administer" | "nothing"): Promise<void>;
  assign(space: string, type: PrincipalType, principal: string, ...roles: string[]): Promise<void>;
  evidence(account: string, kind: EvidenceKind, lastAt: Date | null, known?: KnownFixture): Promise<void>;
  window(kind: EvidenceKind, known?: KnownFixture): Promise<void>;
  /** A finished run with these listings; returns its id. */
  run(observedAt: Date, scope: RunScope, listings: ListingFixture[]): Promise<string>;
  event(
    account: string,
    occurredAt: Date,
    fields?: { summary?: string; type?: ActivityType; id?: string },
  ): Promise<void>;
}

export interface ListingFixture {
  kind: ListingKind;
  scope?: string;
  state: ListingState;
  error?: { code: string; message: string; fix: string | null };
}

export interface KnownFixture {
  source?: EvidenceSource;
  since?: Date | null;
  until?: Date;
  /** False: the source does not tell of the account, so the window of its kind does not hold for it. */
  isTold?: boolean;
}

export interface SiteOptions {
  name?: string;
  source?: SourceKind;
  edition?: Edition | null;
  roleMode?: RoleMode | null;
  idleAfterDays?: number;
  staleAfterHours?: number;
}

/** A published connection with one site, and nothing on it. */
export async function siteFixture(db: Database, options: SiteOptions = {}): Promise<SiteFixture> {
  const {
    name = "acme",
    source = "confluence-cloud",
    edition = "standard",
    roleMode = "pre-roles",
    idleAfterDays = 60,
    staleAfterHours = 36,
  } = options;
  const settings: ConnectionSettings = {
    analyzeActivitySince: daysAgo(90),
    idleAfterDays,
    staleAfterHours,
    safeguardPercentMax: 20,
    safeguardCountMin: 10,
    splitDisplayName: false,
  };
  const one = async (statement: Sql): Promise<string> =>
    db.transaction(async (tx) => (await tx.query<{ id: string }>(statement))[0]?.id ?? "");
  const run = (statement: Sql) => db.transaction((tx) => tx.execute(statement));

  const operatorId = await one(sql`
    insert into operators (kind, name, created_at) values ('person', ${name}, ${OBSERVED_AT}) returning id
  `);
  const connectionId = await one(sql`
    insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
    values (${name}, ${source}, 'published', '{roster,activity,permissions}',
            ${JSON.stringify(settings)}, ${operatorId}, ${OBSERVED_AT}, ${OBSERVED_AT})
    returning id
  `);
  const siteId = await one(sql`
    insert into sites (source, source_key, base_url, name, edition, role_mode, last_synced_at, created_at)
    values (${source}, ${name}, ${`https://${name}.example`}, ${name}, ${edition}, ${roleMode}, ${OBSERVED_AT},
            ${OBSERVED_AT})
    returning id
  `);
  await run(sql`
    insert into connection_sites (connection_id, site_id, added_at) values (${connectionId}, ${siteId}, ${OBSERVED_AT})
  `);

  const idOf = (table: "accounts" | "groups", sourceId: string) => sql`
    (select id from ${rawSql(table)} where site_id = ${siteId} and source_id = ${sourceId})`;
  const spaceId = (key: string) => sql`(select id from spaces where site_id = ${siteId} and source_id = ${key})`;
  const version = (accountName: string, fields: AccountFixture, at: Date) => sql`
    insert into account_versions
      (site_id, account_id, valid_from, account_type, status, is_guest, is_suspended, has_access, display_name, email,
       department, job_title, added_at, origins, sort_key)
    values (${siteId}, ${idOf("accounts", accountName)}, ${at}, ${fields.type ?? "atlassian"}, ${fields.status ?? "active"},
            ${fields.isGuest ?? false}, ${fields.isSuspended ?? null}, ${fields.hasAccess ?? null}, ${accountName},
            ${fields.email ?? null}, ${fields.department ?? null}, ${fields.jobTitle ?? null}, ${fields.addedAt ?? null},
            '{}', ${sortKey(accountName)})`;

  const fixture: SiteFixture = {
    siteId,
    connectionId,
    settings,
    async account(accountName, fields = {}) {
      const firstSeenAt = fields.firstSeenAt ?? OBSERVED_AT;
      const [known] = await db.query<{ personId: string }>(sql`
        select person_id as "personId" from person_identifiers where kind = 'atlassian-account' and value = ${accountName}
      `);
      const personId =
        known?.personId ?? (await one(sql`insert into people (first_seen_at) values (${firstSeenAt}) returning id`));
      await run(sql`
        insert into person_identifiers (kind, value, person_id) values ('atlassian-account', ${accountName}, ${personId})
            on conflict do nothing
      `);
      const id = await one(sql`
        insert into accounts (site_id, source_id, person_id, first_seen_at)
        values (${siteId}, ${accountName}, ${personId}, ${firstSeenAt}) returning id
      `);
      await run(version(accountName, fields, firstSeenAt));
      return id;
    },
    async changeAccount(accountName, fields, at = OBSERVED_AT) {
      await run(sql`
        update account_versions set valid_to = ${at}
         where site_id = ${siteId} and account_id = ${idOf("accounts", accountName)} and valid_to is null
      `);
      if (fields !== "gone") await run(version(accountName, fields, at));
    },
    async group(groupName, { gives, managedBy = "admins", members = [] } = {}) {
      const id = await one(sql`
        insert into groups (site_id, source_id, first_seen_at) values (${siteId}, ${groupName}, ${OBSERVED_AT})
        returning id
      `);
      await run(sql`
        insert into group_versions (site_id, group_id, valid_from, name, managed_by, sort_key)
        values (${siteId}, ${id}, ${OBSERVED_AT}, ${groupName}, ${managedBy}, ${sortKey(groupName)})
      `);
      if (gives) {
        await run(sql`
          insert into product_access (site_id, group_id, access, valid_from)
          values (${siteId}, ${id}, ${gives}, ${OBSERVED_AT})
        `);
      }
      await fixture.join(groupName, ...members);
      return id;
    },
    async join(groupName, ...accounts) {
      await run(sql`
        insert into memberships (site_id, group_id, account_id, valid_from)
        select ${siteId}, ${idOf("groups", groupName)}, a.id,
               coalesce((select max(m.valid_to) from memberships m where m.account_id = a.id), ${OBSERVED_AT})
          from accounts a
         where a.site_id = ${siteId} and a.source_id = any (${accounts})
      `);
    },
    async leave(groupName, accountName, at = OBSERVED_AT) {
      await run(sql`
        update memberships set valid_to = ${at}
         where site_id = ${siteId} and group_id = ${idOf("groups", groupName)}
           and account_id = ${idOf("accounts", accountName)} and valid_to is null
      `);
    },
    async nest(groupName, memberGroup, at = OBSERVED_AT) {
      await run(sql`
        insert into group_nestings (site_id, group_id, member_group_id, valid_from)
        values (${siteId}, ${idOf("groups", groupName)}, ${idOf("groups", memberGroup)}, ${at})
      `);
      await run(sql`
        insert into group_closure (site_id, group_id, member_group_id, valid_from)
          with recursive below as (
            select group_id, member_group_id from group_nestings where site_id = ${siteId} and valid_to is null
             union
            select below.group_id, n.member_group_id
              from below
              join group_nestings n
                on n.site_id = ${siteId} and n.group_id = below.member_group_id and n.valid_to is null)
        select ${siteId}, group_id, member_group_id, ${at}
          from below
         where group_id <> member_group_id
            on conflict do nothing
      `);
    },
    async decide(groupName, state) {
      await run(sql`
        with decided as (
          insert into product_access_decisions (site_id, group_id, state, reason, decided_by, decided_at)
          values (${siteId}, ${idOf("groups", groupName)}, ${state}, 'because', ${operatorId}, ${OBSERVED_AT})
          returning site_id, group_id, state, reason, decided_by, decided_at)
        insert into product_access_decision_versions (site_id, group_id, state, reason, decided_by, valid_from)
        select site_id, group_id, state, reason, decided_by, decided_at from decided
      `);
    },
    async space(key, { type = "global", name: spaceName = key } = {}) {
      const id = await one(sql`
        insert into spaces (site_id, source_id, ordinal, first_seen_at)
        values (${siteId}, ${key}, (select count(*) from spaces where site_id = ${siteId}), ${OBSERVED_AT}) returning id
      `);
      await run(sql`
        insert into space_versions (site_id, space_id, valid_from, key, name, type, status, sort_key)
        values (${siteId}, ${id}, ${OBSERVED_AT}, ${key}, ${spaceName}, ${type}, 'current', ${sortKey(spaceName)})
      `);
      return id;
    },
    async permit(space, type, principal, rights = "read") {
      const operations = OPERATIONS[rights].map(([key, target]) => ({ key, target, sourceId: `${key}-${target}` }));
      await run(sql`
        insert into space_permissions
          (site_id, space_id, principal_type, principal_id, valid_from, operations, can_read, can_administer)
        values (${siteId}, ${spaceId(space)}, ${type}, ${principal}, ${OBSERVED_AT}, ${JSON.stringify(operations)},
                ${rights !== "other"}, ${rights === "administer"})
      `);
    },
    async role(roleName, can) {
      const id = await one(sql`
        insert into space_roles (site_id, source_id, first_seen_at) values (${siteId}, ${roleName}, ${OBSERVED_AT})
        returning id
      `);
      await run(sql`
        insert into space_role_versions (site_id, role_id, valid_from, name, is_custom, permissions, can_read, can_administer)
        values (${siteId}, ${id}, ${OBSERVED_AT}, ${roleName}, false, '[]', ${can !== "nothing"}, ${can === "administer"})
      `);
    },
    async assign(space, type, principal, ...roles) {
      await run(sql`
        insert into role_assignments (site_id, space_id, principal_type, principal_id, valid_from, roles)
        values (${siteId}, ${spaceId(space)}, ${type}, ${principal}, ${OBSERVED_AT}, ${roles.toSorted()})
      `);
    },
    async evidence(accountName, kind, lastAt, known = {}) {
      const { source = sourceOf(kind), since = null, until = OBSERVED_AT, isTold = true } = known;
      await run(sql`
        insert into evidence (site_id, account_id, kind, source, last_at, known_since, known_until, is_told)
        values (${siteId}, ${idOf("accounts", accountName)}, ${kind}, ${source}, ${lastAt}, ${since}, ${until}, ${isTold})
      `);
    },
    async window(kind, { source = sourceOf(kind), since = null, until = OBSERVED_AT } = {}) {
      await run(sql`
        insert into evidence_windows (site_id, kind, source, known_since, known_until)
        values (${siteId}, ${kind}, ${source}, ${since}, ${until})
      `);
    },
    async run(observedAt, scope, listings) {
      const runId = await one(sql`
        insert into runs (site_id, connection_id, scope, trigger, state, requested_by, requested_at, observed_at, finished_at)
        values (${siteId}, ${connectionId}, ${scope}, 'person', 'succeeded', 'system', ${observedAt}, ${observedAt},
                ${observedAt})
        returning id
      `);
      for (const each of listings) {
        await run(sql`
          insert into listings (run_id, key, kind, scope, state, error, updated_at)
          values (${runId}, ${`${each.kind}/${each.scope ?? ""}`}, ${each.kind}, ${each.scope ?? null}, ${each.state},
                  ${each.error ? JSON.stringify(each.error) : null}, ${observedAt})
        `);
      }
      return runId;
    },
    async event(
      accountName,
      occurredAt,
      { summary = "edited a page", type = "page", id = occurredAt.toISOString() } = {},
    ) {
      await run(sql`
        insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
        values (${siteId}, 'content-search', ${`${accountName}/${id}`}, ${idOf("accounts", accountName)}, ${type},
                ${summary}, ${occurredAt}, ${OBSERVED_AT})
      `);
    },
  };
  return fixture;
}

const OPERATIONS = {
  read: [["read", "space"]],
  administer: [
    ["read", "space"],
    ["administer", "space"],
  ],
  other: [["create", "page"]],
} as const;

function sourceOf(kind: EvidenceKind): EvidenceSource {
  return kind === "contributed" ? "content-search" : kind === "administered" ? "audit-log" : "organization";
}

/** So many days before the facts were observed. */
export function daysAgo(days: number): Date {
  return new Date(OBSERVED_AT.getTime() - days * 86_400_000);
}
