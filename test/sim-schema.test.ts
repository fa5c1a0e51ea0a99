import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { provisioned, scimUserId, syncedGroups } from "../src/sim/api/scim-common.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { mayHoldSeat, seatsNow } from "../src/sim/world/seat-count.ts";
import { holdsSeat } from "../src/sim/world/world.ts";
import { EXEMPTIONS } from "./atlassian/exemptions.ts";
import { readDocument } from "./atlassian/strict-schema.ts";

/** Atlassian's documents are data beside the repository and no part of it: they carry no open license. */
const DOCUMENTS = path.resolve(import.meta.dirname, "../../shared/atlassian");
const skip = existsSync(DOCUMENTS) ? false : `Atlassian's OpenAPI documents are not at ${DOCUMENTS}`;

const classic = {
  authorization: `Basic ${Buffer.from("petra@acme.example:sim-classic-token-of-petra").toString("base64")}`,
};
const scimToken = { authorization: "Bearer sim-scim-token" };
const organizationKey = { authorization: "Bearer sim-organization-key" };

const documents = skip
  ? null
  : {
      v1: readDocument(path.join(DOCUMENTS, "confluence-cloud-v1.2025-12.openapi.json"), EXEMPTIONS.v1),
      v2: readDocument(path.join(DOCUMENTS, "confluence-cloud-v2.2026-04.openapi.json"), EXEMPTIONS.v2),
      scim: readDocument(
        path.join(DOCUMENTS, "cloud-admin-user-provisioning-scim.2024-11.openapi.json"),
        EXEMPTIONS.scim,
      ),
      organizations: readDocument(
        path.join(DOCUMENTS, "cloud-admin-organizations.2026-08.openapi.json"),
        EXEMPTIONS.organizations,
      ),
    };

let simulator: Simulator;
const ids = {
  account: "",
  group: "",
  space: "",
  labsSpace: "",
  spaceKey: "",
  stranger: "",
  scimUser: "",
  scimGroup: "",
};

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 3, limits: "off" });
  const [acme, labs] = simulator.world.sites;
  ids.account = acme?.people[5]?.id ?? "";
  ids.group = acme?.groups[0]?.id ?? "";
  ids.space = acme?.spaces[0]?.id ?? "";
  ids.spaceKey = acme?.spaces[0]?.key ?? "";
  ids.labsSpace = labs?.spaces[0]?.id ?? "";
  if (labs) {
    // Somebody without a seat there, where the license has no room.
    ids.stranger =
      labs.people.find((each) => labs.knows.has(each.index) && mayHoldSeat(each) && !holdsSeat(labs, each))?.id ?? "";
    labs.seatsMax = seatsNow(labs);
  }
  const provisionedPerson = provisioned(simulator.world)[0];
  if (provisionedPerson) ids.scimUser = scimUserId(simulator.world, provisionedPerson);
  ids.scimGroup = syncedGroups(simulator.world)[0]?.group.id ?? "";
});

after(() => simulator.close());

interface Case {
  name: string;
  document: "v1" | "v2" | "organizations" | "scim";
  method?: "GET" | "POST" | "PUT" | "PATCH";
  /** As the document names it. */
  template: string;
  status?: number;
  url: () => string;
  body?: () => unknown;
}

const acme = (rest: string) => `/site/acme/wiki${rest}`;
const labs = (rest: string) => `/site/acme-labs/wiki${rest}`;
const organization = (rest: string) => `/api/admin${rest.replace("{orgId}", simulator.world.orgId)}`;
const v1 = (name: string, template: string, url: () => string): Case => ({
  name,
  document: "v1",
  template: `/wiki/rest/api${template}`,
  url: () => acme(`/rest/api${url()}`),
});
const scimCase = (name: string, template: string, url: () => string): Case => ({
  name,
  document: "scim",
  template: `/scim/directory/{directoryId}${template}`,
  url: () => `/api/scim/directory/${simulator.world.scimDirectoryId}${url()}`,
});
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const RECENT = encodeURIComponent('lastmodified >= now("-90d") order by lastmodified desc');
const DIRECTORY = "/v2/orgs/{orgId}/directories/{directoryId}";

