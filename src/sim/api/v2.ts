import { bodyObject, decodeCursor, encodeCursor, json, listParameter, Refused, type Reply, v2Error } from "../http.ts";
import { type Endpoint, siteUrl, type SiteCall, worldTime } from "../simulation.ts";
import { assignRole } from "../world/change-permissions.ts";
import type { Account } from "../world/people.ts";
import { type PermissionRow, permissionRows } from "../world/permissions.ts";
import { type PrincipalType, roleAssignments, SPACE_PERMISSIONS } from "../world/roles.ts";
import type { Space } from "../world/spaces.ts";
import { visibleSpaces } from "../world/visibility.ts";
import type { SiteWorld } from "../world/world.ts";
import { accountStatus } from "./v1-common.ts";
import { findAccount } from "./v1-users.ts";

const READ_SPACES = [["read:space:confluence"]];
const READ_SPACE_PERMISSIONS = [["read:space.permission:confluence"]];
/** "limit 1-250 (default 25)" (Atlassian, v2). */
const PAGE_MAX = 250;
/** The batch size is not documented; more than this is refused here, so that a client stays modest (FACTS §4). */
const BULK_USERS_MAX = 250;

export const v2Endpoints: readonly Endpoint<SiteCall>[] = [
  { method: "GET", template: "/wiki/api/v2/spaces", scopes: READ_SPACES, handle: listSpaces },
  { method: "GET", template: "/wiki/api/v2/spaces/{id}", scopes: READ_SPACES, handle: getSpace },
  { method: "GET", template: "/wiki/api/v2/spaces/{id}/permissions", scopes: READ_SPACES, handle: listPermissions },
  { method: "GET", template: "/wiki/api/v2/space-permissions", scopes: READ_SPACE_PERMISSIONS, handle: listCatalog },
  { method: "GET", template: "/wiki/api/v2/space-roles", scopes: READ_SPACE_PERMISSIONS, handle: listRoles },
  {
    method: "GET",
    template: "/wiki/api/v2/space-role-mode",
    scopes: [["read:configuration:confluence"]],
    handle: getRoleMode,
  },
  {
    method: "GET",
    template: "/wiki/api/v2/spaces/{id}/role-assignments",
    scopes: READ_SPACE_PERMISSIONS,
    handle: listRoleAssignments,
  },
  {
    method: "POST",
    template: "/wiki/api/v2/spaces/{id}/role-assignments",
    scopes: [["write:space.permission:confluence"]],
    write: "set-space-roles",
    handle: postRoleAssignments,
  },
  { method: "POST", template: "/wiki/api/v2/users-bulk", scopes: [["read:user:confluence"]], handle: getUsers },
];

const invalid = (title: string) => v2Error(400, "INVALID_REQUEST_PARAMETER", title);
const notFound = v2Error(404, "NOT_FOUND", "Not Found");

/** One page by cursor; `start` is passed over, as v2 does (TRAPS §3). */
function page<Row>(
  call: SiteCall,
  all: readonly Row[],
  toJson: (row: Row) => unknown,
  cost: "objects" | "identities",
): Reply {
  const { request } = call;
  const limitText = request.query.get("limit") ?? "25";
  const limit = Number(limitText);
  if (!/^\d+$/.test(limitText) || limit < 1 || limit > PAGE_MAX)
    throw new Refused(invalid(`limit must be between 1 and ${PAGE_MAX}`));
  const cursor = request.query.get("cursor");
  const offset = cursor === null ? 0 : decodeCursor(cursor);
  if (offset === null || call.faults.some((each) => each.kind === "bad-cursor"))
    throw new Refused(invalid("The cursor is not valid"));

  const rows = all.slice(offset, offset + limit);
  const links: Record<string, string> = { base: `${siteUrl(call.sim, call.site)}/wiki` };
  if (offset + rows.length < all.length && rows.length > 0) {
    const parameters = new URLSearchParams(request.query);
    parameters.set("cursor", encodeCursor(offset + rows.length));
    parameters.set("limit", String(limit));
    links["next"] = `${request.path}?${parameters.toString()}`;
  }
  const reply = json({ results: rows.map(toJson), _links: links }, { [cost]: rows.length });
  if (links["next"] !== undefined)
    reply.headers["link"] = `<${links["next"]}>; rel="next", <${links["base"]}>; rel="base"`;
  return reply;
}

