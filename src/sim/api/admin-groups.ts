import { adminError, bodyObject, encodeCursor, json, Refused, type Reply, status } from "../http.ts";
import { type Call, worldTime } from "../simulation.ts";
import { addMember, removeMember } from "../world/change.ts";
import { type Group, memberPosition } from "../world/groups.ts";
import { exceedsLicense } from "../world/seat-count.ts";
import type { SiteWorld } from "../world/world.ts";
import { accountOf, page, peopleOf, sitesOf } from "./admin-common.ts";
import { groupMatches, groupObject } from "./admin-objects.ts";

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
  const resource = { resourceId: `ari:cloud:confluence::site/${site.cloudId}`, resourceOwner: "confluence" };
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
    return adminError(400, "ADMIN-400-24", "The group is synced from an identity provider");
  if (memberPosition(group.members, account.index) >= 0)
    return adminError(409, "ADMIN-409-28", "The user is already a member");
  if (exceedsLicense(site, group, account)) return adminError(409, "ADMIN-409-3", "License limit exceeded");
  addMember(site, group, account, { at: worldTime(call.sim), author: call.caller.account.index });
  return status(204);
}

export function deleteMembership(call: Call): Reply {
  const { site, group } = groupOf(call);
  if (group.managedBy === "EXTERNAL")
    return adminError(403, "ADMIN-403-5", "The group is synced from an identity provider");
  removeMember(site, group, accountOf(call), { at: worldTime(call.sim), author: call.caller.account.index });
  return status(204);
}
