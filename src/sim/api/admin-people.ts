import { asciiJson, adminError, bodyObject, encodeCursor, json, type Reply, status } from "../http.ts";
import { type Call, worldTime } from "../simulation.ts";
import { addMember, removeAccount, removeMember, setAccountState } from "../world/change.ts";
import { ADMINS, EVERYBODY, type Group } from "../world/groups.ts";
import type { Account } from "../world/people.ts";
import { exceedsLicense } from "../world/seat-count.ts";
import { groupsOf, lastViewAt, type SiteWorld, type World } from "../world/world.ts";
import { accountOf, checkOrganization, page, peopleOf, sitesOf } from "./admin-common.ts";
import { resourceId, userMatches, userObject } from "./admin-objects.ts";

/** People only: robots and portal customers are not in the directory (Organizations API: accountType is `atlassian`). */
export function searchUsers(call: Call): Reply {
  const sites = sitesOf(call);
  const body = bodyObject(call.request);
  if (!body) return adminError(400, "ADMIN-400-24", "Invalid request body");
  if (body["emails"] !== undefined && body["searchTerm"] !== undefined) {
    return adminError(400, "ADMIN-400-24", "emails and searchTerm are mutually exclusive");
  }
  const found = matchingPeople(call, sites, body);
  const expand = Array.isArray(body["expand"]) ? body["expand"].map(String) : [];
  const hidesActivity = call.faults.some((each) => each.kind === "no-last-active");
  const wanted = new Set(hidesActivity ? expand.filter((each) => each !== "productAccess") : expand);
  const inGroups = wanted.has("groups") ? groupsByAccount(sites) : new Map<number, Group[]>();
  return page(call, body, found, { fallback: 50, most: 100 }, (each) =>
    asciiJson(userObject(sites, each, wanted, inGroups.get(each.index) ?? [])),
  );
}

const searches = new WeakMap<World, { version: string; byQuery: Map<string, Account[]> }>();
const SEARCHES_MAX = 20;

/** Kept until a site changes: every page of a listing asks for the same people. */
function matchingPeople(call: Call, sites: readonly SiteWorld[], body: Record<string, unknown>): Account[] {
  const { sim } = call;
  const version = versionOf(sim.world.sites);
  let kept = searches.get(sim.world);
  if (kept?.version !== version) {
    kept = { version, byQuery: new Map() };
    searches.set(sim.world, kept);
  }
  const key = JSON.stringify([call.params["directoryId"], { ...body, cursor: null, limit: null, expand: null }]);
  const known = kept.byQuery.get(key);
  if (known) return known;
  const found = peopleOf(call, sites).filter((each) => userMatches(sim, sites, each, body));
  if (kept.byQuery.size < SEARCHES_MAX) kept.byQuery.set(key, found);
  return found;
}

function versionOf(sites: readonly SiteWorld[]): string {
  return sites.map((each) => `${each.name}${each.version}`).join();
}

const directories = new WeakMap<SiteWorld, { version: string; groups: Map<number, Group[]> }>();

/** Who is in which groups of these sites, kept until one of them changes: 100 rows must not read 3,000 groups each. */
function groupsByAccount(sites: readonly SiteWorld[]): Map<number, Group[]> {
  const [first] = sites;
  const version = versionOf(sites);
  const known = first && directories.get(first);
  if (known?.version === version) return known.groups;
  const groups = new Map<number, Group[]>();
  for (const group of sites.flatMap((each) => each.groups)) {
    for (const index of group.members) {
      const list = groups.get(index);
      if (list) list.push(group);
      else groups.set(index, [group]);
    }
  }
  if (first) directories.set(first, { version, groups });
  return groups;
}

export function listUserRoles(call: Call): Reply {
  const account = accountOf(call);
  const data = sitesOf(call).flatMap((site) => {
    const roles = [...new Set(groupsOf(site, account.index).flatMap((each) => (each.role ? [each.role] : [])))];
    if (account.isGuest) return [roleRow(site, account, ["atlassian/guest"], "direct")];
    return roles.length === 0 ? [] : [roleRow(site, account, roles, "group_direct")];
  });
  return json({ data, links: { self: encodeCursor(0) } });
}

