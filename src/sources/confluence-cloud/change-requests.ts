import { z } from "zod";
import type { Change } from "../../model/changes.ts";
import type { ChangeCall } from "../atlassian/change.ts";
import type { CredentialAccess } from "../source.ts";
import { apiOf, CHANGES, ORGANIZATION_ADMIN, scopesToWrite, SITE_ADMIN } from "./changes.ts";
import type { SiteClient } from "./client.ts";
import type { SiteDirectory } from "./directory.ts";
import { directoriesPath } from "./organization.ts";
import { findScimUser, SCIM_JSON } from "./scim.ts";

/** What a change answers with; only a new group has an id to tell. */
const Created = z.object({ id: z.string().nullish() });
export type Created = z.infer<typeof Created>;

type Where = Pick<ChangeCall<Created>, "method" | "path" | "contentType"> & {
  template: string;
  query?: Record<string, string>;
  body?: unknown;
  schema?: z.ZodType<Created>;
};

/** The one request that makes a change with this credential. */
export async function changeCall(
  client: SiteClient,
  directory: SiteDirectory,
  change: Change,
  credential: CredentialAccess,
  signal: AbortSignal,
): Promise<ChangeCall<Created>> {
  const api = apiOf(credential);
  const where = await whereOf(client, directory, change, credential, signal);
  if (!where) throw new Error(`There is no request for ${change.kind} with a credential of kind ${credential.kind}.`);
  return {
    method: where.method,
    path: where.path,
    query: new URLSearchParams(where.query ?? {}),
    body: where.body,
    contentType: where.contentType,
    schema: where.schema ?? null,
    // Clients of the v1 API send it with every write; without it a write may be taken for a form's (FACTS §3).
    headers: api === "site" ? { "x-atlassian-token": "no-check" } : {},
    endpoint: `${where.method} ${where.template}`,
    what: CHANGES[change.kind]?.what ?? change.kind,
    isChange: true,
    capability: "reclaim",
    scopes: scopesToWrite(change.kind, credential),
    role: api === "site" ? SITE_ADMIN : ORGANIZATION_ADMIN,
    needsAdministrator: false,
    isOneThing: change.kind !== "create-group",
    hasCursor: false,
  };
}

async function whereOf(
  client: SiteClient,
  directory: SiteDirectory,
  change: Change,
  credential: CredentialAccess,
  signal: AbortSignal,
): Promise<Where | null> {
  switch (apiOf(credential)) {
    case "organization":
      return inOrganization(client, directory, change, signal);
    case "scim":
      return inScimDirectory(client, credential, change, signal);
    default:
      return atSite(change);
  }
}

const USER_BY_GROUP = "/wiki/rest/api/group/userByGroupId";

function atSite(change: Change): Where | null {
  switch (change.kind) {
    case "add-member": {
      const { groupSourceId: groupId, accountSourceId: accountId } = change;
      return { method: "POST", template: USER_BY_GROUP, path: USER_BY_GROUP, query: { groupId }, body: { accountId } };
    }
    case "remove-member": {
      const { groupSourceId: groupId, accountSourceId: accountId } = change;
      return { method: "DELETE", template: USER_BY_GROUP, path: USER_BY_GROUP, query: { groupId, accountId } };
    }
    case "create-group": {
      const path = "/wiki/rest/api/group";
      return { method: "POST", template: path, path, body: { name: change.name }, schema: Created };
    }
    case "delete-group": {
      const path = "/wiki/rest/api/group/by-id";
      return { method: "DELETE", template: path, path, query: { id: change.groupSourceId } };
    }
    default:
      return null;
  }
}

async function inOrganization(
  client: SiteClient,
  directory: SiteDirectory,
  change: Change,
  signal: AbortSignal,
): Promise<Where | null> {
  const path = `${await directoriesPath(client, signal)}/${encodeURIComponent(await directory.id(signal))}`;
  const template = "/v2/orgs/{orgId}/directories/{directoryId}";
  const group = (id: string) => `${path}/groups/${encodeURIComponent(id)}`;
  switch (change.kind) {
    case "add-member": {
      const body = { accountId: change.accountSourceId };
      const memberships = `${template}/groups/{groupId}/memberships`;
      return { method: "POST", template: memberships, path: `${group(change.groupSourceId)}/memberships`, body };
    }
    case "remove-member": {
      const membership = `${template}/groups/{groupId}/memberships/{accountId}`;
      const own = `${group(change.groupSourceId)}/memberships/${encodeURIComponent(change.accountSourceId)}`;
      return { method: "DELETE", template: membership, path: own };
    }
    case "suspend-account":
    case "reinstate-account": {
      const verb = change.kind === "suspend-account" ? "suspend" : "restore";
      const own = `${path}/users/${encodeURIComponent(change.accountSourceId)}/${verb}`;
      return { method: "POST", template: `${template}/users/{accountId}/${verb}`, path: own };
    }
    case "create-group":
      return {
        method: "POST",
        template: `${template}/groups`,
        path: `${path}/groups`,
        body: { name: change.name, description: "" },
      };
    case "delete-group":
      return { method: "DELETE", template: `${template}/groups/{groupId}`, path: group(change.groupSourceId) };
    default:
      return null;
  }
}

/** RFC 7644, section 3.5.2.3: `replace` of one attribute leaves the others as they are. */
async function inScimDirectory(
  client: SiteClient,
  credential: CredentialAccess,
  change: Change,
  signal: AbortSignal,
): Promise<Where | null> {
  if (change.kind !== "scim-deactivate" && change.kind !== "scim-activate") return null;
  const { id } = await findScimUser(client, credential, change.accountSourceId, signal);
  return {
    method: "PATCH",
    template: "/scim/directory/{directoryId}/Users/{userId}",
    path: `/Users/${encodeURIComponent(id)}`,
    contentType: SCIM_JSON,
    body: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", path: "active", value: change.kind === "scim-activate" }],
    },
  };
}