/** What the credential's account may see: a weaker one sees fewer spaces and is told nothing (TRAPS §3). */
function listSpaces(call: SiteCall): Reply {
  const { site, request, caller } = call;
  const ids = listParameter(request.query, "ids");
  const keys = listParameter(request.query, "keys");
  const { type, status, sort } = Object.fromEntries(request.query);
  const found = visibleSpaces(site, caller.account.index).filter(
    (each) =>
      (ids.length === 0 || ids.includes(each.id)) &&
      (keys.length === 0 || keys.includes(each.key)) &&
      (type === undefined || each.type === type) &&
      (status === undefined || each.status === status) &&
      !isHidden(call, each),
  );
  return page(call, inOrder(found, sort), (each) => spaceObject(site, each), "objects");
}

/** By a fault rule that says the account's rights became less; it hides a space from the list as from a look at it. */
function isHidden({ faults }: SiteCall, space: Space): boolean {
  const weaker = faults.find((each) => each.kind === "weaker-credential");
  const every = weaker?.amount ?? 2;
  return weaker !== undefined && space.number % every === every - 1;
}

function inOrder(spaces: readonly Space[], sort: string | undefined): readonly Space[] {
  if (sort === undefined) return spaces;
  const values: Record<string, (space: Space) => string> = {
    id: (each) => each.id.padStart(12, "0"),
    key: (each) => each.key,
    name: (each) => each.name,
  };
  const valueOf = values[sort.replace(/^-/, "")];
  if (!valueOf) throw new Refused(invalid(`sort by ${sort} is not possible`));
  const sign = sort.startsWith("-") ? -1 : 1;
  return [...spaces].sort((one, other) => (valueOf(one) < valueOf(other) ? -sign : sign));
}

/** Icon and description are null unless the request asks for them; so is the alias of some spaces (FACTS §4). */
function spaceObject(site: SiteWorld, space: Space): Record<string, unknown> {
  return {
    id: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    authorId: site.people[space.author]?.id ?? "",
    spaceOwnerId: site.people[space.author]?.id ?? "",
    currentActiveAlias: space.number % 3 === 0 ? null : space.key,
    createdAt: new Date(space.createdAt).toISOString(),
    homepageId: space.homepageId,
    description: null,
    icon: null,
    _links: { webui: `/spaces/${space.key}` },
  };
}

function spaceOf(call: SiteCall): Space {
  const { site, params, caller } = call;
  const found = visibleSpaces(site, caller.account.index).find((each) => each.id === params["id"]);
  if (!found || isHidden(call, found)) throw new Refused(notFound);
  return found;
}

function getSpace(call: SiteCall): Reply {
  const space = spaceOf(call);
  const base = `${siteUrl(call.sim, call.site)}/wiki`;
  return json({ ...spaceObject(call.site, space), _links: { webui: `/spaces/${space.key}`, base } }, { objects: 1 });
}

/**
 * On a role site the same rights, as the permissions that the roles stand for. In transition the permissions that are
 * left, and in spaces of both models also what each role holds, under a principal of type `role` (spec V2).
 */
function listPermissions(call: SiteCall): Reply {
  const { site } = call;
  const space = spaceOf(call);
  const rows: ListedPermission[] =
    site.roleMode === "ROLES" ? permissionsFromRoles(site, space) : permissionRows(site, space);
  if (site.roleMode === "ROLES_TRANSITION" && rows.length > 0) rows.push(...permissionsOfRoles(site, space));
  const toJson = (each: ListedPermission) => ({
    id: String(each.id),
    principal: { type: each.principalType, id: each.principalId },
    operation: { key: each.key, targetType: each.target },
  });
  return page(call, rows, toJson, "identities");
}

const PERMISSION_PRINCIPALS: Record<PrincipalType, PermissionRow["principalType"]> = {
  USER: "user",
  GROUP: "group",
  ACCESS_CLASS: "access-class",
};

function permissionsFromRoles(site: SiteWorld, space: Space): PermissionRow[] {
  let next = (space.number + 1) * 10_000;
  return roleAssignments(site, space).flatMap(({ principalType, principalId, roleId }) => {
    const role = site.roles.find((each) => each.id === roleId);
    const id = principalType === "ACCESS_CLASS" ? principalId.toUpperCase().replaceAll("-", "_") : principalId;
    return (role?.spacePermissions ?? []).map((permission) => {
      const [key = "", target = ""] = permission.split("/");
      return { id: next++, principalType: PERMISSION_PRINCIPALS[principalType], principalId: id, key, target };
    });
  });
}

type ListedPermission = Omit<PermissionRow, "principalType"> & {
  principalType: PermissionRow["principalType"] | "role";
};

function permissionsOfRoles(site: SiteWorld, space: Space): ListedPermission[] {
  const assigned = new Set(roleAssignments(site, space).map((each) => each.roleId));
  let next = 500_000_000 + space.number * 1_000;
  return site.roles
    .filter((each) => assigned.has(each.id))
    .flatMap((role) =>
      role.spacePermissions.map((permission) => {
        const [key = "", target = ""] = permission.split("/");
        return { id: next++, principalType: "role" as const, principalId: role.id, key, target };
      }),
    );
}

