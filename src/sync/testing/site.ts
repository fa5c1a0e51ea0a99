import type { Capability } from "../../model/connections.ts";
import type { AccountStatus, ProductAccess } from "../../model/facts.ts";
import {
  SourceFailure,
  type ContentType,
  type Cursor,
  type ObservedAccount,
  type ObservedAuditEvent,
  type ObservedContentChange,
  type ObservedGroup,
  type ObservedOrganizationAccount,
  type ObservedOrganizationGroup,
  type ObservedPermission,
  type ObservedRoleAssignment,
  type ObservedSpace,
  type ObservedSpaceRole,
  type Page,
  type SiteAbilities,
  type SiteDescription,
  type SiteListing,
  type SiteSource,
  type SourceEvent,
  type SourceFailureCode,
} from "../../sources/source.ts";

/** A site written down by hand. Tests change its fields between runs, and what it answers while one goes on. */
export interface HandmadeSite extends SiteSource {
  accounts: Map<string, { name: string; status: AccountStatus; inSearch: boolean; email?: string; isGuest?: boolean }>;
  groups: Map<string, { name: string; members: string[]; access?: ProductAccess; subgroups?: string[] }>;
  spaces: Map<
    string,
    { key: string; name: string; permissions: [type: "user" | "group", id: string, ...keys: string[]][] }
  >;
  roles: ObservedSpaceRole[];
  assignments: Map<string, ObservedRoleAssignment[]>;
  content: (Omit<ObservedContentChange, "type"> & { type: ContentType })[];
  directory: { accounts: ObservedOrganizationAccount[]; groups: ObservedOrganizationGroup[] } | null;
  description: SiteDescription;
  /** Spaces whose deletion the audit log records, by key; null: there is no audit log. */
  deletedSpaces: Set<string> | null;
  /** Newest first. */
  audit: ObservedAuditEvent[];
  rowsPerPage: number;
  /** Every call as `name scope cursor`, in order. */
  calls: string[];
  /** Called before each answer; throws what the test wants to go wrong. */
  interrupt: (call: string) => Promise<void> | void;
  observe: (event: SourceEvent) => void;
  lose(listing: SiteListing, code?: SourceFailureCode): void;
}

