import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER, NOT_FOUND, pageOf, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("spaces", () => {
  const space = {
    id: 7,
    key: "ENG",
    name: "Engineering",
    type: "whatever_comes",
    status: "archived",
    homepageId: null,
    createdAt: "2025-11-06T23:07:29.936941226Z",
  };

  it("page by the cursor of the next link, below our own prefix", async () => {
    const { site, requests } = await open((_, count) =>
      count === 1 ? pageOf([space], "/wiki/api/v2/spaces?limit=250&cursor=abc") : pageOf([{ ...space, id: "8" }]),
    );

    const first = await site.readSpaces(null, NEVER);
    const second = await site.readSpaces(first.next, NEVER);

    assert.deepEqual(
      requests.map(({ path, query }) => [path, query.get("cursor"), query.get("limit")]),
      [
        ["/site/acme/wiki/api/v2/spaces", null, "250"],
        ["/site/acme/wiki/api/v2/spaces", "abc", "250"],
      ],
    );
    assert.deepEqual(
      [...first.rows, ...second.rows].map(({ sourceId }) => sourceId),
      ["7", "8"],
    );
    assert.equal(first.rows[0]?.createdAt?.toISOString(), "2025-11-06T23:07:29.936Z");
    assert.equal(first.rows[0]?.type, "whatever_comes");
  });

  it("are started again when the source no longer knows the cursor", async () => {
    const { site } = await open((_, count) =>
      count === 1
        ? pageOf([space], "/wiki/api/v2/spaces?cursor=abc")
        : { status: 400, json: { errors: [{ code: "INVALID_REQUEST_PARAMETER" }] } },
    );
    const first = await site.readSpaces(null, NEVER);

    await assert.rejects(site.readSpaces(first.next, NEVER), codeIs("source.cursor-expired"));
  });

  it("never follow a next link to another host", async () => {
    const { site, requests } = await open(() =>
      pageOf([space], "https://evil.example.com/wiki/api/v2/spaces?cursor=x"),
    );

    await assert.rejects(site.readSpaces(null, NEVER), codeIs("source.foreign-link"));
    assert.equal(requests.length, 1);
  });

  it("are null when they are gone or hidden", async () => {
    const { site } = await open(() => NOT_FOUND);

    assert.equal(await site.findSpace("7", NEVER), null);
  });

  it("tell of access classes and unknown operations in one spelling", async () => {
    const { site } = await open(() =>
      pageOf([
        {
          id: 1,
          principal: { type: "access-class", id: "ALL_LICENSED_USERS" },
          operation: { key: "read", targetType: "space" },
        },
        { id: "2", principal: { type: "group", id: "g1" }, operation: { key: "manage_users", targetType: "space" } },
      ]),
    );

    const { rows } = await site.readSpacePermissions("7", null, NEVER);

    assert.deepEqual(
      rows.map(({ sourceId, principalType, principalId, operationKey }) => [
        sourceId,
        principalType,
        principalId,
        operationKey,
      ]),
      [
        ["1", "access-class", "all-licensed-users", "read"],
        ["2", "group", "g1", "manage_users"],
      ],
    );
  });

  it("tell of role assignments in the same spelling", async () => {
    const principal = { principalType: "ACCESS_CLASS", principalId: "all-licensed-users" };
    const { site } = await open(() => pageOf([{ principal, roleId: "r1" }]));

    const { rows } = await site.readRoleAssignments("7", null, NEVER);

    assert.deepEqual(rows, [{ principalType: "access-class", principalId: "all-licensed-users", roleSourceId: "r1" }]);
  });
});
