import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Asker, asker, labsOf } from "./testing.ts";
import { ADMINS, EVERYBODY, type Group, memberPosition } from "./world/groups.ts";
import type { Account } from "./world/people.ts";
import { seatsNow } from "./world/seat-count.ts";
import { groupsOf, holdsSeat } from "./world/world.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 8, limits: "off" });
  ask = asker(simulator);
});

after(() => simulator.close());

const SCOPED_KEY = "Bearer sim-organization-key-scoped";
const directory = (rest: string) => `/v2/orgs/{orgId}/directories/${acmeOf(simulator).directoryId}${rest}`;
const resource = () => `ari:cloud:confluence::site/${acmeOf(simulator).cloudId}`;
const post = (path: string, body: unknown = {}) => ask.organization(path, { method: "POST", body });
const drop = (path: string) => ask.organization(path, { method: "DELETE" });
const codeOf = (answer: { json: Record<string, unknown> }) => {
  const errors = answer.json["errors"];
  return Array.isArray(errors) ? Object(errors[0]).code : null;
};

function holder(skip = 0): Account {
  const site = acmeOf(simulator);
  const found = site.people.filter(
    (each) =>
      each.index > 1 && holdsSeat(site, each) && groupsOf(site, each.index).filter((group) => group.role).length === 1,
  )[skip];
  assert.ok(found);
  return found;
}

const group = (place: number): Group => {
  const found = acmeOf(simulator).groups[place];
  assert.ok(found);
  return found;
};
const user = ({ id }: Account) => directory(`/users/${encodeURIComponent(id)}`);

