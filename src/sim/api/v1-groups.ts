import { bodyObject, countParameter, json, Refused, type Reply, status, v1Error } from "../http.ts";
import { type Endpoint, type SiteCall, worldTime } from "../simulation.ts";
import { addGroup, addMember, removeGroup, removeMember } from "../world/change.ts";
import type { Group, GroupRole } from "../world/groups.ts";
import { exceedsLicense } from "../world/seat-count.ts";
import type { SiteWorld } from "../world/world.ts";
import { expands, groupJson, invalidCount, limitOf, startOf, userJson, v1Page } from "./v1-common.ts";
import { findAccount } from "./v1-users.ts";

const READ_GROUPS = [["read:confluence-groups"], ["read:group:confluence"]];
const WRITE_MEMBERS = [["write:confluence-groups"], ["write:group:confluence"]];
/** Past it the endpoint answers 400 (Atlassian, "Get group members"). */
const MEMBERS_PAGE_MAX = 200;

export const groupEndpoints: readonly Endpoint<SiteCall>[] = [
  { method: "GET", template: "/wiki/rest/api/group", scopes: READ_GROUPS, handle: listGroups },
  { method: "GET", template: "/wiki/rest/api/group/by-id", scopes: READ_GROUPS, handle: getGroup },
  { method: "GET", template: "/wiki/rest/api/group/picker", scopes: READ_GROUPS, handle: pickGroups },
  {
    method: "GET",
    template: "/wiki/rest/api/group/{groupId}/membersByGroupId",
    scopes: [["read:confluence-groups"], ["read:group:confluence", "read:user:confluence"]],
    handle: listMembers,
  },
  {
    method: "POST",
    template: "/wiki/rest/api/group/userByGroupId",
    scopes: WRITE_MEMBERS,
    role: "site-admin",
    write: "add-member",
    handle: postMember,
  },
  {
    method: "DELETE",
    template: "/wiki/rest/api/group/userByGroupId",
    scopes: WRITE_MEMBERS,
    role: "site-admin",
    write: "remove-member",
    handle: deleteMember,
  },
  {
    method: "POST",
    template: "/wiki/rest/api/group",
    scopes: [["write:confluence-groups"], ["read:group:confluence", "write:group:confluence"]],
    role: "site-admin",
    write: "add-group",
    handle: postGroup,
  },
  {
    method: "DELETE",
    template: "/wiki/rest/api/group/by-id",
    scopes: WRITE_MEMBERS,
    role: "site-admin",
    write: "remove-group",
    handle: deleteGroup,
  },
];

const ROLE_OF_ACCESS: Record<string, GroupRole> = {
  user: "atlassian/user",
  admin: "atlassian/admin",
  "site-admin": "atlassian/site-admin",
};

function listGroups(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const accessType = request.query.get("accessType");
  const role = accessType === null ? null : ROLE_OF_ACCESS[accessType];
  if (role === undefined) return v1Error(400, `Unknown accessType ${accessType}`);
  const start = startOf(call);
  const limit = limitOf(call, 200, 200);
  const groups = role === null ? site.groups : site.groups.filter((each) => each.role === role);
  const rows = groups.slice(start, start + limit).map((each) => groupJson(sim, site, each));
  return v1Page(call, { rows, start, limit, hasMore: start + rows.length < groups.length });
}

function getGroup(call: SiteCall): Reply {
  const group = findGroup(call.site, call.request.query.get("id"));
  return group
    ? json(groupJson(call.sim, call.site, group), { identities: 1 })
    : v1Error(404, "No group found with the id.");
}

function pickGroups(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const query = request.query.get("query");
  if (query === null) return v1Error(400, "query is required");
  const start = startOf(call);
  const limit = limitOf(call, 200, 200);
  const groups = site.groups.filter((each) => each.name.toLowerCase().includes(query.toLowerCase()));
  const rows = groups.slice(start, start + limit).map((each) => groupJson(sim, site, each));
  const more = request.query.get("shouldReturnTotalSize") === "true" ? `,"totalSize":${groups.length}` : "";
  return v1Page(call, { rows, start, limit, hasMore: start + rows.length < groups.length, more });
}

