import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { EXEMPTIONS } from "./atlassian/exemptions.ts";
import { readDocument } from "./atlassian/strict-schema.ts";

/** Atlassian's document is data beside the repository and no part of it: it carries no open license. */
const DOCUMENT = path.resolve(import.meta.dirname, "../../shared/atlassian/confluence-dc-10.0.3.openapi.json");
const skip = existsSync(DOCUMENT) ? false : `Atlassian's OpenAPI document is not at ${DOCUMENT}`;
const document = skip ? null : readDocument(DOCUMENT, EXEMPTIONS.dataCenter);

let simulator: Simulator;
const space = { key: "" };

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 3, limits: "off" });
  space.key = encodeURIComponent(simulator.world.dataCenters[0]?.spaces[5]?.key ?? "");
});

after(() => simulator.close());

interface Case {
  /** As the document names it. */
  template: string;
  url?: () => string;
  method?: string;
  status?: number;
  body?: unknown;
}

const GROUP = `/rest/api/group/${encodeURIComponent("r&d backend")}`;

/**
 * Of content, search hits and errors the document has the fields of Java classes (`historyRef`, `errors` as an object),
 * not those that are sent: quotes hold them instead. Reading the audit log and JSON-RPC are not in it.
 */
const CASES: readonly Case[] = [
  { template: "/rest/api/user/list", url: () => "/rest/api/user/list?limit=5&expand=status" },
  { template: "/rest/api/user/list", url: () => "/rest/api/user/list?limit=200" },
  { template: "/rest/api/admin/users/list/active" },
  { template: "/rest/api/user", url: () => "/rest/api/user?username=petra" },
  { template: "/rest/api/user/current" },
  { template: "/rest/api/group" },
  { template: "/rest/api/group/{groupName}", url: () => GROUP },
  { template: "/rest/api/group/{groupName}/member", url: () => `${GROUP}/member` },
  { template: "/rest/api/group/{groupName}/groupmember", url: () => `${GROUP}/groupmember` },
  { template: "/rest/api/group/{groupName}/groupparent", url: () => `${GROUP}/groupparent` },
  { template: "/rest/api/group/{groupName}/groupancestor", url: () => `${GROUP}/groupancestor` },
  { template: "/rest/api/space" },
  { template: "/rest/api/space/{spaceKey}", url: () => `/rest/api/space/${space.key}` },
  { template: "/rest/api/space/{spaceKey}/permissions", url: () => `/rest/api/space/${space.key}/permissions` },
  {
    template: "/rest/api/space/{spaceKey}/permissions/anonymous",
    url: () => `/rest/api/space/${space.key}/permissions/anonymous`,
  },
  { template: "/rest/api/permissions" },
  {
    template: "/rest/api/permissions/group/{groupName}",
    url: () => "/rest/api/permissions/group/confluence-users",
  },
  { template: "/rest/api/admin/group", method: "POST", body: { name: "a new group", type: "group" } },
  {
    template: "/rest/api/admin/user",
    method: "POST",
    status: 201,
    body: { userName: "new", fullName: "New Colleague", email: "new@acme.example", notifyViaEmail: true },
  },
  { template: "/rest/api/server-information" },
  { template: "/rest/api/instance-metrics" },
];

describe("every answer of Data Center keeps to Atlassian's document, made strict", { skip }, () => {
  for (const { template, url = () => template, method = "GET", status = 200, body } of CASES) {
    it(`${method} ${template}, asked as ${url().replaceAll(/\/space\/[^/]*/g, "/space/…")}`, async () => {
      const validate = document?.validator(method, template, status);
      assert.ok(validate);

      const response = await fetch(`${simulator.url}/dc/wiki/confluence${url()}`, {
        method,
        headers: { authorization: "Bearer sim-pat-of-petra", "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();

      assert.equal(response.status, status, text);
      assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors?.slice(0, 12), null, 1));
    });
  }

  it("makes no exemption that no answer needs", () => {
    assert.deepEqual(document?.unused(), []);
  });
});
