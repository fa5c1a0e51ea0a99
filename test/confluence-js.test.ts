import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../src/sim/server.ts";

/**
 * An outsider's opinion: the npm package `confluence.js`, whose authors test it against live sites, reads the simulator
 * with its schema audit on. The audit builds strict schemas when the package is loaded, so the switch comes first.
 */
process.env["AUDIT_SCHEMAS"] = "true";
const { createV1Client, createV2Client } = await import("confluence.js");
delete process.env["AUDIT_SCHEMAS"];

/** Where the package collects what its schemas do not describe (its core/schemaAudit.js). */
const DRIFT = Symbol.for("apis-code-gen.schemaAudit");

let simulator: Simulator;
const auth = { type: "basic", email: "petra@acme.example", apiToken: "sim-classic-token-of-petra" } as const;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 7, limits: "off" });
});

after(() => simulator.close());

function clients(site = "acme") {
  const config = { host: `${simulator.url}/site/${site}`, auth };
  return { v1: createV1Client(config), v2: createV2Client(config) };
}

/** What was collected since the last call: fields and values that the package's schemas do not describe. */
function complaints(): string[] {
  const found: unknown = Reflect.get(globalThis, DRIFT) ?? [];
  Reflect.set(globalThis, DRIFT, []);
  return Array.isArray(found) ? found.map((each: unknown) => JSON.stringify(each)) : [];
}

describe("confluence.js with its schema audit on", () => {
  it("reads users", async () => {
    const { v1, v2 } = clients();

    const found = await v1.search.searchUser({
      cql: "type=user",
      sitePermissionTypeFilter: "all",
      limit: 200,
      expand: ["operations"],
    });
    const accountIds = found.results.flatMap((each) => each.user?.accountId ?? []);
    await v1.users.getCurrentUser();
    await v1.users.getAnonymousUser();
    await v1.users.getUser({ accountId: accountIds[0] ?? "" });
    const several = await v1.users.getBulkUserLookup({ accountId: accountIds[1] ?? "" });
    const bulk = await v2.user.createBulkUserLookup({ body: { accountIds } });

    assert.equal(accountIds.length, 200);
    assert.equal(several.results.length, 1);
    assert.equal(bulk.results?.length, 200);
    assert.deepEqual(complaints(), []);
  });

  it("reads groups and their members", async () => {
    const { v1 } = clients();

    const groups = await v1.group.getGroups({ limit: 200 });
    const [first] = groups.results;
    const members = await v1.group.getGroupMembersByGroupId({
      groupId: first?.id ?? "",
      limit: 200,
      expand: ["operations"],
    });
    await v1.group.getGroupByGroupId({ id: first?.id ?? "" });
    await v1.group.searchGroups({ query: "team" });
    const own = await v1.users.getGroupMembershipsForUser({ accountId: members.results[0]?.accountId ?? "" });

    assert.equal(groups.results.length, 20);
    assert.ok(members.results.length > 100);
    assert.ok(own.results.length > 0);
    assert.deepEqual(complaints(), []);
  });

  it("writes groups and their members", async () => {
    const { v1 } = clients();

    const made = await v1.group.createGroup({ name: "made by confluence.js" });
    const groupId = made.id ?? "";
    const members = async () => (await v1.group.getGroupMembersByGroupId({ groupId })).results;
    const accountId = simulator.world.people[1]?.id ?? "";
    await v1.group.addUserToGroupByGroupId({ groupId, accountId });
    const joined = await members();
    await v1.group.removeMemberFromGroupByGroupId({ groupId, accountId });
    const left = await members();
    await v1.group.removeGroupById({ id: groupId });

    assert.deepEqual([joined.map((each) => each.accountId), left], [[accountId], []]);
    await assert.rejects(v1.group.getGroupByGroupId({ id: groupId }));
    assert.deepEqual(complaints(), []);
  });

  it("reads spaces and their permissions", async () => {
    const { v2 } = clients();

    const spaces = await v2.space.getSpaces({ limit: 250 });
    const id = Number(spaces.results?.[0]?.id);
    const permissions = await v2.spacePermissions.getSpacePermissionsAssignments({ id, limit: 250 });
    await v2.space.getSpaceById({ id });

    assert.equal(spaces.results?.length, 50);
    assert.ok((permissions.results?.length ?? 0) > 50);
    assert.deepEqual(complaints(), []);
  });

  it("reads roles and their assignments on a role site", async () => {
    const { v2 } = clients("acme-labs");

    const { mode } = await v2.spaceRoles.getSpaceRoleMode();
    const roles = await v2.spaceRoles.getAvailableSpaceRoles({ limit: 250 });
    const spaces = await v2.space.getSpaces({ limit: 250 });
    const assignments = await v2.spaceRoles.getSpaceRoleAssignments({
      id: Number(spaces.results?.[0]?.id),
      limit: 250,
    });
    await v2.spacePermissions.getAvailableSpacePermissions({ limit: 250 });

    assert.equal(mode, "ROLES");
    assert.equal(roles.results?.length, 5);
    assert.ok((assignments.results?.length ?? 0) > 10);
    assert.deepEqual(complaints(), []);
  });

  it("reads the audit log", async () => {
    const { v1 } = clients();

    const audit = await v1.audit.getAuditRecords({ limit: 100 });
    await v1.audit.getRetentionPeriod();

    assert.equal(audit.results.length, 100);
    assert.deepEqual(complaints(), []);
  });

  it("reads search results", async () => {
    const { v1 } = clients();
    const cql =
      'type in (page, blogpost, comment, attachment) and lastmodified >= now("-90d") order by lastmodified desc';

    const content = await v1.content.searchContentByCQL({
      cql,
      limit: 100,
      expand: ["history", "history.lastUpdated", "version", "space", "container"],
    });
    const hits = await v1.search.searchByCQL({ cql, limit: 100 });
    await v1.settings.getSystemInfo();

    assert.equal(content.results.length, 100);
    assert.equal(hits.results.length, 100);
    assert.deepEqual(complaints(), []);
  });
});