/** A group that nobody knows has an empty page, not a 404 (FACTS §3, measured). */
function listMembers(call: SiteCall): Reply {
  const { sim, site, request, params } = call;
  const start = startOf(call);
  const limit = countParameter(request.query, "limit", MEMBERS_PAGE_MAX, invalidCount);
  if (limit > MEMBERS_PAGE_MAX)
    return v1Error(400, `The limit ${limit} is greater than the maximum of ${MEMBERS_PAGE_MAX}`);
  const withOperations = expands(call).has("operations");
  const members = findGroup(site, params["groupId"] ?? null)?.members ?? new Int32Array();
  const rows: string[] = [];
  for (const index of members.subarray(start, start + limit)) {
    const account = site.people[index];
    if (account) rows.push(userJson(sim, site, account, withOperations));
  }
  const more = request.query.get("shouldReturnTotalSize") === "true" ? `,"totalSize":${members.length}` : "";
  return v1Page(call, { rows, start, limit, hasMore: start + rows.length < members.length && rows.length > 0, more });
}

/** 201 also for somebody who is a member already. The document has no answer for a license without room but 400. */
function postMember(call: SiteCall): Reply {
  const { site, request } = call;
  const groupId = needed(request.query.get("groupId"), "groupId");
  const accountId = needed(bodyObject(request)?.["accountId"], "accountId");
  const group = findGroup(site, groupId) ?? missing("group");
  const account = findAccount(site, accountId) ?? missing("user");
  if (group.managedBy === "EXTERNAL") return MANAGED_ELSEWHERE;
  if (exceedsLicense(site, group, account)) return v1Error(400, "The user limit of the license is reached");
  addMember(site, group, account, by(call));
  return status(201);
}

/** 204 also for somebody who is no member (FACTS §3). */
function deleteMember(call: SiteCall): Reply {
  const { site, request } = call;
  const groupId = needed(request.query.get("groupId"), "groupId");
  const accountId = needed(request.query.get("accountId"), "accountId");
  const group = findGroup(site, groupId) ?? missing("group");
  const account = findAccount(site, accountId) ?? missing("user");
  if (group.managedBy === "EXTERNAL") return MANAGED_ELSEWHERE;
  removeMember(site, group, account, by(call));
  return status(204);
}

/** A name that is taken is an invalid one: the document has no 409. */
function postGroup(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const name = needed(bodyObject(request)?.["name"], "name").trim();
  if (name.length > GROUP_NAME_MAX) return v1Error(400, `A name has at most ${GROUP_NAME_MAX} characters`);
  if (site.groups.some((each) => each.name.toLowerCase() === name.toLowerCase()))
    return v1Error(400, `A group with the name ${name} already exists`);
  const made = addGroup(site, { name, description: "", managedBy: "ADMINS", role: null }, by(call));
  return { ...json(groupJson(sim, site, made)), status: 201 };
}

function deleteGroup(call: SiteCall): Reply {
  const { site, request } = call;
  const group = findGroup(site, needed(request.query.get("id"), "id")) ?? missing("group");
  if (group.managedBy === "EXTERNAL") return MANAGED_ELSEWHERE;
  removeGroup(site, group, by(call));
  return status(204);
}

/** Atlassian, "Create and update groups": 255 characters. */
const GROUP_NAME_MAX = 255;

/** Only the identity provider may change such a group (FACTS §0.10); which status v1 gives is not documented. */
const MANAGED_ELSEWHERE = v1Error(403, "The group is managed by an external directory");

function by({ sim, caller }: SiteCall) {
  return { at: worldTime(sim), author: caller.account.index };
}

function needed(value: unknown, name: string): string {
  if (typeof value !== "string" || value.trim() === "") throw new Refused(v1Error(400, `${name} is required`));
  return value;
}

export function findGroup(site: SiteWorld, id: string | null): Group | null {
  return site.groups.find((each) => each.id === id) ?? null;
}

function missing(what: string): never {
  throw new Refused(v1Error(404, `No ${what} found with the id.`));
}
