import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { type Simulator, startSimulator } from "../server.ts";
import type { Answer } from "../testing.ts";
import { CONFLUENCE_ADMIN, type InstanceAsker, instanceAsker, instanceOf, USER } from "./testing.ts";

let simulator: Simulator;
let wiki: InstanceAsker;
let legacy: InstanceAsker;
/** Open to anonymous access. */
const keys = { wiki: "", legacy: "" };

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 7, limits: "off" });
  wiki = instanceAsker(simulator, "wiki");
  legacy = instanceAsker(simulator, "legacy");
  for (const name of ["wiki", "legacy"] as const) keys[name] = instanceOf(simulator, name).spaces[5]?.key ?? "";
});

afterEach(() => wiki.control("/faults", []));
after(() => simulator.close());

interface Row {
  operation: { targetType: string; operationKey: string };
  subject: { type: string; name?: string; userKey?: string } | null;
  spaceKey: string;
  spaceId: number;
}

const list = (answer: Answer): Row[] => JSON.parse(answer.text);
const path = (rest = "") => `/rest/api/space/${encodeURIComponent(keys.wiki)}/permissions${rest}`;
const read = [{ targetType: "space", operationKey: "read" }];
const put = (rest: string, body: unknown) => wiki.ask(path(rest), { method: "PUT", body });

describe("space permissions by REST", () => {
  it("name users, groups and whoever has no account, in targets and operations", async () => {
    const rows = list(await wiki.ask(path()));

    assert.deepEqual([...new Set(rows.map((each) => each.subject?.type))].sort(), ["anonymous", "group", "known"]);
    assert.ok(rows.every((each) => each.spaceKey === keys.wiki && Number.isInteger(each.spaceId)));
    assert.ok(rows.some((each) => each.operation.targetType === "page" && each.operation.operationKey === "create"));
  });

  it("T19: show anonymous access as a subject or as null", async () => {
    const named = list(await wiki.ask(path("/anonymous")));
    await wiki.control("/faults", [{ kind: "anonymous-as-null" }]);
    const nobody = list(await wiki.ask(path("/anonymous")));

    assert.deepEqual(named[0]?.subject, { type: "anonymous", displayName: "Anonymous" });
    assert.equal(nobody[0]?.subject, null);
  });

  it("T16: are missing before 9.1, and 500 to whoever is no administrator", async () => {
    const old = await legacy.ask(`/rest/api/space/${keys.legacy}/permissions`);
    const refused = await wiki.ask(path(), { authorization: USER });
    const keeper = await wiki.ask(path(), { authorization: CONFLUENCE_ADMIN });

    assert.deepEqual([old.status, refused.status, keeper.status], [404, 500, 200]);
    assert.match(old.text, /null for uri/);
    assert.equal((await legacy.ask("/rest/api/permissions", { authorization: USER })).status, 404);
  });

  it("are granted and revoked one subject at a time", async () => {
    const rest = `/user/${instanceOf(simulator, "wiki").usersByName.get("rita")?.userKey}`;
    const granted = await put(`${rest}/grant`, [...read, { targetType: "page", operationKey: "create" }]);
    const during = list(await wiki.ask(path(rest)));
    const revoked = await put(`${rest}/revoke`, read);
    const left = list(await wiki.ask(path(rest)));

    assert.deepEqual([granted.status, revoked.status], [204, 204]);
    assert.deepEqual(during.map((each) => each.operation.operationKey).sort(), ["create", "read"]);
    assert.deepEqual(
      left.map((each) => each.operation.operationKey),
      ["create"],
    );
  });

  it("refuse what does not exist, wholly", async () => {
    const user = instanceOf(simulator, "wiki").usersByName.get("carla");
    const rest = `/user/${user?.userKey}`;

    assert.equal((await put(`${rest}/grant`, [...read, { targetType: "space", operationKey: "fly" }])).status, 400);
    assert.deepEqual(list(await wiki.ask(path(rest))), []);
    assert.equal((await put("/group/nobody/grant", read)).status, 404);
    assert.equal((await wiki.ask("/rest/api/space/NOWHERE/permissions")).status, 404);
  });

  it("are set for the subjects that are named and left alone for all others", async () => {
    const before = list(await wiki.ask(path()));
    const body = [{ groupName: "wiki-keepers", operations: read }, { operations: [] }];

    const answer = await wiki.ask(path(), { method: "POST", body });

    const rows = list(await wiki.ask(path()));
    assert.equal(answer.status, 200);
    assert.deepEqual(
      list(await wiki.ask(path("/group/wiki-keepers"))).map((each) => each.operation),
      read,
    );
    assert.ok(!rows.some((each) => each.subject?.type === "anonymous"));
    const users = (all: Row[]) => all.filter((each) => each.subject?.type === "known").length;
    assert.equal(users(rows), users(before));
  });
});

describe("global permissions", () => {
  it("name the groups that give a seat, and follow a grant", async () => {
    const granting = async () =>
      list(await wiki.ask("/rest/api/permissions"))
        .filter((each) => each.operation.targetType === "application" && each.operation.operationKey === "use")
        .map((each) => each.subject?.name);
    const use = [{ targetType: "application", operationKey: "use" }];

    const answer = await wiki.ask(`/rest/api/permissions/group/${encodeURIComponent("r&d interns")}/grant`, {
      method: "PUT",
      body: use,
    });

    assert.equal(answer.status, 204);
    assert.deepEqual(
      (await granting()).filter((each) => each !== undefined),
      [
        "confluence-users",
        "confluence-administrators",
        "licensed-partners",
        "contractors: EMEA",
        "ldap-staff",
        "r&d interns",
      ],
    );
  });
});

