import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { credential, NEVER, pageOf, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("accounts", () => {
  it("include guests, apps and customers, and read what privacy hides as null", async () => {
    const users = [
      { accountId: "a1", accountType: "atlassian", email: "", publicName: "Ada", displayName: "Ada", isGuest: true },
      {
        accountId: "a2",
        accountType: "app",
        email: null,
        operations: [{ operation: "use", targetType: "application" }],
      },
      { accountId: "a3", accountType: "", operations: [] },
      { type: "anonymous", displayName: "Anonymous" },
    ];
    const { site, requests } = await open(() => pageOf(users.map((user) => ({ user }))));

    const { rows } = await site.readAccounts(null, NEVER);

    assert.equal(requests[0]?.query.get("sitePermissionTypeFilter"), "all");
    assert.deepEqual(
      rows.map(({ sourceId, accountType, email, isGuest, hasAccess }) => [
        sourceId,
        accountType,
        email,
        isGuest,
        hasAccess,
      ]),
      [
        ["a1", "atlassian", null, true, null],
        ["a2", "app", null, null, true],
        ["a3", "unknown", null, null, false],
      ],
    );
  });

  it("end on the API's own mark, though totalSize equals the page", async () => {
    const { site } = await open(({ query }) => {
      const start = Number(query.get("start"));
      const results = start === 0 ? ["a", "b"] : ["b", "c"];
      const json = { results: results.map((accountId) => ({ user: { accountId } })), totalSize: 2 };
      return { json: { ...json, _links: start === 0 ? { next: "/rest/api/search/user?start=200&limit=200" } : {} } };
    });

    const first = await site.readAccounts(null, NEVER);
    const second = await site.readAccounts(first.next, NEVER);

    assert.deepEqual(
      [...first.rows, ...second.rows].map(({ sourceId }) => sourceId),
      ["a", "b", "c"],
    );
    assert.equal(second.next, null);
  });

  it("come by id with their status, and those the source does not know are left out", async () => {
    const { site, requests } = await open(() =>
      pageOf([{ accountId: "a1", accountStatus: "inactive", accountType: "atlassian", email: "" }]),
    );

    const accounts = await site.readAccountsById(["a1", "a2"], NEVER);

    assert.deepEqual(requests[0]?.body, { accountIds: ["a1", "a2"] });
    assert.deepEqual(
      accounts.map(({ sourceId, status, origin }) => [sourceId, status, origin]),
      [["a1", "inactive", "users-bulk"]],
    );
  });

  it("come by id without their status when the grant has classic scopes only", async () => {
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-user"] });
    const { site, requests } = await open(() => pageOf([{ accountId: "a1" }]), [grant]);

    const accounts = await site.readAccountsById(["a1", "a2"], NEVER);

    assert.match(requests[0]?.path ?? "", /\/wiki\/rest\/api\/user\/bulk$/);
    assert.deepEqual(requests[0]?.query.getAll("accountId"), ["a1", "a2"]);
    assert.deepEqual(
      accounts.map(({ status }) => status),
      [null],
    );
  });
});
