import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Answer, type Asker, asker, readAnswer } from "./testing.ts";
import { CONTRACTORS, memberPosition } from "./world/groups.ts";
import type { Account } from "./world/people.ts";
import { holdsSeat } from "./world/world.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 11, limits: "off" });
  ask = asker(simulator);
});

after(() => simulator.close());

const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async function scim(path: string, options: { method?: string; body?: unknown; token?: string } = {}): Promise<Answer> {
  const { scimDirectoryId } = simulator.world;
  const response = await fetch(`${simulator.url}/api/scim/directory/${scimDirectoryId}${path}`, {
    method: options.method ?? "GET",
    headers: {
      authorization: `Bearer ${options.token ?? "sim-scim-token"}`,
      "content-type": "application/scim+json",
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return readAnswer(response);
}

const patch = (path: string, ...Operations: object[]) =>
  scim(path, { method: "PATCH", body: { schemas: [PATCH], Operations } });
const resources = ({ json }: Answer): Record<string, unknown>[] => {
  const rows = json["Resources"];
  return Array.isArray(rows) ? rows : [];
};

function syncedHolder(skip = 0): Account {
  const site = acmeOf(simulator);
  const found = site.people.filter((each) => each.index > 1 && each.synced && holdsSeat(site, each))[skip];
  assert.ok(found);
  return found;
}

async function idOf({ email }: Account): Promise<string> {
  const found = await scim(`/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`);
  return String(resources(found)[0]?.["id"]);
}

describe("user provisioning", () => {
  it("finds people by one exact filter and pages from 1", async () => {
    const account = syncedHolder();
    const byName = await scim(`/Users?filter=${encodeURIComponent(`userName eq "${account.email}"`)}`);
    const [found] = resources(byName);
    const byExternal = await scim(`/Users?filter=${encodeURIComponent(`externalId eq "${found?.["externalId"]}"`)}`);
    const other = await scim(`/Users?filter=${encodeURIComponent('displayName sw "A"')}`);
    const page = await scim("/Users?startIndex=11&count=10&attributes=userName");
    const all = await scim("/Users?count=1000");

    assert.equal(byName.json["totalResults"], 1);
    assert.equal(Object(found?.["urn:scim:schemas:extension:atlassian-external:1.0"]).atlassianAccountId, account.id);
    assert.deepEqual(resources(byExternal), [found]);
    assert.deepEqual([other.status, other.json["scimType"]], [400, "invalidFilter"]);
    assert.deepEqual([page.json["startIndex"], page.json["itemsPerPage"]], [11, 10]);
    assert.deepEqual(Object.keys(resources(page)[0] ?? {}).sort(), ["id", "schemas", "userName"]);
    assert.equal(resources(all)[10]?.["id"], resources(page)[0]?.["id"]);
  });

  it("deactivates and activates by PATCH, and the seat follows on every site", async () => {
    const account = syncedHolder();
    const id = await idOf(account);

    const off = await patch(`/Users/${id}`, { op: "replace", path: "active", value: false });
    const seat = holdsSeat(acmeOf(simulator), account);
    const bulk = await ask.site("/api/v2/users-bulk", { body: { accountIds: [account.id] } });
    const on = await patch(`/Users/${id}`, { op: "Replace", value: { active: true } });
    const wrong = await patch(`/Users/${id}`, { op: "replace", path: "active", value: "no" });

    assert.deepEqual([off.json["active"], seat, bulk.results[0]?.["accountStatus"]], [false, false, "inactive"]);
    assert.deepEqual([on.json["active"], holdsSeat(acmeOf(simulator), account)], [true, true]);
    assert.deepEqual([wrong.status, wrong.json["scimType"]], [400, "invalidValue"]);
  });

  it("deactivates by DELETE, knows the user no more, and has it back when it is created again", async () => {
    const account = syncedHolder(1);
    const id = await idOf(account);

    const removed = await scim(`/Users/${id}`, { method: "DELETE" });
    const after = [await scim(`/Users/${id}`), await scim(`/Users/${id}`, { method: "DELETE" })];
    const seat = holdsSeat(acmeOf(simulator), account);
    const back = await scim("/Users", { method: "POST", body: { userName: account.email } });
    const twice = await scim("/Users", { method: "POST", body: { userName: account.email } });

    assert.deepEqual([removed.status, after.map((each) => each.status), seat], [204, [404, 404], false]);
    assert.deepEqual([back.status, back.json["id"], holdsSeat(acmeOf(simulator), account)], [201, id, true]);
    assert.deepEqual([twice.status, twice.json["scimType"]], [409, "uniqueness"]);
  });

  it("creates people on a verified domain only, in no group and without a seat", async () => {
    const made = await scim("/Users", {
      method: "POST",
      body: { userName: "nora.new@acme.example", displayName: "Nora New" },
    });
    const strange = await scim("/Users", { method: "POST", body: { userName: "nora@elsewhere.example" } });
    const account = simulator.world.people.at(-1);
    assert.ok(account);

    assert.deepEqual([made.status, account.displayName, account.synced], [201, "Nora New", true]);
    assert.deepEqual([strange.status, holdsSeat(acmeOf(simulator), account)], [400, false]);
  });

  it("writes the groups that no other API may write", async () => {
    const site = acmeOf(simulator);
    const group = site.groups[CONTRACTORS];
    assert.ok(group);
    const account = site.people.find(
      (each) =>
        each.index > 1 && each.synced && each.state === "active" && memberPosition(group.members, each.index) < 0,
    );
    assert.ok(account);
    const value = await idOf(account);
    const before = group.members.length;

    const added = await patch(`/Groups/${group.id}`, { op: "add", path: "members", value: [{ value }] });
    const isMember = memberPosition(group.members, account.index) >= 0;
    const removed = await patch(`/Groups/${group.id}`, { op: "remove", path: `members[value eq "${value}"]` });
    const nobody = await patch(`/Groups/${group.id}`, { op: "add", path: "members", value: [{ value: "nobody" }] });
    const renamed = await patch(`/Groups/${group.id}`, { op: "replace", path: "displayName", value: "another" });

    assert.deepEqual([added.status, isMember, removed.status, group.members.length], [200, true, 200, before]);
    assert.deepEqual([nobody.status, renamed.status, renamed.json["scimType"]], [404, 400, "mutability"]);
  });

  it("makes, empties and removes groups", async () => {
    const member = { value: await idOf(syncedHolder()) };
    const made = await scim("/Groups", {
      method: "POST",
      body: { displayName: "from the provider", members: [member] },
    });
    const twice = await scim("/Groups", { method: "POST", body: { displayName: "from the provider" } });
    const path = `/Groups/${made.json["id"]}`;
    const emptied = await patch(path, { op: "remove", path: "members" });
    const found = await scim(`/Groups?filter=${encodeURIComponent('displayName eq "from the provider"')}`);
    const removed = await scim(path, { method: "DELETE" });
    const gone = await scim(path);

    assert.deepEqual([made.status, twice.status], [201, 409]);
    assert.deepEqual([emptied.json["members"], resources(found).length], [[], 1]);
    assert.deepEqual([removed.status, gone.status], [204, 404]);
  });

  it("opens to a directory's own key alone", async () => {
    const none = await scim("/Users", { token: "sim-organization-key" });
    const elsewhere = await fetch(`${simulator.url}/api/scim/directory/another/Users`, {
      headers: { authorization: "Bearer sim-scim-token" },
    });

    assert.equal(none.status, 401);
    assert.deepEqual(Object.keys(none.json).sort(), ["error", "traceId"]);
    assert.equal(elsewhere.status, 403);
  });

  it("is in the account of writes", async () => {
    await ask.control("/writes", {});
    const id = await idOf(syncedHolder());
    await patch(`/Users/${id}`, { op: "replace", path: "active", value: true });

    const rows: Record<string, unknown>[] = JSON.parse((await ask.control("/writes")).text);

    assert.deepEqual(
      rows.map((each) => [each["write"], each["account"], each["effect"], each["credential"]]),
      [["update-account", id, "nothing", "scim-token"]],
    );
  });
});
