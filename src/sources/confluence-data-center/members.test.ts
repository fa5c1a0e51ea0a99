import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, failureOf, NEVER, type ScriptedRequest } from "../testing/scripted-atlassian.ts";
import { NOT_FOUND_IN_DATA_CENTER, offsetRows, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";

/** Of `staff`: olga herself, rita only through `editors`, and petra both ways. */
const DIRECT: Record<string, string[]> = { staff: ["olga", "petra"], editors: ["rita", "petra"] };
const SHOWN: Record<string, string[]> = { staff: ["olga", "petra", "rita"], editors: ["rita", "petra"] };

const groupsOf = (memberships: Record<string, string[]>, key: string | null) =>
  Object.keys(memberships).filter((group) => memberships[group]?.some((name) => `key-${name}` === key));

function nested(members: Record<string, string[]>, memberOf: Record<string, string[]>) {
  return (request: ScriptedRequest) => {
    const [, group = "", what = ""] = /\/group\/([^/]+)(?:\/(\w+))?$/.exec(request.path) ?? [];
    if (what === "member")
      return offsetRows(
        (members[group] ?? []).map((name) => userOf(name)),
        request,
      );
    if (what === "groupmember")
      return offsetRows(group === "staff" ? [{ type: "group", name: "editors" }] : [], request);
    if (request.path.endsWith("/api/group")) return offsetRows([{ name: "staff" }, { name: "editors" }], request);
    const names = groupsOf(memberOf, request.query.get("key"));
    return offsetRows(
      names.map((name) => ({ type: "group", name })),
      request,
    );
  };
}

describe("Members of a group of Data Center", () => {
  const open = scriptedInstances();
  const membersOf = async (answer: (request: ScriptedRequest) => ReturnType<typeof offsetRows>) => {
    const { site } = await open(answer);
    const { rows } = await site.readMembers("staff", null, { withAccess: false }, NEVER);
    return rows.map(({ sourceId }) => sourceId);
  };

  it("are the group's own when the listing tells only those", async () => {
    assert.deepEqual(await membersOf(nested(DIRECT, DIRECT)), ["key-olga", "key-petra"]);
  });

  it("are the group's own when the listing tells those of groups within as well", async () => {
    assert.deepEqual(await membersOf(nested(SHOWN, DIRECT)), ["key-olga", "key-petra"]);
  });

  it("are those of no group within when nothing tells which of them are the group's own as well", async () => {
    assert.deepEqual(await membersOf(nested(SHOWN, SHOWN)), ["key-olga"]);
  });

  it("are all that are shown when two groups hold each other and nothing tells more", async () => {
    const { site } = await open((request) => {
      const inner = request.path.includes("/staff/") ? "editors" : "staff";
      if (request.path.endsWith("/groupmember")) return offsetRows([{ name: inner }], request);
      if (request.path.endsWith("/member")) return offsetRows([userOf("olga"), userOf("rita")], request);
      return offsetRows([{ name: "staff" }, { name: "editors" }], request);
    });

    const { rows } = await site.readMembers("staff", null, { withAccess: false }, NEVER);

    assert.deepEqual(
      rows.map(({ sourceId }) => sourceId),
      ["key-olga", "key-rita"],
    );
  });

  it("of a group that is gone are not an empty group", async () => {
    const { site } = await open(() => NOT_FOUND_IN_DATA_CENTER);

    await assert.rejects(site.readMembers("staff", null, { withAccess: false }, NEVER), codeIs("source.not-found"));
    assert.equal(await site.findGroup("staff", NEVER), null);
  });

  it("of a group whose name holds a slash are found among the groups of each account", async () => {
    const { site, requests } = await open((request) => {
      if (request.path.endsWith("/memberof")) {
        const isMember = request.query.get("key") === "key-rita";
        return offsetRows(isMember ? [{ name: "R&D/Platform" }, { name: "staff" }] : [{ name: "staff" }], request);
      }
      if (request.path.endsWith("/groupparent")) return offsetRows([], request);
      if (request.path.endsWith("/api/group"))
        return offsetRows([{ name: "staff" }, { name: "R&D/Platform" }], request);
      return offsetRows([userOf("rita"), userOf("olga")], request);
    });

    const { rows } = await site.readMembers("R&D/Platform", null, { withAccess: true }, NEVER);

    assert.deepEqual(
      rows.map(({ sourceId, hasAccess }) => [sourceId, hasAccess]),
      [["key-rita", true]],
    );
    assert.ok(requests.every(({ path }) => !path.includes("Platform")));
  });

  it("of such a group are told to be out of reach where there are too many accounts to look through", async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => userOf(`user-${index}`));
    const { site } = await open((request) => offsetRows(many, request));

    const failure = await failureOf(site.readMembers("R&D/Platform", null, { withAccess: false }, NEVER));

    assert.equal(failure.code, "source.edition-lacks");
    assert.match(failure.publicMessage, /"R&D\/Platform".*slash.*5000 accounts/);
  });
});