function listCatalog(call: SiteCall): Reply {
  const toJson = (each: (typeof SPACE_PERMISSIONS)[number]) => ({
    id: each.id,
    displayName: each.displayName,
    description: each.description,
    requiredPermissionIds: each.requires,
  });
  return page(call, SPACE_PERMISSIONS, toJson, "identities");
}

/** 404 where there are no roles, and also where the mode still says ROLES after that right lapsed (FACTS §0.1). */
function listRoles(call: SiteCall): Reply {
  const { site, request } = call;
  if (site.roleMode === "PRE_ROLES" || call.faults.some((each) => each.kind === "roles-404")) return notFound;
  const type = request.query.get("role-type");
  return page(
    call,
    site.roles.filter((each) => type === null || each.type === type),
    (each) => each,
    "identities",
  );
}

function getRoleMode(call: SiteCall): Reply {
  if (call.faults.some((each) => each.kind === "space-role-mode-404")) return notFound;
  return json({ mode: call.site.roleMode }, { objects: 1 });
}

function listRoleAssignments(call: SiteCall): Reply {
  const { site, request } = call;
  const space = spaceOf(call);
  if (site.roleMode === "PRE_ROLES") return notFound;
  const {
    "role-id": roleId,
    "principal-id": principalId,
    "principal-type": principalType,
  } = Object.fromEntries(request.query);
  const found = roleAssignments(site, space).filter(
    (each) =>
      (roleId === undefined || each.roleId === roleId) &&
      (principalId === undefined || each.principalId === principalId) &&
      (principalType === undefined || each.principalType === principalType),
  );
  const toJson = (each: (typeof found)[number]) => ({
    principal: { principalType: each.principalType, principalId: each.principalId },
    roleId: each.roleId,
  });
  return page(call, found, toJson, "identities");
}

/** The body is a list; who is not on it keeps the role it has (FACTS §4). */
function postRoleAssignments(call: SiteCall): Reply {
  const { sim, site } = call;
  const space = spaceOf(call);
  if (site.roleMode === "PRE_ROLES") return notFound;
  for (const wish of parseAssignments(call.request.body, site)) {
    assignRole(site, space, wish, { at: worldTime(sim), author: call.caller.account.index });
  }
  return { ...listRoleAssignments(call), points: 0 };
}

function parseAssignments(text: string, site: SiteWorld) {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refused(invalid("The body is not JSON"));
  }
  if (!Array.isArray(body)) throw new Refused(invalid("The body must be a list"));
  return body.map((each: unknown) => {
    const principal: unknown = Reflect.get(Object(each), "principal");
    const principalType = (["USER", "GROUP", "ACCESS_CLASS"] as const).find(
      (known) => known === Reflect.get(Object(principal), "principalType"),
    );
    const principalId: unknown = Reflect.get(Object(principal), "principalId");
    const roleId: unknown = Reflect.get(Object(each), "roleId") ?? null;
    const isKnownRole = roleId === null || site.roles.some((role) => role.id === roleId);
    if (
      !principalType ||
      typeof principalId !== "string" ||
      (roleId !== null && typeof roleId !== "string") ||
      !isKnownRole
    ) {
      throw new Refused(invalid("An assignment is not valid"));
    }
    return { principalType, principalId, roleId };
  });
}

/** Unknown ids are left out without a word; the only answer of Confluence that documents a status (FACTS §4). */
function getUsers(call: SiteCall): Reply {
  const ids = bodyObject(call.request)?.["accountIds"];
  if (!Array.isArray(ids) || !ids.every((each) => typeof each === "string"))
    return invalid("accountIds must be a list of account ids");
  if (ids.length > BULK_USERS_MAX) return invalid(`accountIds may hold ${BULK_USERS_MAX} at most`);
  const rows = ids.flatMap((id) => {
    const account = findAccount(call.site, id);
    return account ? [bulkUser(account)] : [];
  });
  return json({ results: rows, _links: { base: `${siteUrl(call.sim, call.site)}/wiki` } }, { identities: rows.length });
}

function bulkUser(account: Account): Record<string, unknown> {
  return {
    displayName: account.displayName,
    timeZone: account.emailHidden ? "" : account.timeZone,
    personalSpaceId: "",
    isExternalCollaborator: account.isGuest,
    accountStatus: accountStatus(account),
    accountId: account.id,
    email: account.emailHidden ? "" : (account.email ?? ""),
    accountType: account.kind,
    publicName: account.publicName,
    profilePicture: { path: `/wiki/aa-avatar/${account.index}`, isDefault: account.index % 3 === 0 },
  };
}
