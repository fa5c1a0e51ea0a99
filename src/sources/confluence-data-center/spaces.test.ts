import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER, type ScriptedRequest } from "../testing/scripted-atlassian.ts";
import { NOT_FOUND_IN_DATA_CENTER, offsetRows, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";

const ENG = { id: 11, key: "ENG", name: "Engineering", type: "global", status: "current" };
const OLD = { id: 12, key: "OLD", name: "Old", type: "global", status: "archived" };
const RITA = { id: 13, key: "~rita", name: "Rita", type: "personal", status: "current" };
const ALL = [ENG, OLD, RITA];

const permission = (operationKey: string, targetType: string, subject: object | null) => ({
  operation: { operationKey, targetType },
  subject,
  spaceKey: "ENG",
  spaceId: 11,
});

/** Spaces with or without the filters of newer versions; everything else as `rest` says. */
function world(rest: (request: ScriptedRequest) => ReturnType<typeof offsetRows>, { filters = true } = {}) {
  return (request: ScriptedRequest) => {
    if (request.path === "/rest/api/space") {
      const { query } = request;
      const shown = ALL.filter(
        ({ id, status }) =>
          !filters ||
          ((!query.has("spaceId") || query.get("spaceId") === String(id)) &&
            (!query.has("status") || query.get("status") === status)),
      );
      return offsetRows(shown, request);
    }
    const key = /^\/rest\/api\/space\/([^/]+)$/.exec(request.path)?.[1];
    const space = ALL.find((each) => each.key === decodeURIComponent(key ?? ""));
    if (key) return space ? { json: space } : NOT_FOUND_IN_DATA_CENTER;
    return rest(request);
  };
}

describe("Spaces of Data Center", () => {
  const open = scriptedInstances();

  for (const filters of [true, false]) {
    it(`are current and archived ones, once each, ${filters ? "filtered by status" : "when the filter is passed over"}`, async () => {
      const { site } = await open(world(() => NOT_FOUND_IN_DATA_CENTER, { filters }));
      const seen: [string, string, string][] = [];
      for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
        const page: Awaited<ReturnType<typeof site.readSpaces>> = await site.readSpaces(cursor, NEVER);
        for (const { sourceId, status, type } of page.rows) seen.push([sourceId, status, type]);
        cursor = page.next;
      }

      assert.deepEqual(seen, [
        ["11", "current", "global"],
        ["13", "current", "personal"],
        ["12", "archived", "global"],
      ]);
    });

    it(`are found by their ids ${filters ? "with" : "without"} a filter for it`, async () => {
      const { site } = await open(world(() => NOT_FOUND_IN_DATA_CENTER, { filters }));

      assert.equal((await site.findSpace("12", NEVER))?.key, "OLD");
      assert.equal(await site.findSpace("99", NEVER), null);
    });
  }
});

