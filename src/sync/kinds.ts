import type { Capability } from "../model/connections.ts";
import type { ProductAccess } from "../model/facts.ts";
import type { ListingKind } from "../model/runs.ts";
import type { ContentType, Page, SiteListing } from "../sources/source.ts";
import type { Tx } from "../store/database.ts";
import { findListingState, forgetStaged, type Listing } from "../store/listings.ts";
import { mergeAccounts, mergeAccountStatuses } from "../store/merge/accounts.ts";
import { addContentEvents, type EventRow } from "../store/merge/activity.ts";
import { mergeAuditEvents } from "../store/merge/audit.ts";
import { mergeGroups, mergeGroupsById, mergeProductAccess } from "../store/merge/groups.ts";
import { stagedRows, type Incoming, type MergeResult } from "../store/merge/incoming.ts";
import { mergeGroupsOfAccounts, mergeMembers, type MemberRow } from "../store/merge/memberships.ts";
import { mergeNestings } from "../store/merge/nestings.ts";
import { mergeOrganization } from "../store/merge/organization.ts";
import {
  listGroupsToRead,
  listNewGroups,
  listNewSpaces,
  listSeatGroupsToRead,
  listSpacesToRead,
} from "../store/merge/plan.ts";
import { mergeRoleAssignments, mergeSpacePermissions, mergeSpaceRoles } from "../store/merge/space-access.ts";
import { mergeSpaces, mergeSpacesById } from "../store/merge/spaces.ts";
import type { RunUnderWay } from "./context.ts";
import type { Thinned } from "./merged-accounts.ts";
import { membersOfGroups, nestingsOfGroups, planned, plannedBatches, rightsOfSpaces, type Planned } from "./plan.ts";
import {
  accountRow,
  auditRow,
  eventRow,
  groupOfAccountRow,
  groupRow,
  organizationAccountRow,
  organizationGroupRow,
  roleAssignmentRows,
  spacePermissionRows,
  spaceRoleRow,
  spaceRow,
} from "./rows.ts";

export interface Merged extends MergeResult {
  /** What is to be read because of what was merged. */
  planned?: Planned[];
}

/** How one kind of listing is read and merged. */
export interface ListingDefinition {
  /** What the source must be able to serve. */
  needs: SiteListing;
  capability: Capability;
  read(run: RunUnderWay, listing: Listing, signal: AbortSignal): Promise<Page<object>>;
  /**
   * `set`: compared as a whole once complete. `append`: each page is added with its cursor, nothing is staged.
   * `kept`: stays staged when complete, for the listing that is merged with it.
   */
  mode: "set" | "append" | "kept";
  /** Nobody was promised it: that it may not be read is said, and degrades nothing. */
  isExtra?: true;
  /** Kinds that must have ended before this one is merged. */
  mergesAfter?: readonly ListingKind[];
  /** Most listings of one merge; 50 unless the merge needs to know its one scope. */
  listingsMax?: number;
  /** Leaves out what comparing again would tell nothing; only of rows that were not staged. */
  thin?(run: RunUnderWay, rows: readonly object[]): Thinned;
  merge(tx: Tx, run: RunUnderWay, incoming: Incoming, listings: readonly Listing[]): Promise<Merged>;
  /** Adds one page; only for `append`. */
  append?(tx: Tx, run: RunUnderWay, rows: readonly object[]): Promise<MergeResult>;
}

/** Views are known up to a day late (FACTS §0.5, PRODUCT §5). */
const VIEWS_LATE_MS = 24 * 3_600_000;

export const ORGANIZATION_GROUPS_KEY = "organization-groups";

