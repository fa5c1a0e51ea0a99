import { encodeCursor, json, type Reply } from "../http.ts";
import { type Call, type Endpoint } from "../simulation.ts";
import { checkOrganization } from "./admin-common.ts";
import {
  assignGroupRole,
  deleteGroup,
  deleteMembership,
  listGroupRoles,
  postGroup,
  postMembership,
  revokeGroupRole,
  searchGroups,
} from "./admin-groups.ts";
import {
  getLastActiveDates,
  listUserRoles,
  removeUser,
  searchUsers,
  setMembership,
  setUserRole,
} from "./admin-people.ts";
import { searchWorkspaces } from "./admin-workspaces.ts";

const ACCOUNTS = [["read:directories:admin", "read:accounts:admin"]];
const GROUPS = [["read:directories:admin", "read:groups:admin"]];
/** Some writes take only a key without scopes (FACTS §2): no list of scopes suffices. */
const WRITES = [["write:without-scopes-only"]];
const DIRECTORY = "/admin/v2/orgs/{orgId}/directories/{directoryId}";

const USER = "/admin/v1/orgs/{orgId}/users/{userId}";

export const adminEndpoints: readonly Endpoint<Call>[] = [
  { method: "GET", template: "/admin/v1/orgs", scopes: [], handle: listOrganizations },
  { method: "GET", template: "/admin/v1/orgs/{orgId}", scopes: [["read:orgs:admin"]], handle: getOrganization },
  {
    method: "GET",
    template: "/admin/v2/orgs/{orgId}/directories",
    scopes: [["read:directories:admin"]],
    handle: listDirectories,
  },
  {
    method: "POST",
    template: "/admin/v2/orgs/{orgId}/workspaces",
    scopes: [["read:workspaces:admin"]],
    handle: searchWorkspaces,
  },
  { method: "POST", template: `${DIRECTORY}/users/search`, scopes: ACCOUNTS, handle: searchUsers },
  {
    method: "GET",
    template: `${DIRECTORY}/users/{accountId}/role-assignments`,
    scopes: ACCOUNTS,
    handle: listUserRoles,
  },
  write("POST", `${DIRECTORY}/users/{accountId}/suspend`, "suspend", (call) => setMembership(call, "suspended")),
  write("POST", `${DIRECTORY}/users/{accountId}/restore`, "restore", (call) => setMembership(call, "active")),
  { method: "POST", template: `${DIRECTORY}/groups/search`, scopes: GROUPS, handle: searchGroups },
  { method: "GET", template: `${DIRECTORY}/groups/{groupId}/role-assignments`, scopes: GROUPS, handle: listGroupRoles },
  write("POST", `${DIRECTORY}/groups/{groupId}/memberships`, "add-member", postMembership),
  write("DELETE", `${DIRECTORY}/groups/{groupId}/memberships/{accountId}`, "remove-member", deleteMembership),
  write("DELETE", `${DIRECTORY}/users/{accountId}`, "remove-account", removeUser),
  write("POST", `${DIRECTORY}/groups`, "add-group", postGroup),
  write("DELETE", `${DIRECTORY}/groups/{groupId}`, "remove-group", deleteGroup),
  write("POST", `${DIRECTORY}/groups/{groupId}/role-assignments/assign`, "assign-group-role", assignGroupRole),
  write("POST", `${DIRECTORY}/groups/{groupId}/role-assignments/revoke`, "revoke-group-role", revokeGroupRole),
  write("POST", `${USER}/roles/assign`, "assign-role", (call) => setUserRole(call, true)),
  write("POST", `${USER}/roles/revoke`, "revoke-role", (call) => setUserRole(call, false)),
  {
    method: "GET",
    template: "/admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates",
    scopes: ACCOUNTS,
    handle: getLastActiveDates,
  },
];

function write(method: string, template: string, name: string, handle: (call: Call) => Reply): Endpoint<Call> {
  return { method, template, scopes: WRITES, write: name, handle };
}

/** A key with scopes belongs to one organization, yet is shown none (FACTS §2). */
function listOrganizations(call: Call): Reply {
  const data = call.caller.scopes === null ? [organization(call)] : [];
  return json({ data, links: { self: `${call.sim.url}/api/admin/v1/orgs` } });
}

function getOrganization(call: Call): Reply {
  checkOrganization(call);
  return json({ data: organization(call) });
}

function organization({ sim }: Call): unknown {
  const self = `${sim.url}/api/admin/v1/orgs/${sim.world.orgId}`;
  return {
    id: sim.world.orgId,
    type: "orgs",
    attributes: { name: sim.world.orgName },
    relationships: {
      domains: { links: { related: `${self}/domains` } },
      users: { links: { related: `${self}/users` } },
    },
    links: { self },
  };
}

function listDirectories(call: Call): Reply {
  checkOrganization(call);
  const data = call.sim.world.sites.map((each) => ({
    directoryId: each.directoryId,
    name: `${each.title} directory`,
    icon: "",
  }));
  return json({ data, links: { self: encodeCursor(0) } });
}
