import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIs, NEVER, NOT_FOUND, pageOf, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("the members of a group", () => {
  it("are asked for with their access at no further request", async () => {
    const { site, requests } = await open(() =>
      pageOf([{ accountId: "a1", operations: [{ operation: "use", targetType: "application" }] }]),
    );

    const { rows } = await site.readMembers("g/1", null, { withAccess: true }, NEVER);

    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.path, "/site/acme/wiki/rest/api/group/g%2F1/membersByGroupId");
    assert.equal(rows[0]?.hasAccess, true);
  });

  it("are believed to be none only after the group was found", async () => {
    const { site, requests } = await open(({ path }) =>
      path.endsWith("/by-id") ? { json: { id: "g1", name: "empty" } } : pageOf([]),
    );

    assert.deepEqual(await site.readMembers("g1", null, { withAccess: false }, NEVER), { rows: [], next: null });
    assert.equal(requests.length, 2);
  });

  it("need no second request when nobody expects any", async () => {
    const { site, requests } = await open(() => pageOf([]));

    await site.readMembers("g1", null, { withAccess: false, expectsMembers: false }, NEVER);

    assert.equal(requests.length, 1);
  });

  it("are not those of an emptied group when the group is gone", async () => {
    const { site } = await open(({ path }) => (path.endsWith("/by-id") ? NOT_FOUND : pageOf([])));

    await assert.rejects(site.readMembers("g1", null, { withAccess: false }, NEVER), codeIs("source.not-found"));
  });

  it("start again when a removal moved a row past the reader", async () => {
    const { site } = await open(({ query }) =>
      query.get("start") === "0"
        ? pageOf([{ accountId: "a" }, { accountId: "b" }], "/rest/api/group/g1/membersByGroupId?start=2")
        : pageOf([{ accountId: "d" }]),
    );
    const first = await site.readMembers("g1", null, { withAccess: false }, NEVER);

    await assert.rejects(
      site.readMembers("g1", first.next, { withAccess: false }, NEVER),
      codeIs("source.listing-drifted"),
    );
  });
});

describe("groups", () => {
  it("that give Confluence are asked for, never guessed by name", async () => {
    const { site, requests } = await open(() =>
      pageOf([{ id: "g1", name: "people", managedBy: "TEAM_MEMBERS", usageType: "USERBASE_GROUP" }]),
    );

    const { rows } = await site.readProductAccessGroups("admin", null, NEVER);

    assert.equal(requests[0]?.query.get("accessType"), "admin");
    assert.deepEqual(rows, [{ sourceId: "g1", name: "people", managedBy: "team-members", usage: "USERBASE_GROUP" }]);
  });

  it("are null when the source says there is no such group, and a failure when it refuses", async () => {
    const { site } = await open((_, count) => (count === 1 ? NOT_FOUND : { status: 403, json: {} }));

    assert.equal(await site.findGroup("g1", NEVER), null);
    await assert.rejects(site.findGroup("g1", NEVER), codeIs("source.missing-role"));
  });
});
