import { bodyObject, Refused, type Reply, status } from "../http.ts";
import { type Call, type Simulation, worldTime } from "../simulation.ts";
import { addGroup, addMember, removeGroup, removeMember } from "../world/change.ts";
import type { Group } from "../world/groups.ts";
import type { Account } from "../world/people.ts";
import {
  GROUP_SCHEMA,
  type PatchOperation,
  patchOperations,
  provisioned,
  scimError,
  scimFilter,
  scimJson,
  scimPage,
  scimUserId,
  type SyncedGroup,
  syncedGroups,
} from "./scim-common.ts";

export function listScimGroups(call: Call): Reply {
  const filter = scimFilter(call, ["displayName"]);
  const groups = syncedGroups(call.sim.world).filter(({ group }) => filter === null || group.name === filter.value);
  return scimPage(call, groups, ({ group }) => groupResource(call.sim, group));
}

export function getScimGroup(call: Call): Reply {
  return scimJson(groupResource(call.sim, wanted(call).group));
}

/** On the first site: which sites a directory reaches is a setting of the organization, not of SCIM. */
export function createScimGroup(call: Call): Reply {
  const { displayName, members } = bodyObject(call.request) ?? {};
  const [site] = call.sim.world.sites;
  if (typeof displayName !== "string" || displayName === "" || !site)
    return scimError(400, "displayName is required", "invalidValue");
  if (syncedGroups(call.sim.world).some(({ group }) => group.name === displayName))
    return scimError(409, "A group with same name already exists", "uniqueness");
  const accounts = members === undefined ? [] : accountsOf(call, members);
  const group = addGroup(site, { name: displayName, description: "", managedBy: "EXTERNAL", role: null }, by(call));
  for (const account of accounts) addMember(site, group, account, by(call));
  return scimJson(groupResource(call.sim, group), 201);
}

export function replaceScimGroup(call: Call): Reply {
  const synced = wanted(call);
  const { displayName, members } = bodyObject(call.request) ?? {};
  refuseRename(synced, displayName);
  setMembers(call, synced, accountsOf(call, members ?? []));
  return scimJson(groupResource(call.sim, synced.group));
}

export function patchScimGroup(call: Call): Reply {
  const synced = wanted(call);
  const changes = patchOperations(bodyObject(call.request)).map((each) => memberChange(call, synced, each));
  for (const change of changes) change();
  return scimJson(groupResource(call.sim, synced.group));
}

export function deleteScimGroup(call: Call): Reply {
  const { site, group } = wanted(call);
  removeGroup(site, group, by(call));
  return status(204);
}

/** What an operation does, once every operation was found to be right. */
function memberChange(call: Call, synced: SyncedGroup, operation: PatchOperation): () => void {
  const { op, path, value } = operation;
  if (path === "displayName" || (path === "" && "displayName" in Object(value))) {
    refuseRename(synced, path === "" ? Object(value).displayName : value);
    return () => {};
  }
  const one = /^members\[value eq "([^"]+)"\]$/.exec(path);
  if (path !== "members" && !one) throw new Refused(scimError(400, `There is no path ${path}`, "invalidPath"));
  if (one && op !== "remove") throw new Refused(scimError(400, "A member is added by members", "invalidPath"));
  const accounts = accountsOf(call, one ? [{ value: one[1] }] : (value ?? []));
  const { site, group } = synced;
  if (op === "replace") return () => setMembers(call, synced, accounts);
  if (op === "add") return () => accounts.forEach((each) => addMember(site, group, each, by(call)));
  // Without a value every member goes (RFC 7644, section 3.5.2.2).
  if (!one && value === undefined) return () => setMembers(call, synced, []);
  return () => accounts.forEach((each) => removeMember(site, group, each, by(call)));
}

function setMembers(call: Call, { site, group }: SyncedGroup, accounts: readonly Account[]): void {
  const wanted = new Set(accounts.map((each) => each.index));
  for (const index of group.members) {
    const account = site.people[index];
    if (account && !wanted.has(index)) removeMember(site, group, account, by(call));
  }
  for (const each of accounts) addMember(site, group, each, by(call));
}

/** "Renaming groups … isn't supported in this release" (document). */
function refuseRename({ group }: SyncedGroup, displayName: unknown): void {
  if (displayName !== undefined && displayName !== group.name)
    throw new Refused(scimError(400, "Renaming groups is not supported", "mutability"));
}

function accountsOf({ sim, request }: Call, members: unknown): Account[] {
  if (!Array.isArray(members)) throw new Refused(scimError(400, "members is a list", "invalidValue"));
  const byId = new Map(provisioned(sim.world).map((each) => [scimUserId(sim.world, each), each]));
  return members.map((each: unknown) => {
    const found = byId.get(String(Object(each).value));
    // PATCH: "the directory, group, or user does not exist"; PUT: "bad request, the users referenced do not exist".
    if (!found) throw new Refused(scimError(request.method === "PATCH" ? 404 : 400, "The user does not exist"));
    return found;
  });
}

function wanted({ sim, params }: Call): SyncedGroup {
  const found = syncedGroups(sim.world).find(({ group }) => group.id === params["groupId"]);
  if (!found) throw new Refused(scimError(404, `Resource ${params["groupId"]} not found`));
  return found;
}

function groupResource({ world, url }: Simulation, group: Group): Record<string, unknown> {
  const self = `${url}/api/scim/directory/${world.scimDirectoryId}`;
  const at = new Date(world.startedAt).toISOString();
  const members = Array.from(group.members, (index) => world.people[index])
    .filter((each) => each !== undefined)
    .map((each) => ({ each, id: scimUserId(world, each) }))
    .map(({ each, id }) => ({ type: "User", value: id, display: each.displayName, $ref: `${self}/Users/${id}` }));
  return {
    schemas: [GROUP_SCHEMA],
    id: group.id,
    externalId: `idp-group-${group.id.slice(0, 8)}`,
    displayName: group.name,
    members,
    meta: { resourceType: "GROUP", location: `${self}/Groups/${group.id}`, lastModified: at, created: at },
  };
}

function by(call: Call) {
  return { at: worldTime(call.sim), author: null };
}
