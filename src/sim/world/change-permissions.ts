import { ok, refuse, type Result } from "../../lib/result.ts";
import { record } from "./audit.ts";
import { type ChangeBy, note } from "./change.ts";
import { isRead, type PermissionChanges, type PermissionRow, permissionRows } from "./permissions.ts";
import type { RoleAssignment } from "./roles.ts";
import type { Space } from "./spaces.ts";
import type { SiteWorld } from "./world.ts";

export type PermissionRefusal =
  | "roles-only"
  | "unknown-subject"
  | "read-first"
  | "duplicate"
  | "last-admin"
  | "no-such-permission";

export interface PermissionWish {
  subjectType: "user" | "group";
  /** An account id, a group id, or `anonymous`. */
  identifier: string;
  key: string;
  target: string;
}

/** Ids of rows added later start here; seeded ones are far below. */
const FIRST_ADDED_ID = 1_000_000_000;

export function grantPermission(
  site: SiteWorld,
  space: Space,
  wish: PermissionWish,
  by: ChangeBy,
): Result<PermissionRow, PermissionRefusal> {
  if (site.roleMode === "ROLES") return refuse("roles-only");
  const principal = principalOf(site, wish);
  if (!principal) return refuse("unknown-subject");
  const own = permissionRows(site, space).filter((each) => each.principalId === principal.principalId);
  if (own.some((each) => each.key === wish.key && each.target === wish.target)) return refuse("duplicate");
  if (!own.some(isRead) && !isRead({ id: 0, ...principal, key: wish.key, target: wish.target }))
    return refuse("read-first");

  const row: PermissionRow = { id: FIRST_ADDED_ID + site.version, ...principal, key: wish.key, target: wish.target };
  changesOf(site, space).added.push(row);
  note(site, permissionRecord("Space permission added", space, row, by));
  return ok(row);
}

/** Taking `read/space` takes everything else of that subject (Atlassian, "Remove a space permission"). */
export function revokePermission(
  site: SiteWorld,
  space: Space,
  id: number,
  by: ChangeBy,
): Result<PermissionRow[], PermissionRefusal> {
  if (site.roleMode === "ROLES") return refuse("roles-only");
  const rows = permissionRows(site, space);
  const wanted = rows.find((each) => each.id === id);
  if (!wanted) return refuse("no-such-permission");
  const removed = isRead(wanted) ? rows.filter((each) => each.principalId === wanted.principalId) : [wanted];
  const isAdmin = (row: PermissionRow) => row.key === "administer" && row.target === "space";
  if (removed.some(isAdmin) && rows.filter(isAdmin).length <= 1) return refuse("last-admin");

  const changes = changesOf(site, space);
  const ids = new Set(removed.map((each) => each.id));
  changes.added = changes.added.filter((each) => !ids.has(each.id));
  for (const each of ids) changes.removed.add(each);
  for (const each of removed) note(site, permissionRecord("Space permission removed", space, each, by));
  return ok(removed);
}

/** Without a role the principal loses the one it has. Principals that are not named keep theirs (FACTS §4). */
export function assignRole(
  site: SiteWorld,
  space: Space,
  wish: Omit<RoleAssignment, "roleId"> & { roleId: string | null },
  by: ChangeBy,
): void {
  const { principalType, principalId, roleId } = wish;
  const changes = site.roleChanges.get(space.number) ?? new Map<string, RoleAssignment | null>();
  changes.set(`${principalType}:${principalId}`, roleId === null ? null : { principalType, principalId, roleId });
  site.roleChanges.set(space.number, changes);
  const summary = roleId === null ? "Space permission removed" : "Space permission added";
  note(site, record(by.at, by.author, summary, "Permissions", { name: space.name, objectType: "Space" }));
}

function principalOf(
  site: SiteWorld,
  { subjectType, identifier }: PermissionWish,
): Pick<PermissionRow, "principalType" | "principalId"> | null {
  if (identifier === "anonymous") return { principalType: "access-class", principalId: "ANONYMOUS_USERS" };
  if (subjectType === "group")
    return site.groups.some((each) => each.id === identifier)
      ? { principalType: "group", principalId: identifier }
      : null;
  const account = site.people.find((each) => each.id === identifier);
  return account && site.knows.has(account.index) ? { principalType: "user", principalId: identifier } : null;
}

function changesOf(site: SiteWorld, space: Space): PermissionChanges {
  const known = site.permissionChanges.get(space.number);
  if (known) return known;
  const made: PermissionChanges = { added: [], removed: new Set() };
  site.permissionChanges.set(space.number, made);
  return made;
}

function permissionRecord(summary: string, space: Space, row: PermissionRow, { at, author }: ChangeBy) {
  const [oldValue, newValue] = summary.endsWith("added")
    ? ["", `${row.key}/${row.target}`]
    : [`${row.key}/${row.target}`, ""];
  return record(at, author, summary, "Permissions", { name: space.name, objectType: "Space" }, [
    { name: "Type", oldValue, newValue },
  ]);
}
