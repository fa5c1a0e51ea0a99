import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { EXEMPTIONS } from "./atlassian/exemptions.ts";
import { readDocument } from "./atlassian/strict-schema.ts";

/** Atlassian's documents are data beside the repository and no part of it: they carry no open license. */
const DOCUMENTS = path.resolve(import.meta.dirname, "../../shared/atlassian");
const skip = existsSync(DOCUMENTS) ? false : `Atlassian's OpenAPI documents are not at ${DOCUMENTS}`;

const classic = {
  authorization: `Basic ${Buffer.from("petra@acme.example:sim-classic-token-of-petra").toString("base64")}`,
};
const organizationKey = { authorization: "Bearer sim-organization-key" };

const documents = skip
  ? null
  : {
      v1: readDocument(path.join(DOCUMENTS, "confluence-cloud-v1.2025-12.openapi.json"), EXEMPTIONS.v1),
      v2: readDocument(path.join(DOCUMENTS, "confluence-cloud-v2.2026-04.openapi.json"), EXEMPTIONS.v2),
      organizations: readDocument(
        path.join(DOCUMENTS, "cloud-admin-organizations.2026-08.openapi.json"),
        EXEMPTIONS.organizations,
      ),
    };

let simulator: Simulator;
const ids = { account: "", group: "", space: "", labsSpace: "", spaceKey: "" };

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 3, limits: "off" });
  const [acme, labs] = simulator.world.sites;
  ids.account = acme?.people[5]?.id ?? "";
  ids.group = acme?.groups[0]?.id ?? "";
  ids.space = acme?.spaces[0]?.id ?? "";
  ids.spaceKey = acme?.spaces[0]?.key ?? "";
  ids.labsSpace = labs?.spaces[0]?.id ?? "";
});

after(() => simulator.close());

interface Case {
  name: string;
  document: "v1" | "v2" | "organizations";
  method?: "GET" | "POST";
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
  });
});

async function ask({ url, method, body, document }: Case): Promise<{ status: number; text: string }> {
  const headers = { ...(document === "organizations" ? organizationKey : classic), "content-type": "application/json" };
  const response = await fetch(simulator.url + url(), {
    method: method ?? "GET",
    headers,
    body: body ? JSON.stringify(body()) : undefined,
  });
  return { status: response.status, text: await response.text() };
}
