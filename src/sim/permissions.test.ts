import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, type Asker, asker, labsOf, READER_TOKEN } from "./testing.ts";
import { permissionRows } from "./world/permissions.ts";

let simulator: Simulator;
let ask: Asker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 8, limits: "off" });
  ask = asker(simulator);
});

after(() => simulator.close());

/** A space and a group that has no right in it. */
function freshPair() {
  const site = acmeOf(simulator);
  const [space] = site.spaces.slice(2);
  assert.ok(space);
  const group = site.groups.find((each) => !permissionRows(site, space).some((row) => row.principalId === each.id));
  assert.ok(group);
  return { site, space, group };
}

const body = (groupId: string, key: string, target: string) => ({
  subject: { type: "group", identifier: groupId },
  operation: { key, target },
});

describe("classic space permissions", () => {
  it("T50: need read first, refuse a duplicate, and go all together when read goes", async () => {
    const { site, space, group } = freshPair();
    const grant = (key: string, target: string) =>
      ask.site(`/rest/api/space/${space.key}/permission`, { body: body(group.id, key, target) });

    const early = await grant("create", "page");
    const read = await grant("read", "space");
    const create = await grant("create", "page");
    const twice = await grant("create", "page");
    const gone = await ask.site(`/rest/api/space/${space.key}/permission/${String(read.json["id"])}`, {
      method: "DELETE",
    });

    assert.deepEqual([early.status, read.status, create.status, twice.status, gone.status], [400, 200, 200, 400, 204]);
    assert.ok(!permissionRows(site, space).some((row) => row.principalId === group.id));
  });

  it("know neither an unknown group nor an unknown permission", async () => {
    const { space } = freshPair();

    const grant = await ask.site(`/rest/api/space/${space.key}/permission`, { body: body("nobody", "read", "space") });
    const revoke = await ask.site(`/rest/api/space/${space.key}/permission/5`, { method: "DELETE" });

    assert.deepEqual([grant.status, revoke.status], [400, 404]);
  });

  it("T49: cannot be written on a roles-only site", async () => {
    const [space] = labsOf(simulator).spaces;
    const group = labsOf(simulator).groups[0]?.id ?? "";

    const answer = await ask.site(`/rest/api/space/${space?.key}/permission`, {
      siteName: "acme-labs",
      body: body(group, "read", "space"),
    });

    assert.equal(answer.status, 400);
    assert.match(
      answer.text,
      /InvalidRbacOperationException: Space permission updates that are not from RBAC are not supported in roles-only mode/,
    );
  });
});

describe("space roles", () => {
  it("change for the principals that are named, and end without a role", async () => {
    const labs = labsOf(simulator);
    const [space] = labs.spaces;
    const path = `/api/v2/spaces/${space?.id}/role-assignments`;
    const principal = { principalType: "GROUP", principalId: labs.groups[0]?.id };
    const roleId = labs.roles[3]?.id;
    const write = (assignment: object) => ask.site(path, { siteName: "acme-labs", method: "POST", body: [assignment] });
    const read = async () => (await ask.site(`${path}?limit=250`, { siteName: "acme-labs" })).results;
    const others = (await read()).length;

    await write({ principal, roleId });
    const given = await read();
    await write({ principal });
    const taken = await read();

    assert.ok(
      given.some(
        (each) =>
          Reflect.get(Object(each["principal"]), "principalId") === principal.principalId && each["roleId"] === roleId,
      ),
    );
    assert.deepEqual([given.length, taken.length], [others + 1, others]);
  });
});

