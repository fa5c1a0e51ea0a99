import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER, scriptedSites, type ScriptedRequest } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();
const SINCE = new Date("2026-01-01T00:00:00.000Z");
const GROUP_ID = "4375f4c3-0000-4000-8000-000000000001";
const AT = Date.UTC(2026, 2, 1);

/** As measured (FACTS §3). */
function record(fields: Record<string, unknown> = {}) {
  return {
    author: { type: "user", displayName: "Petra", accountId: "petra" },
    creationDate: AT,
    summary: "User added to group",
    category: "Users and groups",
    affectedObject: { name: `confluence-users:${GROUP_ID}`, objectType: "Group" },
    changedValues: [],
    associatedObjects: [{ name: "ASP", objectType: "User" }],
    ...fields,
  };
}

const logOf =
  (...records: object[]) =>
  ({ query }: ScriptedRequest) => ({ json: { results: records.slice(Number(query.get("start"))), size: 37 } });

async function firstOf(...records: object[]) {
  const { site } = await open(logOf(...records));
  return (await site.readAuditEvents(SINCE, null, NEVER)).rows;
}

describe("the audit log", () => {
  it("ends only at an empty page, and goes on up to where it was asked for at first", async () => {
    const { site, requests } = await open(logOf(record()));

    const first = await site.readAuditEvents(SINCE, null, NEVER);
    const last = await site.readAuditEvents(SINCE, first.next, NEVER);

    assert.deepEqual([first.rows.length, last], [1, { rows: [], next: null }]);
    assert.deepEqual(
      requests.map(({ query }) => [query.get("start"), query.get("limit"), query.get("startDate")]),
      [
        ["0", "1000", String(SINCE.getTime())],
        ["1", "1000", String(SINCE.getTime())],
      ],
    );
    assert.equal(requests[1]?.query.get("endDate"), requests[0]?.query.get("endDate"));
  });

  it("names a group by its id and its name, which may hold colons itself", async () => {
    const [event] = await firstOf(
      record({ affectedObject: { name: `Partners: North:${GROUP_ID}`, objectType: "Group" } }),
    );

    assert.deepEqual(event?.objects[0], { type: "group", sourceId: GROUP_ID, name: "Partners: North" });
  });

  it("takes no part of a group's name for an id", async () => {
    const [event] = await firstOf(record({ affectedObject: { name: "Partners: North", objectType: "Group" } }));

    assert.deepEqual(event?.objects[0], { type: "group", sourceId: null, name: "Partners: North" });
  });

  it("names people by their display name only", async () => {
    const [event] = await firstOf(record());

    assert.deepEqual(event?.objects[1], { type: "account", sourceId: null, name: "ASP" });
    assert.equal(event?.authorSourceId, "petra");
    assert.equal(event?.change, "member-added");
  });

  it("has no author where the system itself did it", async () => {
    const [system, empty] = await firstOf(
      record({ author: { displayName: "System", accountType: "" } }),
      record({ author: { displayName: "System", accountId: "" } }),
    );

    assert.deepEqual([system?.authorSourceId, empty?.authorSourceId], [null, null]);
  });

  it("names nobody when somebody was deactivated", async () => {
    const [event] = await firstOf(
      record({ summary: "User deactivated", affectedObject: { name: "", objectType: "" }, associatedObjects: [] }),
    );

    assert.deepEqual([event?.change, event?.objects], ["account-changed", []]);
  });

  it("names what was renamed by both of its names", async () => {
    const [event] = await firstOf(
      record({
        summary: "Space configuration updated",
        affectedObject: { name: "Engineering", objectType: "Space" },
        changedValues: [{ name: "Name", oldValue: "Development", newValue: "Engineering" }],
        associatedObjects: [],
      }),
    );

    assert.deepEqual(
      event?.objects.map(({ type, name }) => [type, name]),
      [
        ["space", "Engineering"],
        ["space", "Development"],
      ],
    );
  });

  it("gives a record the same id whenever it is read, and another one to each that says something else", async () => {
    const value = (newValue: string) => record({ changedValues: [{ name: "Type", oldValue: "", newValue }] });

    const once = await firstOf(value("read"), value("create"));
    const again = await firstOf(value("create"), value("read"));

    assert.deepEqual(
      again.map((each) => each.eventId).toReversed(),
      once.map((each) => each.eventId),
    );
    assert.equal(new Set(once.map((each) => each.eventId)).size, 2);
  });

  it("starts again from a cursor that it does not know", async () => {
    const { site } = await open(logOf());

    await assert.rejects(site.readAuditEvents(SINCE, "page-2", NEVER), codeIs("source.cursor-expired"));
  });

  it("is lacking on the Free edition, whoever asks", async () => {
    const { site } = await open(({ path }) =>
      path.endsWith("/systemInfo") ? { json: { edition: "free" } } : { status: 403, json: {} },
    );

    await assert.rejects(site.readAuditEvents(SINCE, null, NEVER), codeIs("source.edition-lacks"));
  });

  for (const [summary, change] of [
    ["Group created", "group-added"],
    ["Group deleted", "group-removed"],
    ["User details updated", "account-changed"],
    ["Global permission added", "product-access"],
    ["Space created", "space-added"],
    ["Space deleted", "space-removed"],
    ["Space permission removed", "space-rights"],
    ["Space logo uploaded", "space-changed"],
    ["Content restriction added", "other"],
  ] as const) {
    it(`takes "${summary}" for ${change}`, async () => {
      const [event] = await firstOf(record({ summary }));

      assert.equal(event?.change, change);
    });
  }
});