function roleRow(site: SiteWorld, account: Account, roles: readonly string[], method: string): unknown {
  return {
    resourceId: `ari:cloud:confluence::site/${site.cloudId}`,
    resourceOwner: "confluence",
    directoryId: site.directoryId,
    userDirectoryStatus: account.state === "suspended" ? "suspended" : "active",
    roleAssignments: roles.map((role) => ({ role, roleAssignmentMethods: [method] })),
    roles,
  };
}

/**
 * Suspending stops billing and keeps groups and roles (FACTS §0.9). Who is in that state already stays in it: the document
 * has no other answer. A deactivated account is nobody's to suspend or restore.
 */
export function setMembership(call: Call, state: "active" | "suspended"): Reply {
  const account = accountOf(call);
  if (account.state === "inactive") return adminError(400, "ADMIN-400-4", "The account is deactivated");
  if (account.state !== state) setAccountState(call.sim.world.sites, account, state, by(call));
  return status(204);
}

/** The organization forgets the person on these sites: groups and roles are lost (document). */
export function removeUser(call: Call): Reply {
  const account = accountOf(call);
  for (const site of sitesOf(call)) if (site.knows.has(account.index)) removeAccount(site, account, by(call));
  return status(204);
}

/** Roles of people come by the site's group for them: who is given Confluence is put in it (FACTS §7). */
const GROUP_OF_ROLE: Record<string, number> = { "atlassian/user": EVERYBODY, "atlassian/admin": ADMINS };

/** The error codes are those that the document names for this API; it has no other 404 than one "group not found". */
export function setUserRole(call: Call, isGiven: boolean): Reply {
  checkOrganization(call);
  const { role, resource } = bodyObject(call.request) ?? {};
  if (typeof role !== "string" || typeof resource !== "string")
    return adminError(400, "ADMIN-UAM-400-1", "role and resource are required");
  const site = call.sim.world.sites.find((each) => resourceId(each) === resource);
  const account = site && peopleOf(call, [site]).find((each) => each.id === call.params["userId"]);
  if (!site || !account) return adminError(404, "ADMIN-UAM-404-3", "User or resource not found");
  const group = site.groups.find((each) => each.id === site.seededGroupIds[GROUP_OF_ROLE[role] ?? -1]);
  if (!group) return adminError(400, "ADMIN-UAM-400-3", "Invalid role for the resource");
  if (isGiven && exceedsLicense(site, group, account))
    return adminError(409, "ADMIN-UAM-409-3", "Product license limit exceeded");
  (isGiven ? addMember : removeMember)(site, group, account, by(call));
  return status(204);
}

function by(call: Call) {
  return { at: worldTime(call.sim), author: call.caller.account.index };
}

export function getLastActiveDates(call: Call): Reply {
  checkOrganization(call);
  if (call.faults.some((each) => each.kind === "no-last-active"))
    return adminError(403, "ADMIN-403-3", "This is a paid feature");
  const { sim, params } = call;
  const account = peopleOf(call, sim.world.sites).find((each) => each.id === params["accountId"]);
  if (!account) return adminError(404, "ADMIN-404-8", "User not found");
  const product_access = sim.world.sites.flatMap((site) => {
    const at = site.knows.has(account.index) ? lastViewAt(site, account) : null;
    const stamp = at === null ? "" : new Date(at).toISOString();
    return at === null
      ? []
      : [{ id: site.cloudId, key: "confluence", last_active: stamp.slice(0, 10), last_active_timestamp: stamp }];
  });
  const added = new Date(account.addedAt).toISOString();
  return json({ data: { product_access, added_to_org: added.slice(0, 10), added_to_org_timestamp: added }, links: {} });
}
