import { asciiJson, countParameter, listed, v1Error, type Reply, json } from "../http.ts";
import { siteUrl, type Simulation, type SiteCall } from "../simulation.ts";
import { type Account, ADMIN } from "../world/people.ts";
import type { Group } from "../world/groups.ts";
import { isProductAdmin } from "../credentials.ts";
import { mayUse, type SiteWorld } from "../world/world.ts";

export const invalidCount = (text: string): Reply => v1Error(400, `Not a valid count: ${text}`);

export function startOf({ request }: SiteCall): number {
  return countParameter(request.query, "start", 0, invalidCount);
}

/** A `limit` past what the endpoint gives is lowered without a word (Atlassian: "may be restricted by fixed system limits"). */
export function limitOf({ request }: SiteCall, fallback: number, most: number): number {
  const limit = countParameter(request.query, "limit", fallback, invalidCount);
  return Math.max(1, Math.min(limit, most));
}

/** The links of a v1 answer: `next` is relative to `base`, absent on the last page (FACTS §3). */
export function v1Links(call: SiteCall, next: Record<string, string> | null): string {
  const base = `${siteUrl(call.sim, call.site)}/wiki`;
  const path = call.request.path.slice("/wiki".length);
  const query = call.request.query.toString();
  const links: Record<string, string> = {
    base,
    context: "/wiki",
    self: `${base}${path}${query === "" ? "" : `?${query}`}`,
  };
  if (next) {
    const parameters = new URLSearchParams(call.request.query);
    for (const [name, value] of Object.entries(next)) parameters.set(name, value);
    links["next"] = `${path}?${parameters.toString()}`;
  }
  return JSON.stringify(links);
}

/** One page of an offset listing whose rows are JSON already. */
export function v1Page(
  call: SiteCall,
  page: {
    rows: readonly string[];
    start: number;
    limit: number;
    hasMore: boolean;
    more?: string;
    identities?: boolean;
  },
): Reply {
  const { rows, start, limit } = page;
  const links = v1Links(call, page.hasMore ? { start: String(start + rows.length), limit: String(limit) } : null);
  const body = `{"results":[${listed(rows)}],"start":${start},"limit":${limit},"size":${rows.length}${page.more ?? ""},"_links":${links}}`;
  return json(body, page.identities === false ? { objects: rows.length } : { identities: rows.length });
}

export function expands({ request }: SiteCall): Set<string> {
  return new Set(
    request.query
      .getAll("expand")
      .flatMap((each) => each.split(","))
      .filter((each) => each !== ""),
  );
}

/** A user as Confluence v1 writes it. `withOperations` is `expand=operations`. */
export function userJson(sim: Simulation, site: SiteWorld, account: Account, withOperations: boolean): string {
  const cache = cacheOf(site);
  const texts = withOperations ? cache.full : cache.plain;
  const known = texts[account.index];
  if (known !== undefined) return known;
  const text = asciiJson(userObject(sim, site, account, withOperations));
  if (cache.kept < USERS_KEPT_MAX) {
    texts[account.index] = text;
    cache.kept += 1;
  }
  return text;
}

export function userObject(
  sim: Simulation,
  site: SiteWorld,
  account: Account,
  withOperations: boolean,
): Record<string, unknown> {
  const base = `${siteUrl(sim, site)}/wiki`;
  return {
    type: account.state === "closed" ? "unknown" : "known",
    accountId: account.id,
    accountType: account.kind === "customer" ? "" : account.kind,
    email: account.emailHidden ? "" : (account.email ?? ""),
    publicName: account.publicName,
    profilePicture: {
      path: `/wiki/aa-avatar/${account.index}`,
      width: 48,
      height: 48,
      isDefault: account.index % 3 === 0,
    },
    displayName: account.displayName,
    timeZone: account.emailHidden ? null : account.timeZone,
    isGuest: account.isGuest,
    isExternalCollaborator: account.isGuest,
    externalCollaborator: account.isGuest,
    // Undocumented, yet sent by live sites (FACTS §3, measured with confluence.js 3.0.1).
    accountStatus: accountStatus(account),
    ...(withOperations ? { operations: operationsOf(site, account) } : {}),
    _expandable: withOperations ? { personalSpace: "" } : { operations: "", personalSpace: "" },
    _links: { self: `${base}/rest/api/user?accountId=${encodeURIComponent(account.id)}` },
  };
}

/** Suspension is a matter of the directory: the account itself stays active (FACTS §6). */
export function accountStatus(account: Account): "active" | "inactive" | "closed" {
  return account.state === "suspended" ? "active" : account.state;
}

/** Empty for whoever may not open Confluence. */
function operationsOf(site: SiteWorld, account: Account): { operation: string; targetType: string }[] {
  if (!mayUse(site, account)) return [];
  const use = { operation: "use", targetType: "application" };
  if (account.index === ADMIN || isProductAdmin(site, account))
    return [use, { operation: "administer", targetType: "application" }];
  return account.isGuest ? [use] : [use, { operation: "create_space", targetType: "application" }];
}

export function groupJson(sim: Simulation, site: SiteWorld, group: Group): string {
  return JSON.stringify({
    type: "group",
    name: group.name,
    id: group.id,
    usageType: group.managedBy === "TEAM_MEMBERS" ? "TEAM_COLLABORATION" : "USERBASE_GROUP",
    managedBy: group.managedBy,
    resourceAri: groupAri(group),
    _links: { self: `${siteUrl(sim, site)}/wiki/rest/api/group/by-id?id=${group.id}` },
  });
}

export function groupAri(group: Group): string {
  return `ari:cloud:identity::group/${group.id}`;
}

/** Accounts in JSON, kept until the site changes: most of the time of a page would go into making them again. */
interface UserCache {
  version: number;
  kept: number;
  plain: string[];
  full: string[];
}

/** About 30 MB of text. */
const USERS_KEPT_MAX = 40_000;

const caches = new WeakMap<SiteWorld, UserCache>();

function cacheOf(site: SiteWorld): UserCache {
  const known = caches.get(site);
  if (known?.version === site.version) return known;
  const cache: UserCache = { version: site.version, kept: 0, plain: [], full: [] };
  caches.set(site, cache);
  return cache;
}
