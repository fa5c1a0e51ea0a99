import { mix } from "../random.ts";
import type { Simulation } from "../simulation.ts";
import { type Group, memberPosition } from "../world/groups.ts";
import { type Account, ADMIN } from "../world/people.ts";
import { isInAny, lastViewAt, seatGroups, type SiteWorld } from "../world/world.ts";
import { accountStatus, groupAri } from "./v1-common.ts";

export function resourceId(site: SiteWorld): string {
  return `ari:cloud:confluence::site/${site.cloudId}`;
}

/** A row of `users/search` (Organizations API, 2026-08). Fields that are not known are left out. */
export function userObject(
  sites: readonly SiteWorld[],
  account: Account,
  expand: ReadonlySet<string>,
  groups: readonly Group[],
): Record<string, unknown> {
  const own = sites.filter((each) => each.knows.has(account.index));
  return {
    accountId: account.id,
    accountType: "atlassian",
    accountStatus: accountStatus(account),
    membershipStatus: account.state === "suspended" ? "suspended" : "active",
    status: statusOf(account),
    claimStatus: account.managed ? "managed" : "unmanaged",
    managementSource: account.managed ? (account.synced ? "synced" : "invited") : null,
    email: account.email ?? "",
    emailVerified: !account.isInvited,
    name: account.displayName,
    nickname: account.publicName,
    ...(account.department === ""
      ? {}
      : { department: account.department, jobTitle: account.jobTitle, organization: "Acme" }),
    ...(account.location === "" ? {} : { location: account.location }),
    timeZone: account.timeZone,
    mfaEnabled: account.mfaEnabled,
    addedToOrg: new Date(account.addedAt).toISOString(),
    avatar: `https://avatar.example.com/${account.index}.png`,
    picture: `https://avatar.example.com/${account.index}.png`,
    links: { self: Buffer.from(account.id).toString("base64url") },
    ...(expand.has("platformRoles") ? { platformRoles: account.index === ADMIN ? ["atlassian/org-admin"] : [] } : {}),
    ...(expand.has("counts.resources") ? { counts: { resources: own.length } } : {}),
    ...(expand.has("productAccess") ? { productAccess: own.flatMap((each) => productAccess(each, account)) } : {}),
    ...(expand.has("groups")
      ? { groups: groups.map((each) => ({ id: groupAri(each), name: each.name, description: each.description })) }
      : {}),
  };
}

/** Present for whoever may open the product; without a timestamp for whoever never did. */
function productAccess(site: SiteWorld, account: Account): unknown[] {
  const at = lastViewAt(site, account);
  const inProduct = account.isGuest || isInAny(seatGroups(site), account);
  if (!inProduct && at === null) return [];
  return [
    {
      id: resourceId(site),
      key: "confluence",
      ...(at === null ? {} : { lastActiveTimestamp: timestamp(site, account, at) }),
    },
  ];
}

/** Zero to nine fractional digits, as live answers carry them (TRAPS §3). */
function timestamp(site: SiteWorld, account: Account, at: number): string {
  const digits = mix(site.seed, account.index, 98) % 10;
  const whole = new Date(at).toISOString();
  if (digits === 0) return `${whole.slice(0, 19)}Z`;
  return `${(whole.slice(0, 23) + "941226").slice(0, 20 + digits)}Z`;
}

/** FACTS §6: deactivated = account inactive; suspended = account active, membership suspended. */
function statusOf(account: Account): string {
  if (account.state === "inactive") return "deactivated";
  return account.state === "suspended" ? "suspended" : "active";
}

