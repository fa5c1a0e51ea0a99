import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER } from "../testing/scripted-atlassian.ts";
import { scriptedInstances } from "../testing/scripted-data-center.ts";

const SINCE = new Date("2026-03-01T00:00:00.000Z");

const event = (
  at: string,
  actionI18nKey: string,
  affectedObjects: object[],
  author: object = { id: "key-petra", type: "user" },
) => ({
  timestamp: at,
  author,
  type: { actionI18nKey, action: "in the server's language" },
  affectedObjects,
});

const SUMMARY = "audit.logging.summary";
const RITA = { name: "Rita", type: "User", id: "key-rita" };
const STAFF = { name: "staff", type: "Group", id: "4711" };
const ENG = { name: "Engineering", type: "Space", id: "11" };

describe("The audit log of Data Center", () => {
  const open = scriptedInstances();

  it("pages by a cursor of milliseconds and id, and ends at its last page", async () => {
    const { site, requests } = await open((request) => {
      const isSecond = request.query.get("pageCursor") === "1772496000000,7";
      const nextPageLink = `http://wiki.internal/confluence/rest/auditing/1.0/events?pageCursor=1772496000000%2C7`;
      return isSecond
        ? {
            json: {
              entities: [event("2026-03-01T10:00:00Z", `${SUMMARY}.group.created`, [STAFF])],
              pagingInfo: { lastPage: true, nextPageCursor: "x" },
            },
          }
        : {
            json: {
              entities: [event("2026-03-02T10:00:00Z", `${SUMMARY}.user.created`, [RITA])],
              pagingInfo: { lastPage: false, nextPageCursor: "1772496000000,7", nextPageLink },
            },
          };
    });

    const first = await site.readAuditEvents(SINCE, null, NEVER);
    const second = await site.readAuditEvents(SINCE, first.next, NEVER);

    assert.deepEqual(
      [first.rows[0]?.change, second.rows[0]?.change, second.next],
      ["account-added", "group-added", null],
    );
    assert.equal(requests[0]?.query.get("from"), SINCE.toISOString());
  });

  it("tells changes by keys that no language changes, and names what it names by our ids", async () => {
    const changes = [
      event("2026-03-02T10:00:00Z", `${SUMMARY}.group.membership.added`, [STAFF, RITA]),
      event("2026-03-02T09:00:00Z", `${SUMMARY}.space.permission.added`, [ENG, STAFF]),
      event("2026-03-02T08:00:00Z", `${SUMMARY}.global.permission.removed`, [STAFF]),
      event("2026-03-02T07:00:00Z", `${SUMMARY}.search.performed`, [], { id: "-1", type: "system" }),
      event("2026-03-02T06:00:00Z", "User added to group", [STAFF]),
      event("2026-03-02T05:00:00Z", `${SUMMARY}.user.logout`, [RITA]),
    ];
    const { site } = await open(() => ({ json: { entities: changes, pagingInfo: { lastPage: true } } }));

    const { rows } = await site.readAuditEvents(SINCE, null, NEVER);
    const again = await site.readAuditEvents(SINCE, null, NEVER);

    assert.deepEqual(
      rows.map(({ change }) => change),
      ["member-added", "space-rights", "product-access", "other", "member-added", "other"],
    );
    assert.deepEqual(rows[0]?.objects, [
      { type: "group", sourceId: "staff", name: "staff" },
      { type: "account", sourceId: "key-rita", name: "Rita" },
    ]);
    assert.deepEqual(
      rows.map(({ authorSourceId }) => authorSourceId),
      ["key-petra", "key-petra", "key-petra", null, "key-petra", "key-petra"],
    );
    assert.deepEqual(again.rows, rows);
    assert.equal(new Set(rows.map(({ eventId }) => eventId)).size, rows.length);
  });

  it("leaves out that the log was read: whoever reads it here would be an administrator at work", async () => {
    const read = "atlassian.audit.event.action.audit.search";
    const entities = [
      event("2026-03-02T10:00:00Z", read, []),
      { ...event("2026-03-02T09:00:00Z", "", []), type: { action: "Audit Log search performed" } },
      event("2026-03-02T08:00:00Z", `${SUMMARY}.group.created`, [STAFF]),
    ];
    const { site } = await open(() => ({ json: { entities, pagingInfo: { lastPage: true } } }));

    const { rows } = await site.readAuditEvents(SINCE, null, NEVER);

    assert.deepEqual(
      rows.map(({ change }) => change),
      ["group-added"],
    );
  });

  it("tells which of the spaces that vanished were deleted, or that nothing is known", async () => {
    const gone = { sourceId: "11", key: "ENG", name: "Engineering" };
    const hidden = { sourceId: "12", key: "OLD", name: "Old" };
    const events = [event("2026-03-02T10:00:00Z", `${SUMMARY}.space.removed`, [ENG])];
    const told = await open(() => ({ json: { entities: events, pagingInfo: { lastPage: true } } }));
    const refused = await open(() => ({ status: 403, json: {} }));

    assert.deepEqual(await told.site.findDeletedSpaces([gone, hidden], SINCE, NEVER), new Set(["11"]));
    assert.equal(await refused.site.findDeletedSpaces([gone], SINCE, NEVER), null);
    await assert.rejects(refused.site.readAuditEvents(SINCE, null, NEVER), codeIs("source.missing-role"));
  });
});
