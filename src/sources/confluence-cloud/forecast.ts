import type { RunScope } from "../../model/runs.ts";
import { type Cost, listing, lists, sum } from "../atlassian/costs.ts";
import type { SiteAbilities, SiteSizes } from "../source.ts";

/** Offset pages start at the last row of the page before, so each further one brings one row less. */
const OFFSET_ROWS = { first: 200, further: 199 };
const V2_ROWS = { first: 250, further: 250 };
const CHECKED_BY_ID = { first: 100, further: 100 };
const AUDIT_ROWS = 1_000;
const DIRECTORY_ROWS = { first: 100, further: 100 };
/** Identity objects count 2 points each, core objects 1, and each request 1 (FACTS §8). */
const IDENTITY = 2;
const CORE = 1;

/** What a run would cost: listings that no credential serves cost nothing, those of API tokens no points. */
export function forecastRequests(
  { servedBy, ...sizes }: SiteSizes & Pick<SiteAbilities, "servedBy">,
  scope: RunScope,
): { requests: number; points: number } {
  const costs = costsOf(sizes, scope, servedBy);
  const served = costs.filter(({ listing }) => servedBy[listing]);
  return {
    requests: sum(served.map(({ requests }) => requests)),
    points: sum(served.map(({ listing, points }) => (servedBy[listing]?.countsPoints ? points : 0))),
  };
}

function costsOf(sizes: SiteSizes, scope: RunScope, servedBy: SiteAbilities["servedBy"]): Cost[] {
  if (scope === "license") return licenseCosts(sizes);
  // What the log will name, and what looking at it again will cost, nobody knows beforehand.
  return scope === "delta" ? [auditCost(0)] : fullCosts(sizes, servedBy);
}

function licenseCosts(sizes: SiteSizes): Cost[] {
  return [
    listing("accounts", sizes.accounts, OFFSET_ROWS, IDENTITY),
    // Once for groups that give a seat, once for those that give one with administration.
    { listing: "product-access", requests: 2, points: 2 + sizes.productAccessGroups * IDENTITY },
    lists("members", sizes.productAccessGroups, sizes.productAccessMemberships, OFFSET_ROWS, IDENTITY),
  ];
}

function fullCosts(sizes: SiteSizes, servedBy: SiteAbilities["servedBy"]): Cost[] {
  const { roleMode, spaces } = sizes;
  const directory = [
    listing("organization-accounts", sizes.accounts, DIRECTORY_ROWS, 0),
    listing("organization-groups", sizes.groups, DIRECTORY_ROWS, 0),
  ];
  // With the directory, statuses and memberships come with its accounts and need no pages of their own.
  const members = servedBy["organization-accounts"]
    ? lists("members", sizes.productAccessGroups, sizes.productAccessMemberships, OFFSET_ROWS, IDENTITY)
    : allMembers(sizes);
  const statuses = servedBy["organization-accounts"]
    ? []
    : [listing("accounts-by-id", sizes.accounts, CHECKED_BY_ID, IDENTITY)];
  return [
    listing("accounts", sizes.accounts, OFFSET_ROWS, IDENTITY),
    ...statuses,
    ...directory,
    listing("groups", sizes.groups, OFFSET_ROWS, IDENTITY),
    { listing: "product-access", requests: 2, points: 2 + sizes.productAccessGroups * IDENTITY },
    members,
    listing("spaces", spaces, V2_ROWS, CORE),
    // The catalog of roles comes with the description of the site.
    lists(
      roleMode === "roles" ? "role-assignments" : "space-permissions",
      spaces,
      spaces * sizes.permissionsPerSpace,
      V2_ROWS,
      IDENTITY,
    ),
    // In transition each space is asked in both models, and what it holds stands in either.
    ...(roleMode === "transition" ? [lists("role-assignments", spaces, 0, V2_ROWS, IDENTITY)] : []),
    listing("content", sizes.contentItems, V2_ROWS, CORE),
    auditCost(sizes.auditRecords ?? 0),
  ];
}

/** Only an empty page is the end of the audit log (TRAPS §3), so one request more than it has pages. */
function auditCost(records: number): Cost {
  const requests = Math.ceil(records / AUDIT_ROWS) + 1;
  return { listing: "audit", requests, points: requests + records * CORE };
}

/** Nearly every site has one group that holds everybody; the average of all groups would hide its pages. */
function allMembers({ groups, memberships, accounts }: SiteSizes): Cost {
  if (groups < 2 || memberships < accounts) return lists("members", groups, memberships, OFFSET_ROWS, IDENTITY);
  const largest = listing("members", accounts, OFFSET_ROWS, IDENTITY);
  const others = lists("members", groups - 1, memberships - accounts, OFFSET_ROWS, IDENTITY);
  return {
    listing: "members",
    requests: largest.requests + others.requests,
    points: largest.points + others.points,
  };
}