describe("space permissions by JSON-RPC", () => {
  const sets = async (answer: Answer): Promise<{ type: string; spacePermissions: Record<string, unknown>[] }[]> =>
    JSON.parse(answer.text);
  const viewers = async () => {
    const found = await sets(await legacy.rpc("getSpacePermissionSets", [keys.legacy]));
    return found.find((each) => each.type === "VIEWSPACE")?.spacePermissions ?? [];
  };

  it("say who holds each right, anonymous access by two nulls", async () => {
    const rows = await viewers();

    assert.ok(rows.some((each) => each["userName"] === null && each["groupName"] === null));
    assert.ok(rows.some((each) => typeof each["groupName"] === "string"));
    assert.ok(rows.some((each) => typeof each["userName"] === "string"));
  });

  it("T19: or by two names left out", async () => {
    await legacy.control("/faults", [{ kind: "anonymous-as-null" }]);

    const rows = await viewers();

    assert.deepEqual(
      rows.filter((each) => !("userName" in each)),
      [{ type: "VIEWSPACE" }],
    );
  });

  it("T18: come bare or in an envelope, as they are called", async () => {
    const bare = await legacy.rpc("getSpacePermissionSets", [keys.legacy]);
    const envelope = await legacy.ask("/rpc/json-rpc/confluenceservice-v2", {
      body: { jsonrpc: "2.0", method: "getSpacePermissionSets", params: [keys.legacy], id: 7 },
    });
    await legacy.control("/faults", [{ kind: "rpc-envelope", site: "legacy" }]);
    const forced = await legacy.rpc("getSpacePermissionSets", [keys.legacy]);

    assert.ok(Array.isArray(JSON.parse(bare.text)));
    assert.deepEqual(envelope.json, { jsonrpc: "2.0", id: 7, result: JSON.parse(bare.text) });
    assert.deepEqual(forced.json["result"], JSON.parse(bare.text));
  });

  it("T66: refuse with 200 and an error", async () => {
    const asUser = await legacy.rpc("getSpacePermissionSets", [keys.legacy], { authorization: USER });
    const nowhere = await legacy.rpc("getSpacePermissionSets", ["NOWHERE"]);
    const unknown = await legacy.rpc("fly", []);

    for (const answer of [asUser, nowhere, unknown]) {
      assert.equal(answer.status, 200);
      assert.equal(typeof Object(answer.json["error"]).message, "string");
    }
  });

  it("T53: answer a page of HTML under a secure administrator session", async () => {
    await legacy.control("/faults", [{ kind: "websudo", path: "/rpc/json-rpc/" }]);

    const answer = await legacy.rpc("getSpacePermissionSets", [keys.legacy]);

    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(answer.text, /Administrator Access/);
  });

  it("are added and removed", async () => {
    const added = await legacy.rpc("addPermissionsToSpace", [["VIEWSPACE", "EDITSPACE"], "rita", keys.legacy]);
    const during = (await viewers()).some((each) => each["userName"] === "rita");
    const removed = await legacy.rpc("removePermissionFromSpace", ["VIEWSPACE", "rita", keys.legacy]);

    assert.deepEqual([added.text, removed.text, during], ["true", "true", true]);
    assert.ok(!(await viewers()).some((each) => each["userName"] === "rita"));
  });

  it("are turned off on a new instance", async () => {
    assert.equal((await wiki.rpc("getSpacePermissionSets", [keys.wiki])).status, 404);
  });
});

describe("spaces", () => {
  it("T61: are all seen by confluence-administrators, and by other administrators only when they are open to them", async () => {
    const all = await wiki.rows("/rest/api/space?limit=10");
    const some = await wiki.rows("/rest/api/space?limit=10", { authorization: CONFLUENCE_ADMIN });
    const hidden = all.find((each) => !some.some((other) => other["key"] === each["key"]));

    assert.equal(all.length, instanceOf(simulator, "wiki").spaces.length);
    assert.ok(some.length > 0 && some.length < all.length);
    const answer = await wiki.ask(`/rest/api/space/${encodeURIComponent(String(hidden?.["key"]))}`, {
      authorization: CONFLUENCE_ADMIN,
    });
    assert.equal(answer.status, 404);
  });

  it("are filtered by key, type and status", async () => {
    const personal = await wiki.rows("/rest/api/space?type=personal");
    const archived = await wiki.rows("/rest/api/space?status=archived");
    const one = await wiki.rows(`/rest/api/space?spaceKey=${encodeURIComponent(keys.wiki)}`);

    assert.ok(personal.length > 0 && personal.every((each) => String(each["key"]).startsWith("~")));
    assert.ok(archived.length > 0 && archived.every((each) => each["status"] === "archived"));
    assert.deepEqual(
      one.map((each) => each["key"]),
      [keys.wiki],
    );
  });

  it("give their readers by groups within groups", async () => {
    const dc = instanceOf(simulator, "wiki");
    const space = dc.spaces[3];
    await wiki.control("/change", [
      { kind: "grant", site: "wiki", space: space?.key, group: "licensed-partners", key: "VIEWSPACE" },
    ]);

    const { json } = await wiki.control(`/truth/space-readers?site=wiki&space=${space?.id}`);

    const partners = dc.users.filter((each) => each.index % 24 === 9 && each.isActive).map((each) => each.userKey);
    const readers: unknown[] = Array.isArray(json["readers"]) ? json["readers"] : [];
    assert.ok(partners.length > 0 && partners.every((each) => readers.includes(each)));
  });
});
