import type { RunScope } from "../../model/runs.ts";
import { type Cost, listing, lists, sum } from "../atlassian/costs.ts";
import type { SiteAbilities, SiteSizes } from "../source.ts";

/** Each further page starts at the last row of the page before. */
const ROWS = { first: 200, further: 199 };

/** What a run would cost. Data Center counts no points; each listing ends by one request that brings nothing more. */
export function forecastRequests(
  { servedBy, ...sizes }: SiteSizes & Pick<SiteAbilities, "servedBy">,
  scope: RunScope,
): { requests: number; points: number } {
  const costs = scope === "license" ? licenseCosts(sizes) : fullCosts(sizes);
  return { requests: sum(costs.filter((each) => servedBy[each.listing]).map(({ requests }) => requests)), points: 0 };
}

function licenseCosts({ accounts, productAccessGroups, productAccessMemberships }: SiteSizes): Cost[] {
  return [
    ended(listing("accounts", accounts, ROWS, 0)),
    // Whom the license counts.
    ended(listing("accounts", accounts, ROWS, 0)),
    { listing: "product-access", requests: 2, points: 0 },
    ended(lists("members", productAccessGroups, productAccessMemberships, ROWS, 0), productAccessGroups),
    // Groups within them.
    { listing: "subgroups", requests: productAccessGroups, points: 0 },
  ];
}

function fullCosts(sizes: SiteSizes): Cost[] {
  const { accounts, groups, memberships, spaces, contentItems } = sizes;
  return [
    ended(listing("accounts", accounts, ROWS, 0)),
    ended(listing("accounts", accounts, ROWS, 0)),
    ended(listing("groups", groups, ROWS, 0)),
    { listing: "product-access", requests: 2, points: 0 },
    ended(lists("members", groups, memberships, ROWS, 0), groups),
    { listing: "subgroups", requests: groups, points: 0 },
    // Current and archived ones.
    ended(listing("spaces", spaces, ROWS, 0), 2),
    { listing: "space-permissions", requests: spaces, points: 0 },
    ended(listing("content", contentItems, ROWS, 0), 4),
  ];
}

function ended(cost: Cost, times = 1): Cost {
  return { ...cost, requests: cost.requests + times };
}
