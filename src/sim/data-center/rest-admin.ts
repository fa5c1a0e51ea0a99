import { bodyObject, json, type Reply, status } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { maxUsers, seatHolders } from "./access.ts";
import { type DataCenterCall, type DataCenterEndpoint, refuseWhenReadOnly } from "./call.ts";
import { addGroup, addUser, removeGroup } from "./change.ts";
import { restError } from "./http.ts";
import { groupJson } from "./json.ts";
import { ADMINISTER, ADMINISTER_SYSTEM, sameOperation } from "./permissions.ts";

export const adminEndpoints: readonly DataCenterEndpoint[] = [
  endpoint("POST", "/rest/api/admin/group", "add-group", createGroup),
  endpoint("DELETE", "/rest/api/admin/group/{groupName}", "remove-group", deleteGroup),
  endpoint("POST", "/rest/api/admin/user", "add-account", createUser),
];

function endpoint(
  method: string,
  template: string,
  write: string,
  answer: (call: DataCenterCall) => Reply,
): DataCenterEndpoint {
  const handle = (call: DataCenterCall) => {
    refuseWhenReadOnly(call);
    return answer(call);
  };
  return { method, template, needs: "administrator", write, handle };
}

/** 200, not 201 (document). */
function createGroup(call: DataCenterCall): Reply {
  const name = bodyObject(call.request)?.["name"];
  if (typeof name !== "string" || name.trim() === "") return restError(400, "The group has no name");
  if (call.dc.groupsByName.has(name)) return restError(409, `A group with name ${name} already exists`);
  return json(groupJson(call, addGroup(call.dc, name, by(call))));
}

function deleteGroup(call: DataCenterCall): Reply {
  const { dc, params } = call;
  const group = dc.groupsByName.get(params["groupName"] ?? "");
  if (!group) return restError(404, `No group found with name : ${params["groupName"]}`);
  if (group.directory === "ldap") return restError(403, "The directory of the group is read-only");
  if (isLastAdministrators(call, group.name)) return restError(400, "The last group of administrators stays");
  removeGroup(dc, group, by(call));
  return status(204);
}

function isLastAdministrators({ dc }: DataCenterCall, name: string): boolean {
  const groups = dc.globalPermissions.flatMap(({ operation, subject }) =>
    subject.kind === "group" && [ADMINISTER, ADMINISTER_SYSTEM].some((each) => sameOperation(each, operation))
      ? [subject.name]
      : [],
  );
  return groups.includes(name) && new Set(groups).size === 1;
}

/** In confluence-users at once, so with a seat: without room for one there is no user (402, document). */
function createUser(call: DataCenterCall): Reply {
  const { dc } = call;
  const { userName, fullName, email, password, notifyViaEmail } = bodyObject(call.request) ?? {};
  if (typeof userName !== "string" || !/^[^\s\\,+<>'"A-Z]+$/.test(userName) || userName === "anonymous")
    return restError(400, "The user name is not valid");
  for (const [name, value] of Object.entries({ fullName, email }))
    if (typeof value !== "string" || value.trim() === "") return restError(400, `${name} is required`);
  if (notifyViaEmail !== true && (typeof password !== "string" || password === ""))
    return restError(400, "A password is required where nobody is notified by e-mail");
  if (dc.usersByName.has(userName)) return restError(409, `A user with username ${userName} already exists`);
  if (seatHolders(dc).size >= maxUsers(dc)) return restError(402, "No more licenses are available");
  const made = addUser(dc, { displayName: String(fullName), username: userName }, by(call));
  return { ...json({ userKey: made.userKey }), status: 201 };
}

function by({ sim, caller }: DataCenterCall) {
  return { at: worldTime(sim), author: caller.user.index };
}
