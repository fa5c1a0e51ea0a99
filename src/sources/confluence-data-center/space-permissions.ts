import { z } from "zod";
import { type ObservedPermission, type Page, SourceFailure } from "../source.ts";
import type { OpenSite } from "./open-site.ts";
import { operationOfType, type Operation } from "./permission-words.ts";
import { ANONYMOUS, groupPrincipal, type Principal, principalOf, Subject, userPrincipal } from "./principal.ts";
import { byKey, keyOfSpace } from "./spaces.ts";

/** Both come in one piece. Versions before 9.1 have no REST for it (TRAPS §3), which is found out once for a site. */
export async function readSpacePermissions(
  open: OpenSite,
  spaceId: string,
  signal: AbortSignal,
): Promise<Page<ObservedPermission>> {
  const key = await keyOfSpace(open, spaceId, signal);
  const rights =
    open.permissionsBy === "json-rpc" ? await byJsonRpc(open, key, signal) : await byRest(open, key, signal);
  const rows = new Map<string, ObservedPermission>();
  for (const { principal, operation } of rights) {
    const { principalType, principalId } = principal;
    // Data Center gives a permission no id: what it says names it.
    const sourceId = `${principalType}:${principalId}:${operation.key}/${operation.target}`;
    rows.set(sourceId, {
      sourceId,
      principalType,
      principalId,
      operationKey: operation.key,
      operationTarget: operation.target,
    });
  }
  return { rows: [...rows.values()], next: null };
}

interface Right {
  principal: Principal;
  operation: Operation;
}

const RestPermission = z.object({
  operation: z.object({ targetType: z.string(), operationKey: z.string() }),
  subject: Subject,
});

const RestPermissions = z
  .union([z.array(RestPermission), z.object({ results: z.array(RestPermission) })])
  .transform((body) => (Array.isArray(body) ? body : body.results));

async function byRest(open: OpenSite, key: string, signal: AbortSignal): Promise<Right[]> {
  const call = {
    template: "/rest/api/space/{spaceKey}/permissions",
    path: `/rest/api/space/${encodeURIComponent(key)}/permissions`,
    schema: RestPermissions,
    isOneThing: true,
    what: "the permissions of the space",
  };
  let permissions: z.infer<typeof RestPermissions>;
  try {
    permissions = await open.client.read("space-permissions", call, signal);
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure) || thrown.status !== 404 || open.permissionsBy === "rest") throw thrown;
    // The space is gone, or this version has no such endpoint: the space itself tells which.
    if (!(await byKey(open, key, signal))) throw thrown;
    open.permissionsBy = "json-rpc";
    return byJsonRpc(open, key, signal);
  }
  open.permissionsBy = "rest";
  const rights: Right[] = [];
  for (const { operation, subject } of permissions) {
    const principal = await principalOf(subject, open.directory, signal);
    rights.push({ principal, operation: { key: operation.operationKey, target: operation.targetType } });
  }
  return rights;
}

const OlderPermission = z.object({
  type: z.string().nullish(),
  userName: z.string().nullish(),
  groupName: z.string().nullish(),
});

const OlderSets = z.array(
  z.object({ type: z.string().nullish(), spacePermissions: z.array(OlderPermission).nullish() }),
);

/** Depending on how it is called, JSON-RPC answers with the bare list or with an envelope (TRAPS §3). */
const OlderAnswer = z.union([
  OlderSets,
  z.object({ result: OlderSets }),
  z.object({ error: z.union([z.string(), z.object({ message: z.string().nullish() })]) }),
]);

const JSON_RPC = "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets";

async function byJsonRpc(open: OpenSite, key: string, signal: AbortSignal): Promise<Right[]> {
  const call = {
    method: "POST" as const,
    template: JSON_RPC,
    path: JSON_RPC,
    body: [key],
    schema: OlderAnswer,
    what: "the permissions of the space",
  };
  const answer = await open.client.read("space-permissions", call, signal);
  if ("error" in answer) {
    const reason = typeof answer.error === "string" ? answer.error : (answer.error.message ?? "no reason given");
    // One sentence stands for a space that is gone and one that is hidden: the space itself tells which.
    throw refused(reason, { isGone: !(await byKey(open, key, signal)) });
  }
  const rights: Right[] = [];
  for (const { type, spacePermissions } of Array.isArray(answer) ? answer : answer.result) {
    for (const permission of spacePermissions ?? []) {
      const operation = operationOfType(permission.type ?? type ?? "");
      rights.push({ principal: await olderPrincipal(open, permission, signal), operation });
    }
  }
  return rights;
}

/** Neither a user nor a group: everybody who is not logged in, with empty names in one form and none in the other. */
function olderPrincipal(
  { directory }: OpenSite,
  { userName, groupName }: z.infer<typeof OlderPermission>,
  signal: AbortSignal,
): Principal | Promise<Principal> {
  if (groupName) return groupPrincipal(groupName);
  return userName ? userPrincipal(userName, directory, signal) : ANONYMOUS;
}

function refused(reason: string, { isGone }: { isGone: boolean }): SourceFailure {
  return new SourceFailure(`${JSON_RPC}: ${reason}`, {
    code: isGone ? "source.not-found" : "source.missing-role",
    publicMessage: `Confluence does not tell the permissions of the space: ${reason.slice(0, 200)}`,
    fix: "Give the account behind the credential the role it needs (Confluence administrator, or administrator of the space).",
    capability: "permissions",
    endpoint: `POST ${JSON_RPC}`,
    status: 200,
  });
}
