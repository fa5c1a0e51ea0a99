import { json, Refused, type Reply } from "../http.ts";
import { ancestorsOf, effectiveMembers, parentsOf } from "./access.ts";
import { type DataCenterCall, type DataCenterEndpoint, expands, page } from "./call.ts";
import type { DataCenterGroup } from "./groups.ts";
import { restError } from "./http.ts";
import { groupJson, userJson } from "./json.ts";
import { type DataCenter, groupList } from "./world.ts";

/** A name with a slash never gets here: the container refuses `%2F` in a path. */
export const groupEndpoints: readonly DataCenterEndpoint[] = [
  {
    method: "GET",
    template: "/rest/api/group",
    handle: (call) => page(call, groupList(call.dc), (each) => groupJson(call, each), 200),
  },
  { method: "GET", template: "/rest/api/group/{groupName}", handle: (call) => json(groupJson(call, namedGroup(call))) },
  {
    method: "GET",
    template: "/rest/api/group/{groupName}/member",
    needs: "administrator",
    handle: listMembers,
  },
  {
    method: "GET",
    template: "/rest/api/group/{groupName}/groupmember",
    handle: (call) =>
      listGroups(call, (dc, { subgroups }) => subgroups.flatMap((each) => dc.groupsByName.get(each) ?? [])),
  },
  { method: "GET", template: "/rest/api/group/{groupName}/groupparent", handle: (call) => listGroups(call, parentsOf) },
  {
    method: "GET",
    template: "/rest/api/group/{groupName}/groupancestor",
    handle: (call) => listGroups(call, ancestorsOf),
  },
];

function listMembers(call: DataCenterCall): Reply {
  const { dc } = call;
  const group = namedGroup(call);
  const members = dc.settings.nestedMembers ? effectiveMembers(dc, group) : [...group.members];
  const withStatus = expands(call).has("status");
  return page(call, members, (each) => memberJson(call, each, withStatus), 200);
}

function memberJson(call: DataCenterCall, index: number, withStatus: boolean) {
  const user = call.dc.users[index];
  if (!user) throw new Error(`The instance has no user number ${index}.`);
  return userJson(call, user, withStatus);
}

function listGroups(
  call: DataCenterCall,
  find: (dc: DataCenter, group: DataCenterGroup) => readonly DataCenterGroup[],
): Reply {
  return page(call, find(call.dc, namedGroup(call)), (each) => groupJson(call, each), 200);
}

function namedGroup({ dc, params }: DataCenterCall): DataCenterGroup {
  const found = dc.groupsByName.get(params["groupName"] ?? "");
  if (!found) throw new Refused(restError(404, `No group found with name : ${params["groupName"]}`));
  return found;
}