const CASES: readonly Case[] = [
  v1(
    "user search",
    "/search/user",
    () => "/search/user?cql=type=user&limit=200&sitePermissionTypeFilter=all&expand=operations",
  ),
  v1("search", "/search", () => `/search?limit=100&cql=${RECENT}&expand=content.space,content.version,content.history`),
  v1(
    "content search",
    "/content/search",
    () =>
      `/content/search?limit=100&cql=${RECENT}&expand=history.lastUpdated,history.contributors,version,space,container`,
  ),
  v1("audit", "/audit", () => "/audit?limit=200"),
  v1("audit retention", "/audit/retention", () => "/audit/retention"),
  v1("groups", "/group", () => "/group?limit=200"),
  v1("group", "/group/by-id", () => `/group/by-id?id=${ids.group}`),
  v1("group picker", "/group/picker", () => "/group/picker?query=e&shouldReturnTotalSize=true"),
  v1(
    "members",
    "/group/{groupId}/membersByGroupId",
    () => `/group/${ids.group}/membersByGroupId?limit=200&shouldReturnTotalSize=true&expand=operations`,
  ),
  v1("user", "/user", () => `/user?accountId=${encodeURIComponent(ids.account)}&expand=operations`),
  v1("current user", "/user/current", () => "/user/current?expand=operations"),
  v1("anonymous user", "/user/anonymous", () => "/user/anonymous?expand=operations"),
  v1("users in bulk", "/user/bulk", () => `/user/bulk?accountId=${encodeURIComponent(ids.account)}&expand=operations`),
  v1("groups of a user", "/user/memberof", () => `/user/memberof?accountId=${encodeURIComponent(ids.account)}`),
  v1("system info", "/settings/systemInfo", () => "/settings/systemInfo"),
  {
    ...v1("a new space permission", "/space/{spaceKey}/permission", () => `/space/${ids.spaceKey}/permission`),
    method: "POST",
    body: () => ({ subject: { type: "group", identifier: ids.group }, operation: { key: "read", target: "space" } }),
  },
  {
    ...v1("a new group", "/group", () => "/group"),
    method: "POST",
    status: 201,
    body: () => ({ name: "a new group" }),
  },
  { name: "spaces", document: "v2", template: "/spaces", url: () => acme("/api/v2/spaces?limit=20") },
  { name: "space", document: "v2", template: "/spaces/{id}", url: () => acme(`/api/v2/spaces/${ids.space}`) },
  {
    name: "space permissions",
    document: "v2",
    template: "/spaces/{id}/permissions",
    url: () => acme(`/api/v2/spaces/${ids.space}/permissions?limit=20`),
  },
  {
    name: "users with their status",
    document: "v2",
    template: "/users-bulk",
    method: "POST",
    url: () => acme("/api/v2/users-bulk"),
    body: () => ({ accountIds: simulator.world.people.map((each) => each.id) }),
  },
  { name: "space roles", document: "v2", template: "/space-roles", url: () => labs("/api/v2/space-roles?limit=2") },
  {
    name: "the catalog of permissions",
    document: "v2",
    template: "/space-permissions",
    url: () => labs("/api/v2/space-permissions?limit=2"),
  },
  { name: "the role mode", document: "v2", template: "/space-role-mode", url: () => labs("/api/v2/space-role-mode") },
  {
    name: "role assignments",
    document: "v2",
    template: "/spaces/{id}/role-assignments",
    url: () => labs(`/api/v2/spaces/${ids.labsSpace}/role-assignments?limit=10`),
  },
  {
    name: "written role assignments",
    document: "v2",
    template: "/spaces/{id}/role-assignments",
    method: "POST",
    url: () => labs(`/api/v2/spaces/${ids.labsSpace}/role-assignments`),
    body: () => [
      {
        principal: { principalType: "USER", principalId: ids.account },
        roleId: simulator.world.sites[1]?.roles[3]?.id,
      },
    ],
  },
  { name: "organizations", document: "organizations", template: "/v1/orgs", url: () => organization("/v1/orgs") },
  {
    name: "organization",
    document: "organizations",
    template: "/v1/orgs/{orgId}",
    url: () => organization("/v1/orgs/{orgId}"),
  },
  {
    name: "directories",
    document: "organizations",
    template: "/v2/orgs/{orgId}/directories",
    url: () => organization("/v2/orgs/{orgId}/directories"),
  },
  {
    name: "directory users",
    document: "organizations",
    method: "POST",
    template: `${DIRECTORY}/users/search`,
    url: () => organization(`/v2/orgs/{orgId}/directories/-/users/search`),
    body: () => ({ limit: 100, expand: ["productAccess", "groups", "platformRoles", "counts.resources"] }),
  },
  {
    name: "directory groups",
    document: "organizations",
    method: "POST",
    template: `${DIRECTORY}/groups/search`,
    url: () => organization(`/v2/orgs/{orgId}/directories/-/groups/search`),
    body: () => ({ limit: 20, expand: ["counts.users", "counts.resources"] }),
  },
  {
    name: "roles of a group",
    document: "organizations",
    template: `${DIRECTORY}/groups/{groupId}/role-assignments`,
    url: () => organization(`/v2/orgs/{orgId}/directories/-/groups/${ids.group}/role-assignments`),
  },
  {
    name: "roles of a user",
    document: "organizations",
    template: `${DIRECTORY}/users/{accountId}/role-assignments`,
    url: () => organization(`/v2/orgs/{orgId}/directories/-/users/${encodeURIComponent(ids.account)}/role-assignments`),
  },
  {
    name: "last active dates",
    document: "organizations",
    template: "/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates",
    url: () => organization(`/v1/orgs/{orgId}/directory/users/${encodeURIComponent(ids.account)}/last-active-dates`),
  },
  {
    name: "workspaces",
    document: "organizations",
    method: "POST",
    template: "/v2/orgs/{orgId}/workspaces",
    url: () => organization("/v2/orgs/{orgId}/workspaces"),
    body: () => ({ query: { field: { name: "attributes.type", values: ["confluence"] } } }),
  },
  {
    name: "a role past the license",
    document: "organizations",
    method: "POST",
    status: 409,
    template: "/v1/orgs/{orgId}/users/{userId}/roles/assign",
    url: () => organization(`/v1/orgs/{orgId}/users/${encodeURIComponent(ids.stranger)}/roles/assign`),
    body: () => ({
      role: "atlassian/user",
      resource: `ari:cloud:confluence::site/${simulator.world.sites[1]?.cloudId}`,
    }),
  },
  {
    name: "a role that the resource does not have",
    document: "organizations",
    method: "POST",
    status: 400,
    template: "/v1/orgs/{orgId}/users/{userId}/roles/revoke",
    url: () => organization(`/v1/orgs/{orgId}/users/${encodeURIComponent(ids.account)}/roles/revoke`),
    body: () => ({
      role: "atlassian/basic",
      resource: `ari:cloud:confluence::site/${simulator.world.sites[0]?.cloudId}`,
    }),
  },
  scimCase("people of the identity provider", "/Users", () => "/Users?count=100"),
  scimCase("a person of the identity provider", "/Users/{userId}", () => `/Users/${ids.scimUser}`),
  {
    ...scimCase("a person provisioned anew", "/Users/{userId}", () => `/Users/${ids.scimUser}`),
    method: "PATCH",
    body: () => ({ schemas: [PATCH], Operations: [{ op: "replace", path: "active", value: true }] }),
  },
  {
    ...scimCase("a person replaced", "/Users/{userId}", () => `/Users/${ids.scimUser}`),
    method: "PUT",
    body: () => ({ userName: "somebody@acme.example" }),
  },
  {
    ...scimCase("a new person", "/Users", () => "/Users"),
    method: "POST",
    status: 201,
    body: () => ({ userName: "new.person@acme.example", displayName: "New Person" }),
  },
  {
    ...scimCase("a person who is there already", "/Users", () => "/Users"),
    method: "POST",
    status: 409,
    body: () => ({ userName: "new.person@acme.example" }),
  },
  { ...scimCase("a filter that is not exact", "/Users", () => "/Users?filter=userName%20sw%20%22a%22"), status: 400 },
  { ...scimCase("nobody", "/Users/{userId}", () => "/Users/nobody"), status: 404 },
  { ...scimCase("another directory", "/Users", () => "/Users"), status: 403, url: () => "/api/scim/directory/x/Users" },
  scimCase("groups of the identity provider", "/Groups", () => "/Groups"),
  scimCase("a group of the identity provider", "/Groups/{id}", () => `/Groups/${ids.scimGroup}`),
  {
    ...scimCase("members written", "/Groups/{id}", () => `/Groups/${ids.scimGroup}`),
    method: "PATCH",
    body: () => ({ schemas: [PATCH], Operations: [{ op: "add", path: "members", value: [{ value: ids.scimUser }] }] }),
  },
  {
    ...scimCase("a group provisioned", "/Groups", () => "/Groups"),
    method: "POST",
    status: 201,
    body: () => ({ displayName: "a group provisioned" }),
  },
  {
    name: "an organization that nobody knows",
    document: "organizations",
    template: "/v1/orgs/{orgId}",
    status: 404,
    url: () => "/api/admin/v1/orgs/nobody",
  },
];

