import { json, Refused, type Reply, status } from "../http.ts";
import { worldTime } from "../simulation.ts";
import { type DataCenterCall, type DataCenterEndpoint, hasFault, refuseBefore91, refuseWhenReadOnly } from "./call.ts";
import { grantGlobally, grantInSpace, revokeGlobally, revokeInSpace } from "./change-permissions.ts";
import { restError } from "./http.ts";
import { subjectJson } from "./json.ts";
import {
  GLOBAL_OPERATIONS,
  type Operation,
  sameOperation,
  SPACE_RIGHTS,
  spacePermissions,
  type Subject,
  subjectKey,
} from "./permissions.ts";
import type { DataCenterSpace } from "./spaces.ts";

const SPACE = "/rest/api/space/{spaceKey}/permissions";
const GLOBAL = "/rest/api/permissions";
const IN_SPACE = [`${SPACE}/user/{userKey}`, `${SPACE}/group/{groupName}`, `${SPACE}/anonymous`];
const GLOBALLY = [`${GLOBAL}/user/{user}`, `${GLOBAL}/group/{groupName}`, `${GLOBAL}/anonymous`];

/** None of them exists before 9.1; whoever is no administrator gets 500 (TRAPS §3, CONFSERVER-99908). */
export const permissionEndpoints: readonly DataCenterEndpoint[] = [
  endpoint("GET", SPACE, listSpacePermissions),
  endpoint("POST", SPACE, setSpacePermissions),
  endpoint("GET", GLOBAL, listGlobalPermissions),
  endpoint("GET", `${GLOBAL}/unlicensed`, () => json([])),
  ...IN_SPACE.flatMap((template) => [
    endpoint("GET", template, (call) => listSpacePermissions(call, wantedSubject(call))),
    endpoint("PUT", `${template}/grant`, (call) => writeInSpace(call, grantInSpace)),
    endpoint("PUT", `${template}/revoke`, (call) => writeInSpace(call, revokeInSpace)),
  ]),
  ...GLOBALLY.flatMap((template) => [
    endpoint("GET", template, (call) => listGlobalPermissions(call, wantedSubject(call))),
    endpoint("PUT", `${template}/grant`, (call) => writeGlobally(call, grantGlobally)),
    endpoint("PUT", `${template}/revoke`, (call) => writeGlobally(call, revokeGlobally)),
  ]),
];

function endpoint(method: string, template: string, answer: (call: DataCenterCall) => Reply): DataCenterEndpoint {
  const handle = (call: DataCenterCall) => {
    refuseBefore91(call);
    return answer(call);
  };
  const write = method === "GET" ? {} : { write: "set-permissions" };
  return { method, template, needs: "administrator-or-500", ...write, handle };
}

/** The whole list at once: there is no paging (document). */
function listSpacePermissions(call: DataCenterCall, only?: Subject): Reply {
  const space = wantedSpace(call);
  const rows = spacePermissions(call.dc, space)
    .filter(({ subject }) => only === undefined || subjectKey(subject) === subjectKey(only))
    .map(({ right: { targetType, operationKey }, subject }) => ({
      operation: { targetType, operationKey },
      subject: shownSubject(call, subject),
      spaceKey: space.key,
      spaceId: space.id,
    }));
  return json(rows);
}

function listGlobalPermissions(call: DataCenterCall, only?: Subject): Reply {
  const rows = call.dc.globalPermissions.filter(
    ({ subject }) => only === undefined || subjectKey(subject) === subjectKey(only),
  );
  return json(rows.map(({ operation, subject }) => ({ operation, subject: shownSubject(call, subject) })));
}

/** Everybody without an account has a name, or is nobody at all (TRAPS §3: two shapes). */
function shownSubject(call: DataCenterCall, subject: Subject) {
  return subject.kind === "anonymous" && hasFault(call, "anonymous-as-null") ? null : subjectJson(call, subject);
}