export function userMatches(
  sim: Simulation,
  sites: readonly SiteWorld[],
  account: Account,
  body: Record<string, unknown>,
): boolean {
  const oneOf = (name: string, actual: string | null) => {
    const wanted = strings(body[name]);
    return wanted === null || (actual !== null && wanted.includes(actual));
  };
  const term = typeof body["searchTerm"] === "string" ? body["searchTerm"].toLowerCase() : null;
  const groupIds = strings(body["groupIds"])?.map((each) => each.split("/").at(-1));
  const resources = strings(body["resourceIds"]);
  const roles = strings(body["roleIds"]);
  const own = sites.filter((each) => resources === null || resources.includes(resourceId(each)));
  const groups = own.flatMap((site) => site.groups);
  const holds = (wanted: (group: Group) => boolean) =>
    groups.some((each) => wanted(each) && memberPosition(each.members, account.index) >= 0);
  return (
    oneOf("accountIds", account.id) &&
    oneOf("emails", account.email) &&
    oneOf("accountStatus", accountStatus(account)) &&
    oneOf("membershipStatus", account.state === "suspended" ? "suspended" : "active") &&
    oneOf("status", statusOf(account)) &&
    oneOf("emailDomains", account.email?.split("@")[1] ?? null) &&
    (body["claimStatus"] === undefined || body["claimStatus"] === (account.managed ? "managed" : "unmanaged")) &&
    (body["mfaEnabled"] === undefined || body["mfaEnabled"] === account.mfaEnabled) &&
    (term === null || account.displayName.toLowerCase().includes(term) || (account.email ?? "").includes(term)) &&
    (!groupIds || holds((each) => groupIds.includes(each.id))) &&
    (roles === null ||
      (account.isGuest && roles.includes("atlassian/guest")) ||
      holds((each) => each.role !== null && roles.includes(each.role))) &&
    (resources === null || roles !== null || own.some((site) => productAccess(site, account).length > 0)) &&
    directoriesMatch(sim, strings(body["directoryIds"]), account)
  );
}

function directoriesMatch(sim: Simulation, wanted: string[] | null, account: Account): boolean {
  return (
    wanted === null ||
    sim.world.sites.some((each) => wanted.includes(each.directoryId) && each.knows.has(account.index))
  );
}

export function groupObject(site: SiteWorld, group: Group, expand: readonly string[]): Record<string, unknown> {
  const isExternal = group.managedBy === "EXTERNAL";
  const counts = {
    ...(expand.includes("counts.users") ? { users: group.members.length } : {}),
    ...(expand.includes("counts.resources") ? { resources: group.role === null ? 0 : 1 } : {}),
  };
  return {
    id: group.id,
    name: group.name,
    description: group.description,
    directoryId: site.directoryId,
    externalSynced: isExternal,
    managedBy: group.managedBy.toLowerCase().replace("_", "-"),
    managementAccess: { readable: true, modifiable: !isExternal, deletable: !isExternal },
    ...(Object.keys(counts).length > 0 ? { counts } : {}),
    links: { self: Buffer.from(group.id).toString("base64url") },
  };
}

export function groupMatches(sim: Simulation, site: SiteWorld, group: Group, body: Record<string, unknown>): boolean {
  const oneOf = (name: string, actual: string | null) => {
    const wanted = strings(body[name]);
    return wanted === null || (actual !== null && wanted.includes(actual));
  };
  const term = typeof body["searchTerm"] === "string" ? body["searchTerm"].toLowerCase() : "";
  const accountIds = strings(body["accountIds"]);
  return (
    oneOf("groupIds", group.id) &&
    oneOf("groupNames", group.name) &&
    oneOf("directoryIds", site.directoryId) &&
    oneOf("roleIds", group.role) &&
    oneOf("resourceIds", group.role === null ? null : resourceId(site)) &&
    oneOf("resourceOwners", group.role === null ? null : "confluence") &&
    group.name.toLowerCase().includes(term) &&
    (accountIds === null ||
      sim.world.people.some((each) => accountIds.includes(each.id) && memberPosition(group.members, each.index) >= 0))
  );
}

function strings(value: unknown): string[] | null {
  return Array.isArray(value) ? value.map(String) : null;
}
