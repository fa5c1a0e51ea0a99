import { adminError, bodyObject, encodeCursor, json, Refused, type Reply, status } from "../http.ts";
import { type Call, worldTime } from "../simulation.ts";
import { addGroup, addMember, removeGroup, removeMember, setGroupRole } from "../world/change.ts";
import { EVERYBODY, type Group, type GroupRole, memberPosition } from "../world/groups.ts";
import { exceedsLicense, newSeatsOf, seatsMaxOf, seatsNow } from "../world/seat-count.ts";
import type { SiteWorld } from "../world/world.ts";
import { accountOf, page, peopleOf, sitesOf } from "./admin-common.ts";
import { groupMatches, groupObject, resourceId } from "./admin-objects.ts";

export function searchGroups(call: Call): Reply {
  const sites = sitesOf(call);
  const body = bodyObject(call.request);
  if (!body) return adminError(400, "ADMIN-400-24", "Invalid request body");
  const found = sites.flatMap((site) =>
    site.groups.filter((each) => groupMatches(call.sim, site, each, body)).map((group) => ({ site, group })),
  );
  const withCounts = Array.isArray(body["expand"]) ? body["expand"].map(String) : [];
  return page(call, body, found, { fallback: 20, most: 100 }, ({ site, group }) =>
    JSON.stringify(groupObject(site, group, withCounts)),
  );
}

function groupOf(call: Call): { site: SiteWorld; group: Group } {
  for (const site of sitesOf(call)) {
    const group = site.groups.find((each) => each.id === call.params["groupId"]);
    if (group) return { site, group };
  }
  throw new Refused(adminError(404, "ADMIN-404-10", "Group not found"));
}

export function listGroupRoles(call: Call): Reply {
  const { site, group } = groupOf(call);
  const resource = { resourceId: resourceId(site), resourceOwner: "confluence" };
  const defaultRole = group === site.groups[0] ? "atlassian/user" : null;
  const data = group.role ? [{ ...resource, roles: [group.role], defaultRole }] : [];
  return json({ data, links: { self: encodeCursor(0) } });
}

export function postMembership(call: Call): Reply {
  const { site, group } = groupOf(call);
  const accountId = bodyObject(call.request)?.["accountId"];
  const account = peopleOf(call, [site]).find((each) => each.id === accountId);
  if (!account) return adminError(404, "ADMIN-404-8", "User not found");
  if (group.managedBy === "EXTERNAL")
    return adminError(403, "ADMIN-403-5", "The group is synced from an identity provider");
  if (memberPosition(group.members, account.index) >= 0)
    return adminError(409, "ADMIN-409-28", "The user is already a member");
  if (exceedsLicense(site, group, account)) return adminError(409, "ADMIN-409-3", "License limit exceeded");
  addMember(site, group, account, by(call));
  return status(204);
}

export function deleteMembership(call: Call): Reply {
  const { site, group } = groupOf(call);
  if (group.managedBy === "EXTERNAL")
    return adminError(403, "ADMIN-403-5", "The group is synced from an identity provider");
  removeMember(site, group, accountOf(call), by(call));
  return status(204);
}

/** The document promises no body: whoever wants the id searches for the name. */
export function postGroup(call: Call): Reply {
  const sites = sitesOf(call);
  const [site] = sites;
  if (!site || sites.length > 1) return adminError(400, "ADMIN-400-4", "A group is made in one directory");
  const { name, description } = bodyObject(call.request) ?? {};
  if (typeof name !== "string" || name.trim() === "") return adminError(400, "ADMIN-400-24", "name is required");
  if (site.groups.some((each) => each.name.toLowerCase() === name.trim().toLowerCase()))
    return adminError(409, "ADMIN-409-28", "A group with this name already exists");
  const text = typeof description === "string" ? description : "";
  addGroup(site, { name: name.trim(), description: text, managedBy: "ADMINS", role: null }, by(call));
  return status(201);
}

export function deleteGroup(call: Call): Reply {
  const { site, group } = groupOf(call);
  const refuse = (code: string, title: string) => adminError(403, code, title);
  if (group.managedBy === "EXTERNAL") return refuse("ADMIN-403-5", "Not allowed to manage the group");
  if (group.id === site.seededGroupIds[EVERYBODY])
    return refuse("ADMIN-403-6", "Not allowed to delete a group with the default-role attribute");
  if (group.role === "atlassian/admin" || group.role === "atlassian/site-admin")
    return refuse("ADMIN-403-7", "Not allowed to delete a group which grants admin access");
  removeGroup(site, group, by(call));
  return status(204);
}

const SEAT_ROLES: readonly GroupRole[] = ["atlassian/user", "atlassian/admin"];

/** A group of this world has at most one role: another one is a conflict, which live groups do not know. */
export function assignGroupRole(call: Call): Reply {
  const { site, group, role } = roleWish(call);
  if (group.role === role) return status(200);
  if (group.role !== null) return adminError(409, "ADMIN-409-28", "The group has another role");
  if (seatsNow(site) + newSeatsOf(site, group) > seatsMaxOf(site))
    return adminError(409, "ADMIN-409-3", "License limit exceeded");
  setGroupRole(site, group, role, by(call));
  return status(200);
}

export function revokeGroupRole(call: Call): Reply {
  const { site, group, role } = roleWish(call);
  if (group.role === role) setGroupRole(site, group, null, by(call));
  return status(204);
}

function roleWish(call: Call): { site: SiteWorld; group: Group; role: GroupRole } {
  const { site, group } = groupOf(call);
  const body = bodyObject(call.request) ?? {};
  const role = SEAT_ROLES.find((each) => each === body["roleId"]);
  if (!role) throw new Refused(adminError(400, "ADMIN-400-24", `roleId must be one of ${SEAT_ROLES.join(", ")}`));
  if (body["resourceId"] !== resourceId(site))
    throw new Refused(adminError(404, "ADMIN-404-1", "Resource not found in the directory of the group"));
  return { site, group, role };
}

function by(call: Call) {
  return { at: worldTime(call.sim), author: call.caller.account.index };
}
