import { json, type Reply, type SimRequest, status } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { isAdministrator } from "./access.ts";
import { baseUrl, type DataCenterCall, type DataCenterEndpoint, hasFault } from "./call.ts";
import { grantInSpace, revokeInSpace } from "./change-permissions.ts";
import { noSuchResource } from "./http.ts";
import { SPACE_RIGHTS, spacePermissions, type SpaceRight, type Subject } from "./permissions.ts";
import type { DataCenterSpace } from "./spaces.ts";

const SERVICE = "/rpc/json-rpc/confluenceservice-v2";

/**
 * The remote API of old, which a new instance has turned off. Called by a path with the method in it and a list in the
 * body it answers the bare value; called with an envelope it answers with one (TRAPS §3).
 */
export const jsonRpcEndpoints: readonly DataCenterEndpoint[] = [
  { method: "POST", template: `${SERVICE}/{method}`, write: writeOf, handle: light },
  { method: "POST", template: SERVICE, write: writeOf, handle: enveloped },
];

/** The name of the method where it changes something. */
function writeOf({ body }: SimRequest, params: Record<string, string>): string | undefined {
  const method = params["method"] ?? String(Object(parsed(body))["method"]);
  return method.startsWith("get") ? undefined : method;
}

/** Refused in words: HTTP says 200 and the body has an `error`. */
class RpcError extends Error {}

function light(call: DataCenterCall): Reply {
  const body = parsed(call.request.body);
  const envelope = !Array.isArray(body) && body !== undefined;
  const parameters: unknown = envelope ? Reflect.get(Object(body), "params") : body;
  return answer(
    call,
    call.params["method"] ?? "",
    parameters,
    envelope || hasFault(call, "rpc-envelope") !== undefined,
  );
}

function enveloped(call: DataCenterCall): Reply {
  const { method, params } = Object(parsed(call.request.body));
  return answer(call, String(method), params, true);
}

function answer(call: DataCenterCall, method: string, parameters: unknown, withEnvelope: boolean): Reply {
  const { dc, sim, request } = call;
  if (!dc.hasRemoteApi) return noSuchResource(baseUrl(sim, dc) + request.path);
  if (!request.headers["content-type"]?.startsWith("application/json")) return status(415, "Unsupported Media Type");
  const envelope = { jsonrpc: "2.0", id: Object(parsed(request.body))["id"] ?? 0 };
  try {
    const result = invoke(call, method, Array.isArray(parameters) ? parameters : []);
    return json(withEnvelope ? { ...envelope, result } : result);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const refusal = { error: { code: 500, message: error.message, data: null } };
    return json(withEnvelope ? { ...envelope, ...refusal } : refusal);
  }
}

function invoke(call: DataCenterCall, method: string, parameters: readonly unknown[]): unknown {
  const [first, second, third] = parameters;
  switch (method) {
    case "getSpacePermissionSets":
      return permissionSets(call, administeredSpace(call, first));
    case "addPermissionsToSpace":
      return write(call, grantInSpace, rightsOf(first), entity(call, second), administeredSpace(call, third));
    case "removePermissionFromSpace":
      return write(call, revokeInSpace, rightsOf([first]), entity(call, second), administeredSpace(call, third));
    case "addAnonymousPermissionToSpace":
      return write(call, grantInSpace, rightsOf([first]), { kind: "anonymous" }, administeredSpace(call, second));
    case "removeAnonymousPermissionFromSpace":
      return write(call, revokeInSpace, rightsOf([first]), { kind: "anonymous" }, administeredSpace(call, second));
    default:
      throw new RpcError(`No such operation: ${method}`);
  }
}

/** One set for each right that somebody holds. Whoever has no account is two nulls, or two names left out (TRAPS §3). */
function permissionSets(call: DataCenterCall, space: DataCenterSpace) {
  const rows = spacePermissions(call.dc, space);
  return SPACE_RIGHTS.flatMap(({ key }) => {
    const held = rows.filter((each) => each.right.key === key);
    if (held.length === 0) return [];
    return [{ type: key, spacePermissions: held.map(({ subject }) => ({ type: key, ...namesOf(call, subject) })) }];
  });
}

function namesOf(call: DataCenterCall, subject: Subject) {
  if (subject.kind === "user") return { userName: call.dc.users[subject.index]?.username ?? null, groupName: null };
  if (subject.kind === "group") return { userName: null, groupName: subject.name };
  return hasFault(call, "anonymous-as-null") ? {} : { userName: null, groupName: null };
}

function write(
  { dc, sim, caller }: DataCenterCall,
  change: typeof grantInSpace,
  rights: readonly SpaceRight[],
  subject: Subject,
  space: DataCenterSpace,
): true {
  if (dc.settings.accessMode === "READ_ONLY") throw new RpcError("The site is in read-only mode");
  for (const right of rights) change(dc, space, { right, subject }, { at: worldTime(sim), author: caller.user.index });
  return true;
}

function rightsOf(keys: unknown): SpaceRight[] {
  if (!Array.isArray(keys)) throw new RpcError("A list of permissions is expected");
  return keys.map((key: unknown) => {
    const found = SPACE_RIGHTS.find((each) => each.key === key);
    if (!found) throw new RpcError(`No such permission: ${String(key)}`);
    return found;
  });
}

/** The name of a user or of a group; where both have it, the user is meant. */
function entity({ dc }: DataCenterCall, name: unknown): Subject {
  const user = dc.usersByName.get(String(name));
  if (user) return { kind: "user", index: user.index };
  if (!dc.groupsByName.has(String(name))) throw new RpcError(`No user or group with the name ${String(name)} exists`);
  return { kind: "group", name: String(name) };
}

function administeredSpace({ dc, caller }: DataCenterCall, key: unknown): DataCenterSpace {
  const space = dc.spaces.find((each) => each.key === key);
  if (!space || !isAdministrator(dc, caller.user))
    throw new RpcError(`You're not allowed to view that space, or it does not exist: ${String(key)}`);
  return space;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON: no parameters, which every method refuses in its own words.
    return undefined;
  }
}
