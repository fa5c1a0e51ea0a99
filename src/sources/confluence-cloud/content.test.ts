import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NEVER, pageOf, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("content", () => {
  const since = new Date("2026-03-01T10:30:30.000Z");
  const page = (id: string, when: string, by: unknown, number = 2) => ({
    id,
    title: "Q2 close",
    space: { key: "FIN" },
    version: { number, when, by },
    history: {
      createdDate: "2026-02-01T00:00:00.000Z",
      createdBy: { accountId: "author" },
      lastUpdated: { when: "2026-03-03T00:00:00.000Z", by: { accountId: "somebody else" } },
    },
    _links: { webui: "/spaces/FIN/pages/1" },
  });

  it("says who and when from the version, wherever the account's time zone is", async () => {
    const { site, requests } = await open(() =>
      pageOf([
        page("1", "2026-03-02T00:00:00.000Z", { accountId: "a1" }),
        page("2", "2026-03-01T10:30:00.000Z", { accountId: "a1" }),
        page("3", "2026-03-02T00:00:00.000Z", { accountId: null }),
        page("4", "2026-03-02T00:00:00.000Z", { accountId: "a2" }, 1),
      ]),
    );

    const { rows } = await site.readContent("page", since, null, NEVER);

    assert.match(
      requests[0]?.query.get("cql") ?? "",
      /^type = page and lastmodified >= "2026-02-28 22:30" order by created/,
    );
    assert.deepEqual(
      rows.map(({ eventId, summary, path }) => [eventId, summary, path]),
      [
        ["1:2", 'edited "Q2 close"', "/wiki/spaces/FIN/pages/1"],
        ["4:1", 'created "Q2 close"', "/wiki/spaces/FIN/pages/1"],
      ],
    );
    assert.equal(rows[0]?.occurredAt.toISOString(), "2026-03-02T00:00:00.000Z");
  });

  it("counts who created an item that somebody else changed since, each at its own instant", async () => {
    const created = {
      ...page("1", "2026-03-05T00:00:00.000Z", { accountId: "editor" }),
      history: { createdDate: "2026-03-02T00:00:00.000Z", createdBy: { accountId: "author" } },
    };
    const { site } = await open(() => pageOf([created]));

    const { rows } = await site.readContent("page", since, null, NEVER);

    assert.deepEqual(
      rows.map(({ eventId, accountSourceId, summary }) => [eventId, accountSourceId, summary]),
      [
        ["1:1", "author", 'created "Q2 close"'],
        ["1:2", "editor", 'edited "Q2 close"'],
      ],
    );
  });
});

describe("deleted spaces", () => {
  const since = new Date("2026-03-01T00:00:00.000Z");
  const spaces = [
    { sourceId: "7", key: "ENG", name: "Engineering" },
    { sourceId: "8", key: "OPS", name: "Operations" },
  ];
  const creationDate = Date.parse("2026-11-01T09:00:00.000Z");
  const record = {
    creationDate,
    summary: "Space deleted",
    affectedObject: { name: "Engineering", objectType: "Space" },
  };

  it("are read from the audit log to its empty page, though a page says a larger size and no next", async () => {
    const { site, requests } = await open((_, count) => {
      const results =
        count === 1
          ? [{ creationDate, summary: "Space created", affectedObject: { name: "Operations", objectType: "Space" } }]
          : count === 2
            ? [record]
            : [];
      return { json: { results, size: 37, _links: {} } };
    });

    assert.deepEqual(await site.findDeletedSpaces(spaces, since, NEVER), new Set(["7"]));
    assert.deepEqual(
      requests.map(({ query }) => query.get("start")),
      ["0", "1", "2"],
    );
  });

  it("are not known without an audit log", async () => {
    const { site } = await open(() => ({ status: 403, json: {} }));

    assert.equal(await site.findDeletedSpaces(spaces, since, NEVER), null);
  });
});
