import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER } from "../testing/scripted-atlassian.ts";
import { NOT_FOUND_IN_DATA_CENTER, offsetRows, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";
import type { Cursor, Page } from "../source.ts";

const NAMES = Array.from({ length: 7 }, (_, index) => `user-${index}`);

describe("Accounts of Data Center", () => {
  const open = scriptedInstances();

  it("come whole when pages are capped and the next link counts what was asked for", async () => {
    const { site, requests } = await open((request) =>
      offsetRows(
        NAMES.map((name) => userOf(name)),
        request,
        3,
      ),
    );

    const accounts = await readAll((cursor) => site.readAccounts(cursor, NEVER));

    assert.deepEqual(
      accounts.map(({ sourceId }) => sourceId),
      NAMES.map((name) => `key-${name}`),
    );
    const starts = requests.filter(({ path }) => path.endsWith("/user/list")).map(({ query }) => query.get("start"));
    assert.deepEqual(starts, ["0", "2", "4", "6"]);
  });

  it("begin anew when one was removed in mid-listing", async () => {
    const { site } = await open((request, count) =>
      request.path.endsWith("/user/list")
        ? offsetRows(
            NAMES.slice(count > 1 ? 1 : 0).map((name) => userOf(name)),
            request,
            3,
          )
        : offsetRows([], request),
    );
    const first = await site.readAccounts(null, NEVER);

    await assert.rejects(site.readAccounts(first.next, NEVER), codeIs("source.listing-drifted"));
  });

  it("say whom the license counts and who is deactivated", async () => {
    const { site } = await open((request) =>
      request.path.endsWith("/list/active")
        ? offsetRows([userOf("rita")], request)
        : offsetRows([userOf("rita", { status: "current" }), userOf("olga", { status: "deactivated" })], request),
    );

    const { rows } = await site.readAccounts(null, NEVER);

    assert.deepEqual(
      rows.map(({ sourceId, status, hasAccess, email }) => ({ sourceId, status, hasAccess, email })),
      [
        { sourceId: "key-rita", status: "active", hasAccess: true, email: null },
        { sourceId: "key-olga", status: "inactive", hasAccess: false, email: null },
      ],
    );
  });

  it("leave open whom the license counts where that may not be read", async () => {
    const { site } = await open((request) =>
      request.path.endsWith("/list/active") ? { status: 403, json: {} } : offsetRows([userOf("rita")], request),
    );

    const { rows } = await site.readAccounts(null, NEVER);

    assert.deepEqual(
      rows.map(({ hasAccess }) => hasAccess),
      [null],
    );
  });

  it("are looked up by their keys, without those that nobody has", async () => {
    const { site } = await open(({ query }) =>
      query.get("key") === "key-rita" ? { json: userOf("rita", { status: "current" }) } : NOT_FOUND_IN_DATA_CENTER,
    );

    const accounts = await site.readAccountsById(["key-rita", "key-nobody"], NEVER);

    assert.deepEqual(
      accounts.map(({ sourceId, status }) => [sourceId, status]),
      [["key-rita", "active"]],
    );
  });
});

async function readAll<Row>(readPage: (cursor: Cursor) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: Cursor = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page: Page<Row> = await readPage(cursor);
    rows.push(...page.rows);
    cursor = page.next;
  }
  return rows;
}