describe("every answer keeps to Atlassian's documents, made strict", { skip }, () => {
  for (const each of CASES) {
    it(`${each.name} (${each.method ?? "GET"} ${each.template})`, async () => {
      const validate = documents?.[each.document].validator(each.method ?? "GET", each.template, each.status ?? 200);
      assert.ok(validate);

      const answer = await ask(each);

      assert.equal(answer.status, each.status ?? 200, answer.text);
      const valid = validate(JSON.parse(answer.text));
      assert.ok(valid, JSON.stringify(validate.errors?.slice(0, 12), null, 1));
    });
  }

  it("is strict: one field too few or too many is refused, at the top and deep inside", async () => {
    const validate = documents?.v1.validator("GET", "/wiki/rest/api/audit", 200);
    const answer = await ask(v1("audit", "/audit", () => "/audit?limit=1"));
    const whole: Record<string, Record<string, unknown>[]> = JSON.parse(answer.text);
    const [record = {}] = whole["results"] ?? [];
    const { summary: _summary, ...without } = record;

    assert.equal(validate?.(whole), true);
    assert.equal(validate?.({ ...whole, more: 1 }), false);
    assert.equal(validate?.({ ...whole, results: [without] }), false);
    assert.equal(
      validate?.({ ...whole, results: [{ ...record, author: { ...Object(record["author"]), more: 1 } }] }),
      false,
    );
  });

  it("makes no exemption that no answer needs", () => {
    assert.deepEqual(documents?.v1.unused(), []);
    assert.deepEqual(documents?.v2.unused(), []);
    assert.deepEqual(documents?.organizations.unused(), []);
    assert.deepEqual(documents?.scim.unused(), []);
  });
});

async function ask({ url, method, body, document }: Case): Promise<{ status: number; text: string }> {
  const credential = { v1: classic, v2: classic, organizations: organizationKey, scim: scimToken }[document];
  const headers = { ...credential, "content-type": "application/json" };
  const response = await fetch(simulator.url + url(), {
    method: method ?? "GET",
    headers,
    body: body ? JSON.stringify(body()) : undefined,
  });
  return { status: response.status, text: await response.text() };
}