export function handmadeSite(): HandmadeSite {
  const listings = Object.fromEntries(LISTINGS.map((each) => [each, null])) as SiteAbilities["listings"];
  const abilities: SiteAbilities = { listings, servedBy: {}, searchLimit: 10_000 };
  listings["organization-accounts"] = failure("source.missing-credential");
  listings["organization-groups"] = failure("source.missing-credential");
  listings.subgroups = failure("source.edition-lacks");

  async function answer<T>(call: string, make: () => T): Promise<T> {
    site.calls.push(call);
    site.observe({ kind: "request", endpoint: call, status: 200, tookMs: 1, points: 0, credentialId: "c", attempt: 1 });
    await site.interrupt(call);
    return make();
  }
  function page<Row>(call: string, cursor: Cursor, rows: () => readonly Row[]): Promise<Page<Row>> {
    return answer(`${call} ${cursor ?? "start"}`, () => {
      const start = Number(cursor ?? 0);
      const end = start + site.rowsPerPage;
      const all = rows();
      return { rows: all.slice(start, end), next: end < all.length ? String(end) : null };
    });
  }
  function group(id: string): ObservedGroup {
    return { sourceId: id, name: site.groups.get(id)?.name ?? id, managedBy: null, usage: null };
  }
  function account(id: string, origin: ObservedAccount["origin"]): ObservedAccount {
    const found = site.accounts.get(id);
    return {
      sourceId: id,
      accountType: "atlassian",
      status: origin === "users-bulk" ? (found?.status ?? null) : null,
      isGuest: found?.isGuest ?? false,
      hasAccess: null,
      displayName: found?.name ?? id,
      publicName: null,
      email: found?.email ?? null,
      timeZone: null,
      origin,
    };
  }
  function space(id: string): ObservedSpace | null {
    const found = site.spaces.get(id);
    if (!found) return null;
    const { key, name } = found;
    return {
      sourceId: id,
      key,
      name,
      type: "global",
      status: "current",
      ownerSourceId: null,
      homepageSourceId: null,
      createdAt: null,
    };
  }

  const site: HandmadeSite = {
    accounts: new Map(),
    groups: new Map(),
    spaces: new Map(),
    roles: [],
    assignments: new Map(),
    content: [],
    directory: null,
    description: {
      name: "Acme",
      baseUrl: null,
      edition: "standard",
      editionIdentifier: "standard",
      roleMode: "pre-roles",
      organizationId: null,
      currentAccountId: "petra",
    },
    deletedSpaces: new Set(),
    audit: [],
    rowsPerPage: 100,
    calls: [],
    interrupt: () => undefined,
    observe: () => undefined,
    lose: (listing, code = "source.missing-scope") => void (listings[listing] = failure(code)),
    abilities,
    describe: () => answer("describe", () => site.description),
    probe: async () => [],
    forecast: () => ({ requests: 0, points: 0 }),
    readAccounts: (cursor) =>
      page("accounts", cursor, () =>
        [...site.accounts].filter(([, each]) => each.inSearch).map(([id]) => account(id, "user-search")),
      ),
    readAccountsById: (ids) =>
      answer(`accounts-by-id ${ids.join(",")}`, () =>
        ids.filter((id) => site.accounts.has(id)).map((id) => account(id, "users-bulk")),
      ),
    readGroups: (cursor) => page("groups", cursor, () => [...site.groups.keys()].map(group)),
    readProductAccessGroups: (access, cursor) =>
      page(`product-access ${access}`, cursor, () =>
        [...site.groups].filter(([, each]) => each.access === access).map(([id]) => group(id)),
      ),
    findGroup: (id) => answer(`find-group ${id}`, () => (site.groups.has(id) ? group(id) : null)),
    readMembers: (id, cursor) =>
      page(`members ${id}`, cursor, () =>
        (site.groups.get(id)?.members ?? []).map((each) => account(each, "group-members")),
      ),
    readGroupsOfAccount: (id, cursor) =>
      page(`groups-of ${id}`, cursor, () =>
        [...site.groups].filter(([, each]) => each.members.includes(id)).map(([groupId]) => group(groupId)),
      ),
    readSubgroups: (id, cursor) =>
      page(`subgroups ${id}`, cursor, () => (site.groups.get(id)?.subgroups ?? []).map(group)),
    readSpaces: (cursor) => page("spaces", cursor, () => [...site.spaces.keys()].flatMap((id) => space(id) ?? [])),
    findSpace: (id) => answer(`find-space ${id}`, () => space(id)),
    findDeletedSpaces: (spaces) =>
      answer("deleted-spaces", () => {
        const { deletedSpaces } = site;
        return (
          deletedSpaces && new Set(spaces.filter((each) => deletedSpaces.has(each.key)).map((each) => each.sourceId))
        );
      }),
    readSpacePermissions: (id, cursor) =>
      page(`permissions ${id}`, cursor, () =>
        (site.spaces.get(id)?.permissions ?? []).flatMap(
          ([principalType, principalId, ...keys]): ObservedPermission[] =>
            keys.map((operationKey) => ({
              sourceId: `${id}/${principalId}/${operationKey}`,
              principalType,
              principalId,
              operationKey,
              operationTarget: "space",
            })),
        ),
      ),
    readSpaceRoles: (cursor) => page("roles", cursor, () => site.roles),
    readRoleAssignments: (id, cursor) => page(`assignments ${id}`, cursor, () => site.assignments.get(id) ?? []),
    readContent: (type, since, cursor) =>
      page(`content ${type}`, cursor, () =>
        site.content.filter((each) => each.type === type && each.occurredAt >= since),
      ),
    readAuditEvents: (since, cursor) =>
      page("audit", cursor, () => site.audit.filter((each) => each.occurredAt >= since)),
    readOrganizationAccounts: (cursor) => page("directory", cursor, () => site.directory?.accounts ?? []),
    readOrganizationGroups: (cursor) => page("directory-groups", cursor, () => site.directory?.groups ?? []),
    close: () => undefined,
  };
  return site;
}

/** `accounts` licensed people in one group that gives the product, five other groups, and some spaces. */
export function smallCompany(accounts = 30): HandmadeSite {
  const site = handmadeSite();
  const ids = Array.from({ length: accounts }, (_, index) => `person-${String(index).padStart(3, "0")}`);
  for (const id of ids) site.accounts.set(id, { name: `Name of ${id}`, status: "active", inSearch: true });
  site.groups.set("everybody", { name: "confluence-users", members: ids, access: "user" });
  for (let number = 0; number < 5; number += 1) {
    site.groups.set(`team-${number}`, { name: `Team ${number}`, members: ids.slice(number * 4, number * 4 + 4) });
    site.spaces.set(`space-${number}`, {
      key: `S${number}`,
      name: `Space ${number}`,
      permissions: [
        ["group", "everybody", "read"],
        ["user", ids[number] ?? "", "read", "administer"],
      ],
    });
  }
  return site;
}

export function failure(code: SourceFailureCode, capability: Capability | null = "roster"): SourceFailure {
  return new SourceFailure(`The test says ${code}.`, {
    code,
    capability,
    publicMessage: `The source answered ${code}.`,
    fix: "Nothing to do in a test.",
  });
}

const LISTINGS: readonly SiteListing[] = [
  "accounts",
  "accounts-by-id",
  "groups",
  "product-access",
  "members",
  "groups-of-account",
  "subgroups",
  "spaces",
  "space-permissions",
  "space-roles",
  "role-assignments",
  "content",
  "audit",
  "organization-accounts",
  "organization-groups",
];