describe("Permissions of a space of Data Center", () => {
  const open = scriptedInstances();

  it("tell accounts, groups and visitors in the words of REST, unknown ones as they are", async () => {
    const { site } = await open(
      world(() => ({
        json: [
          permission("read", "space", { type: "group", name: "staff", displayName: "staff" }),
          permission("administer", "space", userOf("rita")),
          permission("read", "space", { type: "anonymous", displayName: "Anonymous" }),
          permission("read", "space", null),
          permission("levitate", "space", { type: "group", name: "staff" }),
        ],
      })),
    );

    const { rows, next } = await site.readSpacePermissions("11", null, NEVER);

    assert.equal(next, null);
    assert.deepEqual(
      rows.map((each) => [each.principalType, each.principalId, each.operationKey, each.operationTarget]),
      [
        ["group", "staff", "read", "space"],
        ["user", "key-rita", "administer", "space"],
        ["access-class", "anonymous-users", "read", "space"],
        ["group", "staff", "levitate", "space"],
      ],
    );
  });

  const older = (envelope: boolean) =>
    world((request) => {
      if (request.path.startsWith("/rpc/")) {
        assert.deepEqual(request.body, ["ENG"]);
        const sets = [
          {
            type: "VIEWSPACE",
            spacePermissions: [
              { type: "VIEWSPACE", userName: null, groupName: "staff" },
              { type: "VIEWSPACE", userName: null, groupName: null },
              { type: "VIEWSPACE", userName: "", groupName: "" },
            ],
          },
          { type: "EDITSPACE", spacePermissions: [{ userName: "rita" }, { userName: "gone" }] },
          { type: "LEVITATE", spacePermissions: [{ groupName: "staff" }] },
        ];
        return { json: envelope ? { result: sets } : sets };
      }
      if (request.path === "/rest/api/user" && request.query.get("username") === "rita")
        return { json: userOf("rita") };
      return NOT_FOUND_IN_DATA_CENTER;
    });

  for (const envelope of [false, true]) {
    it(`come by JSON-RPC where REST has none, as ${envelope ? "an envelope" : "a bare list"}, with keys for names`, async () => {
      const { site, requests } = await open(older(envelope));

      const { rows } = await site.readSpacePermissions("11", null, NEVER);
      await site.readSpacePermissions("11", null, NEVER);

      assert.deepEqual(
        rows.map((each) => [each.principalType, each.principalId, each.operationKey, each.operationTarget]),
        [
          ["group", "staff", "read", "space"],
          ["access-class", "anonymous-users", "read", "space"],
          ["user", "key-rita", "create", "page"],
          ["user", "gone", "create", "page"],
          ["group", "staff", "LEVITATE", "space"],
        ],
      );
      assert.equal(requests.filter(({ path }) => path.endsWith("/permissions")).length, 1);
    });
  }

  it("of a space that is gone are not asked for by JSON-RPC", async () => {
    const { site, requests } = await open(world(() => NOT_FOUND_IN_DATA_CENTER));

    await assert.rejects(site.readSpacePermissions("99", null, NEVER), codeIs("source.not-found"));
    assert.ok(requests.every(({ path }) => !path.includes("/rpc/")));
  });

  it("say where to switch on the remote API when an older version has it off", async () => {
    const { site } = await open(world(() => NOT_FOUND_IN_DATA_CENTER));

    await assert.rejects(
      site.readSpacePermissions("11", null, NEVER),
      (thrown: unknown) => codeIs("source.edition-lacks")(thrown) && /Remote API/.test((thrown as { fix: string }).fix),
    );
  });

  it("refused with 500 to whoever is no administrator are asked for again only once", async () => {
    const { site, requests } = await open(world(() => ({ status: 500, json: { message: "NullPointerException" } })));

    await assert.rejects(site.readSpacePermissions("11", null, NEVER), codeIs("source.missing-role"));
    const before = requests.filter(({ path }) => path.endsWith("/permissions")).length;
    await assert.rejects(site.readSpacePermissions("12", null, NEVER), codeIs("source.missing-role"));

    assert.equal(requests.filter(({ path }) => path.endsWith("/permissions")).length, before + 1);
  });
});

describe("Groups that give Confluence on Data Center", () => {
  const open = scriptedInstances();

  it("are those whose members may use or administer it", async () => {
    const global = (operationKey: string, targetType: string, subject: object) => ({
      operation: { operationKey, targetType },
      subject,
    });
    const { site } = await open(() => ({
      json: [
        global("use", "application", { type: "group", name: "staff" }),
        global("use", "application", userOf("rita")),
        global("administer", "system", { type: "group", name: "admins" }),
        global("create", "space", { type: "group", name: "editors" }),
      ],
    }));

    const users = await site.readProductAccessGroups("user", null, NEVER);
    const admins = await site.readProductAccessGroups("admin", null, NEVER);

    assert.deepEqual(
      [users, admins].map(({ rows }) => rows.map(({ sourceId }) => sourceId)),
      [["admins", "staff"], ["admins"]],
    );
  });

  it("are told by no older version, and how to name them is said", async () => {
    const { site } = await open(() => NOT_FOUND_IN_DATA_CENTER);

    await assert.rejects(site.readProductAccessGroups("user", null, NEVER), codeIs("source.edition-lacks"));
  });
});