describe("group memberships", () => {
  it("are written by a site admin, answer 204 for somebody who is no member, and never touch a synced group", async () => {
    const { groups, people } = acmeOf(simulator);
    const own = groups.find((each, index) => index > 4 && each.managedBy === "ADMINS");
    const synced = groups.find((each) => each.managedBy === "EXTERNAL");
    const stranger = people.find((each) => each.isEmployee && !own?.members.includes(each.index));
    const path = (group: string | undefined) =>
      `/rest/api/group/userByGroupId?groupId=${group}&accountId=${encodeURIComponent(stranger?.id ?? "")}`;

    const added = await ask.site(path(own?.id), { body: { accountId: stranger?.id } });
    const removed = await ask.site(path(own?.id), { method: "DELETE" });
    const again = await ask.site(path(own?.id), { method: "DELETE" });
    const refused = await ask.site(path(synced?.id), { body: { accountId: stranger?.id } });
    const reader = await ask.site(path(own?.id), { body: { accountId: stranger?.id }, authorization: READER_TOKEN });

    assert.deepEqual(
      [added.status, removed.status, again.status, refused.status, reader.status],
      [201, 204, 204, 403, 403],
    );
  });

  it("appear in the audit log by the group's id and the person's name", async () => {
    const { groups, people } = acmeOf(simulator);
    const group = groups.find((each, index) => index > 4 && each.managedBy === "ADMINS");
    const stranger = people.findLast((each) => each.isEmployee && !group?.members.includes(each.index));

    await ask.control("/change", [{ kind: "add-member", account: stranger?.id, group: group?.id }]);
    const [newest] = (await ask.site("/rest/api/audit?limit=1")).results;

    assert.equal(newest?.["summary"], "User added to group");
    assert.deepEqual(newest?.["affectedObject"], { name: `${group?.name}:${group?.id}`, objectType: "Group" });
    assert.deepEqual(newest?.["associatedObjects"], [{ name: stranger?.displayName, objectType: "User" }]);
    assert.ok(!JSON.stringify(newest).includes(stranger?.id ?? "-"));
  });
});

describe("a site in transition", () => {
  let between: Simulator;
  let asked: Asker;

  before(async () => {
    between = await startSimulator({
      scale: "small",
      seed: 8,
      limits: "off",
      roleModes: { acme: "ROLES_TRANSITION" },
    });
    asked = asker(between);
  });

  after(() => between.close());

  const rowsOf = async (space: number, what: "permissions" | "role-assignments") => {
    const id = acmeOf(between).spaces[space]?.id;
    return (await asked.site(`/api/v2/spaces/${id}/${what}?limit=250`)).results;
  };

  it("has spaces that hold rights in the old model, in both, and in the new one", async () => {
    for (const [space, has] of [
      [3, [true, false]],
      [4, [true, true]],
      [5, [false, true]],
    ] as const) {
      const rows = [await rowsOf(space, "permissions"), await rowsOf(space, "role-assignments")];

      assert.deepEqual(
        rows.map((each) => each.length > 0),
        has,
        `space ${space}`,
      );
    }
  });

  it("tells access classes and roles among the permissions of a space of both models", async () => {
    const rows = await rowsOf(4, "permissions");

    const types = new Set(rows.map((each) => String(Object(each["principal"]).type)));
    assert.ok(types.has("role"));
    assert.ok(!rows.some((each) => String(Object(each["principal"]).id).startsWith("all-")));
  });

  it("counts as readers of a space who may read it in either model", async () => {
    const site = acmeOf(between);
    const space = site.spaces[4];
    const members = new Set(site.seededMembers.map((each) => site.people[each]?.id ?? ""));
    const reader = async () => {
      const { json } = await asked.control(`/truth/space-readers?space=${space?.id}`);
      return json["readers"] as string[];
    };
    const [first, second] = [...members].filter(
      (each) => !permissionRows(site, site.spaces[3] as never).some((row) => row.principalId === each),
    );
    const others = (await reader()).length;

    await asked.control("/change", [
      { kind: "grant", space: space?.id, account: first, role: "Viewer" },
      { kind: "grant", space: site.spaces[3]?.id, account: second },
    ]);

    assert.ok((await reader()).includes(first ?? "") && (await reader()).length >= others);
    assert.ok(permissionRows(site, site.spaces[3] as never).some((row) => row.principalId === second));
  });
});