export const DEFINITIONS: Record<ListingKind, ListingDefinition> = {
  accounts: {
    needs: "accounts",
    capability: "roster",
    mode: "set",
    async read({ source, setup }, { cursor }, signal) {
      const page = await source.readAccounts(cursor, signal);
      return mapPage(page, (each) => accountRow(each, setup.settings.splitDisplayName));
    },
    async merge(tx, run, incoming, listings) {
      const rows = listings.reduce((sum, each) => sum + each.rows, 0);
      const isCut = rows >= run.source.abilities.searchLimit;
      if (isCut) {
        run.progress.tell({
          level: "warn",
          event: "accounts.search-cut",
          message: `The user search ended at its limit of ${run.source.abilities.searchLimit}: accounts are the union of search and members.`,
          data: { rows, limit: run.source.abilities.searchLimit },
        });
      }
      return mergeAccounts(tx, run.merge, incoming, { noteMissing: !isCut });
    },
  },
  "account-statuses": {
    needs: "accounts-by-id",
    capability: "roster",
    mode: "set",
    async read({ source, setup }, { scope }, signal) {
      const seen = await source.readAccountsById((scope ?? "").split(" "), signal);
      return { rows: seen.map((each) => accountRow(each, setup.settings.splitDisplayName)), next: null };
    },
    async merge(tx, run, incoming, listings) {
      const asked = listings.flatMap((each) => (each.scope ?? "").split(" "));
      const trustsDirectory = run.run.scope === "full" && !run.merge.isDirectoryLost;
      return mergeAccountStatuses(tx, run.merge, incoming, asked, { trustsDirectory });
    },
  },
  "organization-accounts": {
    needs: "organization-accounts",
    capability: "roster",
    mode: "set",
    mergesAfter: ["accounts", "groups", "product-access", "organization-groups"],
    async read({ source, setup }, { cursor }, signal) {
      const page = await source.readOrganizationAccounts(cursor, signal);
      return mapPage(page, (each) => organizationAccountRow(each, setup.settings.splitDisplayName));
    },
    async merge(tx, run, incoming) {
      const views = {
        kind: "viewed",
        source: "organization",
        knownSince: null,
        knownUntil: new Date(run.merge.observedAt.getTime() - VIEWS_LATE_MS),
      } as const;
      const counts = stagedRows(run.run.id, [ORGANIZATION_GROUPS_KEY]);
      const { disputedGroups, possibleGuests, ...result } = await mergeOrganization(
        tx,
        run.merge,
        incoming,
        counts,
        views,
      );
      await forgetStaged(tx, run.run.id, [ORGANIZATION_GROUPS_KEY]);
      const canAsk = run.source.abilities.listings["accounts-by-id"] === null;
      return {
        ...result,
        planned: [...planned("memberships", disputedGroups), ...plannedBatches(canAsk ? possibleGuests : [])],
      };
    },
  },
  "organization-groups": {
    needs: "organization-groups",
    capability: "roster",
    mode: "kept",
    async read({ source }, { cursor }, signal) {
      return mapPage(await source.readOrganizationGroups(cursor, signal), organizationGroupRow);
    },
    merge: async () => ({ added: 0, changed: 0 }),
  },
  groups: {
    needs: "groups",
    capability: "roster",
    mode: "set",
    async read({ source }, { cursor }, signal) {
      return mapPage(await source.readGroups(cursor, signal), groupRow);
    },
    async merge(tx, run, incoming) {
      const result = await mergeGroups(tx, run.merge, incoming);
      if (run.run.scope === "delta") return withNewGroups(tx, run, result);
      const groups = await listGroupsToRead(tx, run.run.siteId, run.run.id);
      const nestings = nestingsOfGroups(run, groups);
      // With a directory the memberships come in bulk, and only disputed groups are read one by one.
      return { ...result, planned: [...(readsDirectory(run) ? [] : planned("memberships", groups)), ...nestings] };
    },
  },
  "product-access": {
    needs: "product-access",
    capability: "roster",
    mode: "set",
    listingsMax: 1,
    async read({ source }, { scope, cursor }, signal) {
      return mapPage(await source.readProductAccessGroups(accessOf(scope), cursor, signal), groupRow);
    },
    async merge(tx, run, incoming, [listing]) {
      const result = await mergeProductAccess(tx, run.merge, incoming, accessOf(listing?.scope ?? null));
      if (run.run.scope === "delta") return withNewGroups(tx, run, result);
      if (run.run.scope !== "license") return result;
      return { ...result, planned: planned("memberships", await listSeatGroupsToRead(tx, run.run.siteId)) };
    },
  },
  memberships: {
    needs: "members",
    capability: "roster",
    mode: "set",
    async read({ source, setup }, { scope, cursor }, signal) {
      // Whether a member may use the product comes at no further request; asked always, it never changes by the asking.
      // An empty answer is believed here: whoever it leaves without a membership is looked for a second time anyway.
      const page = await source.readMembers(scope ?? "", cursor, { withAccess: true, expectsMembers: false }, signal);
      return mapPage(page, (each) => ({ scope, ...accountRow(each, setup.settings.splitDisplayName) }));
    },
    thin: ({ mergedAccounts }, rows) => mergedAccounts.thin(rows as readonly MemberRow[]),
    merge: (tx, run, incoming, listings) => mergeMembers(tx, run.merge, incoming, scopesOf(listings)),
  },
  "group-nestings": {
    needs: "subgroups",
    capability: "roster",
    mode: "set",
    // A group that nobody knows yet cannot be noted as one within another.
    mergesAfter: ["groups", "group-by-id"],
    async read({ source }, { scope, cursor }, signal) {
      const page = await source.readSubgroups(scope ?? "", cursor, signal);
      return mapPage(page, (each) => ({ scope, source_id: each.sourceId }));
    },
    merge: (tx, run, incoming, listings) => mergeNestings(tx, run.merge, incoming, scopesOf(listings)),
  },
  spaces: {
    needs: "spaces",
    capability: "permissions",
    mode: "set",
    mergesAfter: ["space-roles"],
    async read({ source }, { cursor }, signal) {
      return mapPage(await source.readSpaces(cursor, signal), spaceRow);
    },
    async merge(tx, run, incoming) {
      const result = await mergeSpaces(tx, run.merge, incoming);
      if (run.run.scope === "delta") return withNewSpaces(tx, run, result);
      const spaces = await listSpacesToRead(tx, run.run.siteId, run.run.id);
      const catalog = await findListingState(tx, run.run.id, "space-roles");
      return { ...result, planned: rightsOfSpaces(run, spaces, catalog) };
    },
  },
  "space-permissions": {
    needs: "space-permissions",
    capability: "permissions",
    mode: "set",
    async read({ source }, { scope, cursor }, signal) {
      const page = await source.readSpacePermissions(scope ?? "", cursor, signal);
      return { rows: spacePermissionRows(scope ?? "", page.rows), next: page.next };
    },
    merge: (tx, run, incoming, listings) =>
      mergeSpacePermissions(tx, run.merge, incoming, scopesOf(listings), {
        isOncePerPrincipal: listings.every((each) => each.pages === 1),
      }),
  },
  "space-roles": {
    needs: "space-roles",
    capability: "permissions",
    mode: "set",
    async read({ source }, { cursor }, signal) {
      return mapPage(await source.readSpaceRoles(cursor, signal), spaceRoleRow);
    },
    merge: (tx, run, incoming) => mergeSpaceRoles(tx, run.merge, incoming),
  },
  "role-assignments": {
    needs: "role-assignments",
    capability: "permissions",
    mode: "set",
    async read({ source }, { scope, cursor }, signal) {
      const page = await source.readRoleAssignments(scope ?? "", cursor, signal);
      return { rows: roleAssignmentRows(scope ?? "", page.rows), next: page.next };
    },
    merge: (tx, run, incoming, listings) => mergeRoleAssignments(tx, run.merge, incoming, scopesOf(listings)),
  },
  "content-activity": {
    needs: "content",
    capability: "activity",
    mode: "append",
    async read({ source }, { scope, cursor }, signal) {
      const [type, since] = (scope ?? "").split(" ");
      const page = await source.readContent(type as ContentType, new Date(since ?? ""), cursor, signal);
      return mapPage(page, eventRow);
    },
    merge: async () => ({ added: 0, changed: 0 }),
    async append(tx, run, rows) {
      // A version without an account was made by nobody we could ask.
      const known = (rows as readonly EventRow[]).filter((each) => each.account_source_id !== "");
      return { added: await addContentEvents(tx, run.merge, known), changed: 0 };
    },
  },
  "audit-activity": {
    needs: "audit",
    capability: "activity",
    // Kept for whom it concerns, which is known when everybody is, and for what a delta run looks at because of it.
    mode: "kept",
    isExtra: true,
    async read({ source }, { scope, cursor }, signal) {
      return mapPage(await source.readAuditEvents(new Date(scope ?? ""), cursor, signal), auditRow);
    },
    merge: (tx, run, incoming) => mergeAuditEvents(tx, run.merge, incoming, run.administered),
  },
  "group-by-id": {
    needs: "groups",
    capability: "roster",
    mode: "set",
    async read({ source }, { scope }, signal) {
      const found = await source.findGroup(scope ?? "", signal);
      return { rows: found ? [groupRow(found)] : [], next: null };
    },
    async merge(tx, run, incoming, listings) {
      return withNewGroups(tx, run, await mergeGroupsById(tx, run.merge, incoming, scopesOf(listings)));
    },
  },
  "space-by-id": {
    needs: "spaces",
    capability: "permissions",
    mode: "set",
    async read({ source }, { scope }, signal) {
      const found = await source.findSpace(scope ?? "", signal);
      return { rows: found ? [spaceRow(found)] : [], next: null };
    },
    async merge(tx, run, incoming, listings) {
      return withNewSpaces(tx, run, await mergeSpacesById(tx, run.merge, incoming, scopesOf(listings)));
    },
  },
  "groups-of-account": {
    needs: "groups-of-account",
    capability: "roster",
    mode: "set",
    // Whoever is new is known by one of them: on Data Center by the list of accounts.
    mergesAfter: ["accounts", "account-statuses", "groups", "group-by-id"],
    async read({ source }, { scope, cursor }, signal) {
      const page = await source.readGroupsOfAccount(scope ?? "", cursor, signal);
      return mapPage(page, (each) => groupOfAccountRow(scope ?? "", each));
    },
    merge: (tx, run, incoming, listings) => mergeGroupsOfAccounts(tx, run.merge, incoming, scopesOf(listings)),
  },
};

/** A delta run reads who and what is in a group that is new to it, and in no other that was not named. */
async function withNewGroups(tx: Tx, run: RunUnderWay, result: MergeResult): Promise<Merged> {
  return { ...result, planned: membersOfGroups(run, await listNewGroups(tx, run.merge)) };
}

async function withNewSpaces(tx: Tx, run: RunUnderWay, result: MergeResult): Promise<Merged> {
  return { ...result, planned: rightsOfSpaces(run, await listNewSpaces(tx, run.merge)) };
}

export function readsDirectory({ run, source }: Pick<RunUnderWay, "run" | "source">): boolean {
  return run.scope === "full" && source.abilities.listings["organization-accounts"] === null;
}

function mapPage<From, To extends object>(page: Page<From>, map: (row: From) => To): Page<object> {
  return { rows: page.rows.map(map), next: page.next };
}

function scopesOf(listings: readonly Listing[]): string[] {
  return listings.map((each) => each.scope ?? "");
}

function accessOf(scope: string | null): ProductAccess {
  return scope === "admin" ? "admin" : "user";
}
