import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Asker, asker, GROUPS_TOKEN, READER_TOKEN, SCOPED_TOKEN } from "./testing.ts";

/** Bodies that Atlassian's pages or recordings of live sites quote, compared field by field. */
let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 6 });
  ask = asker(simulator);
});

after(() => simulator.close());

const keys = (value: unknown) => Object.keys(Object(value)).sort();
const DIRECTORY = "/v2/orgs/{orgId}/directories/-";

describe("quoted bodies", () => {
  it("an audit record (measured, Elastic's integration)", async () => {
    const { results } = await ask.site("/rest/api/audit?limit=100");
    const byPerson = results.find((each) => "accountId" in Object(each["author"]));
    const bySystem = results.find((each) => Reflect.get(Object(each["author"]), "displayName") === "System");

    const author = [
      "accountId",
      "accountType",
      "displayName",
      "externalCollaborator",
      "isExternalCollaborator",
      "operations",
      "publicName",
      "type",
      "userKey",
      "username",
    ];
    assert.deepEqual(keys(byPerson?.["author"]), author);
    assert.deepEqual(
      keys(bySystem?.["author"]),
      author.filter((each) => each !== "accountId"),
    );
    assert.deepEqual(keys(byPerson), [
      "affectedObject",
      "associatedObjects",
      "author",
      "category",
      "changedValues",
      "creationDate",
      "description",
      "remoteAddress",
      "summary",
      "superAdmin",
      "sysAdmin",
    ]);
    const changed = results.flatMap((each) => (Array.isArray(each["changedValues"]) ? each["changedValues"] : []));
    assert.deepEqual(keys(changed[0]), ["hiddenNewValue", "hiddenOldValue", "name", "newValue", "oldValue"]);
    assert.equal(typeof byPerson?.["creationDate"], "number");
  });

  it("a v1 error", async () => {
    const { status, json } = await ask.site("/rest/api/user?accountId=nobody");

    assert.equal(status, 404);
    assert.deepEqual(json["data"], { authorized: true, valid: true, errors: [], successful: false });
    assert.equal(json["statusCode"], 404);
    assert.match(String(json["message"]), /^com\.atlassian\.confluence\.api\.service\.exceptions\.NotFoundException: /);
  });

  it("a v2 error", async () => {
    const { json } = await ask.site("/api/v2/spaces/1");

    assert.deepEqual(json, { errors: [{ status: 404, code: "NOT_FOUND", title: "Not Found", detail: null }] });
  });

  it("T11: a missing scope at the gateway", async () => {
    const answer = await ask.gateway("/api/v2/spaces", { authorization: GROUPS_TOKEN });

    assert.deepEqual([answer.status, answer.json], [401, { code: 401, message: "Unauthorized; scope does not match" }]);
  });

  it("T47: a missing scope in the organization's API, and an organization list that is empty for a scoped key", async () => {
    const authorization = "Bearer sim-organization-key-groups";
    const refused = await ask.organization(`${DIRECTORY}/users/search`, { body: {}, authorization });
    const organizations = await ask.organization("/v1/orgs", { authorization });
    const all = await ask.organization("/v1/orgs");

    assert.equal(refused.status, 404);
    assert.deepEqual(keys(refused.json), ["error", "message", "path", "requestId", "status", "timestamp"]);
    assert.deepEqual(organizations.results, []);
    assert.equal(all.results.length, 1);
  });

  it("the cloud id without a credential", async () => {
    const response = await fetch(`${simulator.url}/site/acme/_edge/tenant_info`);

    assert.deepEqual(await response.json(), { cloudId: acmeOf(simulator).cloudId });
  });

  it("no access to the site at all", async () => {
    const answer = await ask.site("/rest/api/group", { siteName: "acme-labs", authorization: READER_TOKEN });

    assert.deepEqual([answer.status, answer.text], [403, "Current user not permitted to use Confluence"]);
  });

  it("the headers of the burst limit", async () => {
    const { headers } = await ask.site("/rest/api/group");

    assert.equal(headers.get("x-ratelimit-limit"), "5000");
    assert.match(headers.get("x-ratelimit-remaining") ?? "", /^\d+$/);
    assert.match(headers.get("x-ratelimit-reset") ?? "", /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
    assert.equal(headers.get("x-ratelimit-nearlimit"), "false");
    assert.equal(headers.get("ratelimit-policy"), null);
  });
});

describe("doors", () => {
  it("take a classic token on the site host only, a scoped one at the gateway only", async () => {
    const classicAtGateway = await ask.gateway("/rest/api/group", { authorization: READER_TOKEN });
    const scopedAtSite = await ask.site("/rest/api/group", { authorization: SCOPED_TOKEN });
    const scopedAtGateway = await ask.gateway("/rest/api/group", { authorization: SCOPED_TOKEN });

    assert.deepEqual([classicAtGateway.status, scopedAtSite.status, scopedAtGateway.status], [401, 401, 200]);
  });

  it("keep the audit log and group memberships to admins", async () => {
    assert.equal((await ask.site("/rest/api/audit", { authorization: READER_TOKEN })).status, 403);
  });

  it("refuse an API token at the organization's API", async () => {
    assert.equal((await ask.organization("/v1/orgs", { authorization: SCOPED_TOKEN })).status, 401);
  });
});

describe("the organization's directory", () => {
  it("lists people with their last activity on each site, and no robots", async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const body: Record<string, unknown> = {
        limit: 100,
        expand: ["productAccess"],
        ...(cursor === null ? {} : { cursor }),
      };
      const page = await ask.organization(`${DIRECTORY}/users/search`, { body });
      ids.push(...page.results.map((each) => String(each["accountId"])));
      cursor = page.next;
    } while (cursor !== null && ids.length < 1_000);

    const people = simulator.world.people.filter((each) => each.kind === "atlassian" && each.state !== "closed");
    assert.deepEqual(
      ids,
      people.map((each) => each.id),
    );
  });

  it("tells suspended from deactivated", async () => {
    const statuses = async (status: string) => {
      const { results } = await ask.organization(`${DIRECTORY}/users/search`, {
        body: { status: [status], limit: 100 },
      });
      return results.map((each) => [each["accountStatus"], each["membershipStatus"]].join());
    };

    assert.deepEqual([...new Set(await statuses("suspended"))], ["active,suspended"]);
    assert.deepEqual([...new Set(await statuses("deactivated"))], ["inactive,active"]);
  });

  it("names the groups that give a seat by their role, whatever they are called", async () => {
    const [group] = acmeOf(simulator).groups;
    const { results } = await ask.organization(`${DIRECTORY}/groups/${group?.id}/role-assignments`);
    const search = await ask.organization(`${DIRECTORY}/groups/search`, {
      body: { roleIds: ["atlassian/user"], limit: 100, expand: ["counts.users"] },
    });

    assert.deepEqual(results, [
      {
        resourceId: `ari:cloud:confluence::site/${acmeOf(simulator).cloudId}`,
        resourceOwner: "confluence",
        roles: ["atlassian/user"],
        defaultRole: "atlassian/user",
      },
    ]);
    assert.equal(search.results.length, 6);
    assert.deepEqual(search.results[0]?.["counts"], { users: group?.members.length });
  });

  it("refuses a new member who is one already, and both e-mails and a search term", async () => {
    const [group] = acmeOf(simulator).groups;
    const twice = await ask.organization(`${DIRECTORY}/groups/${group?.id}/memberships`, {
      body: { accountId: simulator.world.people[0]?.id },
    });
    const both = await ask.organization(`${DIRECTORY}/users/search`, {
      body: { emails: ["a@b.example"], searchTerm: "a" },
    });

    assert.deepEqual([twice.status, both.status], [409, 400]);
  });

  it("suspends and restores, and the seat follows", async () => {
    const account = simulator.world.people.find((each) => each.index > 1 && each.isEmployee && each.state === "active");
    const path = `${DIRECTORY}/users/${encodeURIComponent(account?.id ?? "")}`;
    const holds = async () => (await ask.control("/truth/seats?site=acme")).text.includes(account?.id ?? "-");

    const before = await holds();
    await ask.organization(`${path}/suspend`, { method: "POST" });
    const suspended = await holds();
    await ask.organization(`${path}/restore`, { method: "POST" });

    assert.deepEqual([before, suspended, await holds()], [true, false, true]);
  });
});
