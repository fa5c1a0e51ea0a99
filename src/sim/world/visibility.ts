import { isRead, permissionRows } from "./permissions.ts";
import { type RoleAssignment, roleAssignments } from "./roles.ts";
import type { Space } from "./spaces.ts";
import { groupsOf, holdsSeat, mayUse, type SiteWorld } from "./world.ts";
import { ADMINS, SITE_ADMINS } from "./groups.ts";

/** What an account stands for where access is given: itself, its groups, and the classes it belongs to. */
export function principalsOf(site: SiteWorld, index: number): Set<string> {
  const account = site.people[index];
  if (!account || !mayUse(site, account)) return new Set(ANYBODY);
  const groups = groupsOf(site, index);
  const found = new Set([
    ...ANYBODY,
    account.id,
    ...groups.map((each) => each.id),
    "authenticated-users",
    "AUTHENTICATED_USERS",
  ]);
  if (holdsSeat(site, account)) found.add("ALL_LICENSED_USERS").add("all-licensed-users");
  if (groups.some((each) => each.role === "atlassian/admin")) found.add("ALL_PRODUCT_ADMINS").add("all-product-admins");
  return found;
}

const ANYBODY = ["ANONYMOUS_USERS", "anonymous-users"];

/** Ids of the principals that may read a space, by the model that is in force on its site; in transition by either. */
export function readingPrincipals(site: SiteWorld, space: Space): Set<string> {
  const byPermission = site.roleMode === "ROLES" ? [] : permissionRows(site, space).filter(isRead);
  const byRole = site.roleMode === "PRE_ROLES" ? [] : readingAssignments(site, space);
  return new Set([...byPermission, ...byRole].map((each) => each.principalId));
}

function readingAssignments(site: SiteWorld, space: Space): RoleAssignment[] {
  const readingRoles = new Set(
    site.roles.filter((each) => each.spacePermissions.includes("read/space")).map((each) => each.id),
  );
  return roleAssignments(site, space).filter((each) => readingRoles.has(each.roleId));
}

export function mayRead(principals: ReadonlySet<string>, readers: ReadonlySet<string>): boolean {
  const [few, many] = principals.size < readers.size ? [principals, readers] : [readers, principals];
  for (const each of few) if (many.has(each)) return true;
  return false;
}

const seen = new WeakMap<SiteWorld, { version: number; byAccount: Map<number, readonly Space[]> }>();

/** The spaces an account sees. A site admin sees all of them, as the demo's credentials should. */
export function visibleSpaces(site: SiteWorld, index: number): readonly Space[] {
  let kept = seen.get(site);
  if (kept?.version !== site.version) {
    kept = { version: site.version, byAccount: new Map() };
    seen.set(site, kept);
  }
  const known = kept.byAccount.get(index);
  if (known) return known;
  const principals = principalsOf(site, index);
  const isAdmin = [ADMINS, SITE_ADMINS].some((each) => principals.has(site.seededGroupIds[each] ?? ""));
  const found = isAdmin
    ? site.spaces
    : site.spaces.filter((each) => mayRead(principals, readingPrincipals(site, each)));
  kept.byAccount.set(index, found);
  return found;
}
