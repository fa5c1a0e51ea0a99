import { encodeCursor, json, type Reply } from "../http.ts";
import { type Call, type Endpoint, siteUrl } from "../simulation.ts";
import { seatsMaxOf } from "../world/seat-count.ts";
import { checkOrganization } from "./admin-common.ts";
import { deleteMembership, listGroupRoles, postMembership, searchGroups } from "./admin-groups.ts";
import { getLastActiveDates, listUserRoles, searchUsers, setMembership } from "./admin-people.ts";

const ACCOUNTS = [["read:directories:admin", "read:accounts:admin"]];
const GROUPS = [["read:directories:admin", "read:groups:admin"]];
/** Some writes take only a key without scopes (FACTS §2): no list of scopes suffices. */
const WRITES = [["write:without-scopes-only"]];
const DIRECTORY = "/admin/v2/orgs/{orgId}/directories/{directoryId}";

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
  {
    method: "POST",
    template: `${DIRECTORY}/users/{accountId}/suspend`,
    scopes: WRITES,
    write: "suspend",
    handle: (call) => setMembership(call, "suspended"),
  },
  {
    method: "POST",
    template: `${DIRECTORY}/users/{accountId}/restore`,
    scopes: WRITES,
    write: "restore",
    handle: (call) => setMembership(call, "active"),
  },
  { method: "POST", template: `${DIRECTORY}/groups/search`, scopes: GROUPS, handle: searchGroups },
  { method: "GET", template: `${DIRECTORY}/groups/{groupId}/role-assignments`, scopes: GROUPS, handle: listGroupRoles },
  {
    method: "POST",
    template: `${DIRECTORY}/groups/{groupId}/memberships`,
    scopes: WRITES,
    write: "add-member",
    handle: postMembership,
  },
  {
    method: "DELETE",
    template: `${DIRECTORY}/groups/{groupId}/memberships/{accountId}`,
    scopes: WRITES,
    write: "remove-member",
    handle: deleteMembership,
  },
  {
    method: "GET",
    template: "/admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates",
    scopes: ACCOUNTS,
    handle: getLastActiveDates,
  },
];

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

function searchWorkspaces(call: Call): Reply {
  checkOrganization(call);
  const { sim } = call;
  const data = sim.world.sites.map((site) => ({
    id: `ari:cloud:confluence::site/${site.cloudId}`,
    type: "workspace",
    attributes: {
      name: site.name,
      type: "confluence",
      typeKey: "confluence",
      owner: null,
      status: "online",
      statusDetails: [],
      icons: {},
      avatars: {},
      labels: [],
      sandbox: { type: "NONE" },
      usage: null,
      capacity: seatsMaxOf(site),
      createdAt: new Date(sim.world.startedAt - 2_000 * 86_400_000).toISOString(),
      createdBy: null,
      hostUrl: siteUrl(sim, site),
      realm: "eu",
      regions: ["eu"],
    },
    links: { self: `${sim.url}/api/admin/v2/workspaces/${site.cloudId}` },
    relationships: {},
  }));
  const self = `${sim.url}/api/admin/v2/orgs/${sim.world.orgId}/workspaces`;
  return json({
    data,
    links: { self },
    meta: { pageSize: data.length, startIndex: 1, endIndex: data.length, total: data.length },
  });
}
