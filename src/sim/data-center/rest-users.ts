import { json, Refused, type Reply, status } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { directGroupsOf, effectiveGroupsOf, seatHolders } from "./access.ts";
import {
  type DataCenterCall,
  type DataCenterEndpoint,
  expands,
  hasFault,
  page,
  refuseWhenReadOnly,
  wantedUser,
} from "./call.ts";
import { addMember, removeMember, setActive } from "./change.ts";
import { restError } from "./http.ts";
import { groupJson, userJson } from "./json.ts";
import type { DataCenterUser } from "./people.ts";
import { kept, knownUsers } from "./world.ts";

export const userEndpoints: readonly DataCenterEndpoint[] = [
  { method: "GET", template: "/rest/api/user/list", handle: listUsers },
  { method: "GET", template: "/rest/api/user/current", handle: (call) => json(personJson(call, call.caller.user)) },
  { method: "GET", template: "/rest/api/user/memberof", handle: memberOf },
  { method: "GET", template: "/rest/api/user", handle: (call) => json(personJson(call, wantedUser(call))) },
  {
    method: "GET",
    template: "/rest/api/admin/users/list/active",
    needs: "administrator",
    handle: listActiveUsers,
  },
  {
    method: "PUT",
    template: "/rest/api/user/{username}/group/{groupName}",
    needs: "administrator",
    write: "add-member",
    handle: (call) => writeMembership(call, addMember),
  },
  {
    method: "DELETE",
    template: "/rest/api/user/{username}/group/{groupName}",
    needs: "administrator",
    write: "remove-member",
    handle: (call) => writeMembership(call, removeMember),
  },
  {
    method: "PUT",
    template: "/rest/api/admin/user/{username}/disable",
    needs: "administrator",
    write: "deactivate",
    handle: (call) => writeState(call, false),
  },
  {
    method: "PUT",
    template: "/rest/api/admin/user/{username}/enable",
    needs: "administrator",
    write: "reactivate",
    handle: (call) => writeState(call, true),
  },
];

/** Deactivated ones included (document: "all registered users"). */
function listUsers(call: DataCenterCall): Reply {
  return page(call, knownUsers(call.dc), (each) => personJson(call, each), 100);
}

const activeUsers = kept((dc) => {
  const holders = seatHolders(dc);
  return knownUsers(dc).filter((each) => holders.has(each.index));
});

/** From the search index, which may lag behind (document: "might not be accurate"). */
function listActiveUsers(call: DataCenterCall): Reply {
  const stale = hasFault(call, "stale-index");
  const every = stale?.amount ?? 5;
  const users = activeUsers(call.dc);
  const shown = stale ? users.filter((_, index) => index % every !== every - 1) : users;
  return page(call, shown, (each) => personJson(call, each), 100);
}

function memberOf(call: DataCenterCall): Reply {
  const groups = call.dc.settings.nestedMembers ? effectiveGroupsOf : directGroupsOf;
  return page(call, groups(call.dc, wantedUser(call)), (each) => groupJson(call, each), 200);
}

function personJson(call: DataCenterCall, user: DataCenterUser) {
  return userJson(call, user, expands(call).has("status"));
}

/** Both ways idempotent (document). */
function writeMembership(call: DataCenterCall, write: typeof addMember): Reply {
  refuseWhenReadOnly(call);
  const { dc, params } = call;
  const user = namedUser(call);
  const group = dc.groupsByName.get(params["groupName"] ?? "");
  if (!group) throw new Refused(restError(404, `No group found with name : ${params["groupName"]}`));
  if (group.directory === "ldap") throw new Refused(restError(403, "The directory of the group is read-only"));
  write(dc, group, user, by(call));
  return status(204);
}

function writeState(call: DataCenterCall, isActive: boolean): Reply {
  refuseWhenReadOnly(call);
  const user = namedUser(call);
  if (user.directory === "ldap") throw new Refused(restError(403, "The directory of the user is read-only"));
  setActive(call.dc, user, isActive, by(call));
  return status(204);
}

function namedUser({ dc, params }: DataCenterCall): DataCenterUser {
  const user = dc.usersByName.get(params["username"] ?? "");
  if (!user) throw new Refused(restError(404, `No user found with username : ${params["username"]}`));
  return user;
}

function by({ sim, caller }: DataCenterCall) {
  return { at: worldTime(sim), author: caller.user.index };
}