describe("writes to the organization's directory", () => {
  it("take a member out of a group and put it back, once", async () => {
    const account = holder();
    const everybody = group(EVERYBODY);
    const path = directory(`/groups/${everybody.id}/memberships`);

    const removed = await drop(`${path}/${encodeURIComponent(account.id)}`);
    const without = holdsSeat(acmeOf(simulator), account);
    const again = await drop(`${path}/${encodeURIComponent(account.id)}`);
    const added = await post(path, { accountId: account.id });
    const twice = await post(path, { accountId: account.id });

    assert.deepEqual([removed.status, without, again.status, added.status, twice.status], [204, false, 204, 204, 409]);
    assert.equal(codeOf(twice), "ADMIN-409-28");
    assert.equal(holdsSeat(acmeOf(simulator), account), true);
  });

  it("suspend and restore, answer the same to a second call, and keep the groups", async () => {
    const account = holder();
    const groups = () => groupsOf(acmeOf(simulator), account.index).length;
    const before = groups();

    const statuses = [
      await post(`${user(account)}/suspend`),
      await post(`${user(account)}/suspend`),
      await post(`${user(account)}/restore`),
      await post(`${user(account)}/restore`),
    ].map((each) => each.status);
    const nobody = await post(directory("/users/nobody/suspend"));

    assert.deepEqual([statuses, groups()], [[204, 204, 204, 204], before]);
    assert.deepEqual([nobody.status, codeOf(nobody)], [404, "ADMIN-404-8"]);
  });

  it("remove a person with groups and seat", async () => {
    const account = holder(3);

    const removed = await drop(user(account));
    const gone = await drop(user(account));

    assert.deepEqual([removed.status, gone.status], [204, 404]);
    assert.deepEqual(groupsOf(acmeOf(simulator), account.index), []);
  });

  it("make groups, and let go none that is the default or makes administrators", async () => {
    const made = await post(directory("/groups"), { name: "made here", description: "for a test" });
    const twice = await post(directory("/groups"), { name: "Made Here" });
    const anywhere = await post("/v2/orgs/{orgId}/directories/-/groups", { name: "anywhere" });
    const found = await post(directory("/groups/search"), { groupNames: ["made here"] });
    const synced = acmeOf(simulator).groups.find((each) => each.managedBy === "EXTERNAL");
    const id = String(found.results[0]?.["id"]);

    const codes = [
      codeOf(await drop(directory(`/groups/${group(EVERYBODY).id}`))),
      codeOf(await drop(directory(`/groups/${group(ADMINS).id}`))),
      codeOf(await drop(directory(`/groups/${synced?.id}`))),
    ];
    const removed = await drop(directory(`/groups/${id}`));
    const gone = await drop(directory(`/groups/${id}`));

    assert.deepEqual([made.status, made.text, twice.status, anywhere.status], [201, "", 409, 400]);
    assert.deepEqual(codes, ["ADMIN-403-6", "ADMIN-403-7", "ADMIN-403-5"]);
    assert.deepEqual([removed.status, gone.status, codeOf(gone)], [204, 404, "ADMIN-404-10"]);
  });

  it("give a role to a group and take it, with the seats of its members", async () => {
    const site = acmeOf(simulator);
    const account = holder(1);
    await drop(directory(`/groups/${group(EVERYBODY).id}/memberships/${encodeURIComponent(account.id)}`));
    const plain = site.groups.find((each) => each.role === null && each.managedBy === "ADMINS");
    assert.ok(plain);
    if (memberPosition(plain.members, account.index) < 0)
      await post(directory(`/groups/${plain.id}/memberships`), { accountId: account.id });
    const role = (verb: string, body: object) => post(directory(`/groups/${plain.id}/role-assignments/${verb}`), body);
    const wish = { resourceId: resource(), roleId: "atlassian/user" };

    const assigned = await role("assign", wish);
    const held = holdsSeat(site, account);
    const revoked = await role("revoke", wish);
    const unknown = await role("assign", { ...wish, roleId: "atlassian/nobody" });
    const elsewhere = await role("assign", {
      ...wish,
      resourceId: `ari:cloud:confluence::site/${labsOf(simulator).cloudId}`,
    });

    assert.deepEqual([assigned.status, held, revoked.status, holdsSeat(site, account)], [200, true, 204, false]);
    assert.deepEqual([unknown.status, elsewhere.status], [400, 404]);
  });

  it("give a role to a person, and refuse one past the license", async () => {
    const site = acmeOf(simulator);
    const account = holder(2);
    const roles = (verb: string, body: object) =>
      post(`/v1/orgs/{orgId}/users/${encodeURIComponent(account.id)}/roles/${verb}`, body);
    const wish = { role: "atlassian/user", resource: resource() };

    const revoked = await roles("revoke", wish);
    const without = holdsSeat(site, account);
    await ask.control("/change", [{ kind: "set-seats-max", seats: seatsNow(site) }]);
    const full = await roles("assign", wish);
    const member = await post(directory(`/groups/${group(EVERYBODY).id}/memberships`), { accountId: account.id });
    await ask.control("/change", [{ kind: "set-seats-max", seats: seatsNow(site) + 1 }]);
    const assigned = await roles("assign", wish);
    const wrong = await roles("assign", { ...wish, role: "atlassian/site-admin" });

    assert.deepEqual([revoked.status, without, full.status, codeOf(full)], [204, false, 409, "ADMIN-UAM-409-3"]);
    assert.deepEqual([member.status, codeOf(member)], [409, "ADMIN-409-3"]);
    assert.deepEqual([assigned.status, holdsSeat(site, account)], [204, true]);
    assert.deepEqual([wrong.status, codeOf(wrong)], [400, "ADMIN-UAM-400-3"]);
  });

  it("take no key with scopes, and say so by 404", async () => {
    const account = holder();

    const answer = await ask.organization(`${user(account)}/suspend`, { method: "POST", authorization: SCOPED_KEY });

    assert.equal(answer.status, 404);
    assert.equal(account.state, "active");
  });

  it("tell the size of the license page by page", async () => {
    const query = { field: { name: "attributes.type", values: ["confluence"] } };
    const first = await post("/v2/orgs/{orgId}/workspaces", { query, limit: 1 });
    const cursor = Object(first.json["links"]).next;
    const second = await post("/v2/orgs/{orgId}/workspaces", { cursor });
    const jira = await post("/v2/orgs/{orgId}/workspaces", {
      query: { and: [{ field: { name: "attributes.type", values: ["jira"] } }] },
    });
    const both = await post("/v2/orgs/{orgId}/workspaces", { cursor, limit: 1 });

    assert.deepEqual([first.results.length, second.results.length, second.next], [1, 1, null]);
    assert.equal(Object(first.results[0]?.["attributes"]).capacity, seatsNow(acmeOf(simulator)));
    assert.deepEqual([jira.results, both.status], [[], 400]);
  });
});
