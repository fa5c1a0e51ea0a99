import type { Reply } from "../http.ts";
import type { Call, Endpoint } from "../simulation.ts";
import { ATLASSIAN_SCHEMA, ENTERPRISE_SCHEMA, GROUP_SCHEMA, scimJson, USER_SCHEMA } from "./scim-common.ts";
import {
  createScimGroup,
  deleteScimGroup,
  getScimGroup,
  listScimGroups,
  patchScimGroup,
  replaceScimGroup,
} from "./scim-groups.ts";
import {
  createScimUser,
  deleteScimUser,
  getScimUser,
  listScimUsers,
  patchScimUser,
  replaceScimUser,
} from "./scim-users.ts";

const DIRECTORY = "/scim/directory/{directoryId}";
const USERS = `${DIRECTORY}/Users`;
const GROUPS = `${DIRECTORY}/Groups`;

/** User provisioning (document of 2024-11), as the identity provider calls it. */
export const scimEndpoints: readonly Endpoint<Call>[] = [
  endpoint("GET", USERS, listScimUsers),
  endpoint("POST", USERS, createScimUser, "add-account"),
  endpoint("GET", `${USERS}/{userId}`, getScimUser),
  endpoint("PUT", `${USERS}/{userId}`, replaceScimUser, "update-account"),
  endpoint("PATCH", `${USERS}/{userId}`, patchScimUser, "update-account"),
  endpoint("DELETE", `${USERS}/{userId}`, deleteScimUser, "deactivate"),
  endpoint("GET", GROUPS, listScimGroups),
  endpoint("POST", GROUPS, createScimGroup, "add-group"),
  endpoint("GET", `${GROUPS}/{groupId}`, getScimGroup),
  endpoint("PUT", `${GROUPS}/{groupId}`, replaceScimGroup, "set-members"),
  endpoint("PATCH", `${GROUPS}/{groupId}`, patchScimGroup, "set-members"),
  endpoint("DELETE", `${GROUPS}/{groupId}`, deleteScimGroup, "remove-group"),
  endpoint("GET", `${DIRECTORY}/ServiceProviderConfig`, () => scimJson(SERVICE_PROVIDER)),
  endpoint("GET", `${DIRECTORY}/ResourceTypes`, () => scimJson(RESOURCE_TYPES)),
];

function endpoint(method: string, template: string, handle: (call: Call) => Reply, write?: string): Endpoint<Call> {
  return { method, template, scopes: [], ...(write === undefined ? {} : { write }), handle };
}

/** What the descriptions of the document promise; its own example is not stored. */
const SERVICE_PROVIDER = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 100 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: "oauthbearertoken", name: "OAuth Bearer Token", description: "A directory's key" }],
};

const resourceType = (name: "User" | "Group", schema: string, extensions: readonly string[]) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  id: name,
  name,
  endpoint: `/${name}s`,
  schema,
  schemaExtensions: extensions.map((each) => ({ schema: each, required: false })),
});

const RESOURCE_TYPES = {
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: 2,
  startIndex: 1,
  itemsPerPage: 2,
  Resources: [
    resourceType("User", USER_SCHEMA, [ENTERPRISE_SCHEMA, ATLASSIAN_SCHEMA]),
    resourceType("Group", GROUP_SCHEMA, []),
  ],
};
