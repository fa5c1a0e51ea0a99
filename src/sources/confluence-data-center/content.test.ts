import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER } from "../testing/scripted-atlassian.ts";
import { offsetRows, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";

const SINCE = new Date("2026-03-01T00:00:00.000Z");
const PAGE = {
  id: "7",
  title: "Q2 close",
  space: { key: "ENG" },
  version: { number: 3, when: "2026-03-02T10:00:00.000Z", by: userOf("rita") },
  history: { createdDate: "2026-03-01T10:00:00.000+0000", createdBy: userOf("olga") },
  _links: { webui: "/pages/viewpage.action?pageId=7" },
};

describe("Content of Data Center", () => {
  const open = scriptedInstances();

  it("tells who made its first and its current version", async () => {
    const { site } = await open((request) => offsetRows([PAGE], request));

    const { rows } = await site.readContent("page", SINCE, null, NEVER);

    assert.deepEqual(
      rows.map(({ eventId, accountSourceId, summary, path }) => [eventId, accountSourceId, summary, path]),
      [
        ["7:1", "key-olga", 'created "Q2 close"', "/pages/viewpage.action?pageId=7"],
        ["7:3", "key-rita", 'edited "Q2 close"', "/pages/viewpage.action?pageId=7"],
      ],
    );
  });

  it("is ordered by the last change where a version cannot order it by its creation, for all types at once", async () => {
    const { site, requests } = await open((request) =>
      request.query.get("cql")?.includes("order by created")
        ? { status: 400, json: { message: "Could not parse cql : cannot order by 'created'" } }
        : offsetRows([PAGE], request),
    );

    const pages = await Promise.all([
      site.readContent("page", SINCE, null, NEVER),
      site.readContent("comment", SINCE, null, NEVER),
    ]);
    const before = requests.length;
    await site.readContent("page", SINCE, pages[0]?.next ?? null, NEVER);

    assert.ok(pages.every(({ rows }) => rows.length === 2));
    assert.equal(requests.length, before + 1);
  });

  it("is refused for any other fault of the query", async () => {
    const { site } = await open(() => ({ status: 400, json: { message: "Could not parse cql" } }));

    await assert.rejects(site.readContent("page", SINCE, null, NEVER), codeIs("source.bad-request"));
  });
});