function writeInSpace(call: DataCenterCall, write: typeof grantInSpace): Reply {
  refuseWhenReadOnly(call);
  const space = wantedSpace(call);
  const subject = wantedSubject(call);
  const rights = wantedOperations(call, SPACE_RIGHTS);
  for (const right of rights) write(call.dc, space, { right, subject }, by(call));
  return status(204);
}

const SUBJECTS_MAX = 40;

/** A subject that is named has these rights afterwards and no others; whoever is not named keeps theirs (document). */
function setSpacePermissions(call: DataCenterCall): Reply {
  refuseWhenReadOnly(call);
  const space = wantedSpace(call);
  const wishes = bodyList(call.request.body);
  if (wishes.length > SUBJECTS_MAX) throw new Refused(restError(400, `At most ${SUBJECTS_MAX} subjects`));
  const plans = wishes.map((wish) => {
    const { userKey, groupName, operations } = Object(wish);
    const subject = subjectNamed(call, { userKey, groupName });
    return { subject, rights: operationsNamed(operations, SPACE_RIGHTS) };
  });
  for (const { subject, rights } of plans) {
    const held = spacePermissions(call.dc, space).filter((each) => subjectKey(each.subject) === subjectKey(subject));
    for (const each of held) if (!rights.includes(each.right)) revokeInSpace(call.dc, space, each, by(call));
    for (const right of rights) grantInSpace(call.dc, space, { right, subject }, by(call));
  }
  return status(200);
}

function writeGlobally(call: DataCenterCall, write: typeof grantGlobally): Reply {
  refuseWhenReadOnly(call);
  const subject = wantedSubject(call);
  for (const operation of wantedOperations(call, GLOBAL_OPERATIONS)) write(call.dc, operation, subject, by(call));
  return status(204);
}

/** All of them or none: one that does not exist refuses the request (document: 400). */
function wantedOperations<Known extends Operation>({ request }: DataCenterCall, known: readonly Known[]): Known[] {
  return operationsNamed(bodyList(request.body), known);
}

function operationsNamed<Known extends Operation>(wishes: unknown, known: readonly Known[]): Known[] {
  if (!Array.isArray(wishes)) throw new Refused(restError(400, "A list of operations is expected"));
  return wishes.map((wish: unknown) => {
    const { targetType, operationKey } = Object(wish);
    const found = known.find((each) => sameOperation(each, { targetType, operationKey }));
    if (!found) throw new Refused(restError(400, `No such permission: ${targetType} ${operationKey}`));
    return found;
  });
}

function bodyList(body: string): unknown[] {
  try {
    const value: unknown = JSON.parse(body);
    if (Array.isArray(value)) return value;
  } catch {
    // Not JSON: refused below, as any other malformed body.
  }
  throw new Refused(restError(400, "A list of operations is expected"));
}

function wantedSubject(call: DataCenterCall): Subject {
  const { userKey, user, groupName } = call.params;
  return subjectNamed(call, { userKey: userKey ?? user, groupName });
}

/** A group by name, a user by key or, for global permissions, by name too; otherwise whoever has no account. */
function subjectNamed(
  { dc }: DataCenterCall,
  { userKey, groupName }: { userKey?: string | undefined; groupName?: string | undefined },
): Subject {
  if (groupName !== undefined) {
    if (!dc.groupsByName.has(groupName)) throw new Refused(restError(404, `No group found with name : ${groupName}`));
    return { kind: "group", name: groupName };
  }
  if (userKey === undefined) return { kind: "anonymous" };
  const found = dc.usersByKey.get(userKey) ?? dc.usersByName.get(userKey);
  if (!found) throw new Refused(restError(404, `No user found with key : ${userKey}`));
  return { kind: "user", index: found.index };
}

export function wantedSpace({ dc, params }: DataCenterCall): DataCenterSpace {
  const found = dc.spaces.find((each) => each.key === params["spaceKey"]);
  if (!found) throw new Refused(restError(404, `No space with key : ${params["spaceKey"]}`));
  return found;
}

function by({ sim, caller }: DataCenterCall) {
  return { at: worldTime(sim), author: caller.user.index };
}
