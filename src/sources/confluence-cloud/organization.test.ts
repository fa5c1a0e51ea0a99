import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CLOUD_ID, codeIs, credential, NEVER, scriptedSites } from "../testing/scripted-atlassian.ts";

const open = scriptedSites();

describe("the organization", () => {
  const key = credential({ kind: "organization-key" });

  it("tells of everybody's last activity on this site, department and groups", async () => {
    const account = {
      accountId: "a1",
      accountStatus: "active",
      membershipStatus: "suspended",
      claimStatus: "managed",
      department: "Finance",
      groups: [{ id: "ari:cloud:identity::group/g1" }],
      productAccess: [
        { id: "ari:cloud:confluence::site/other", key: "confluence", lastActiveTimestamp: "2026-01-01T00:00:00Z" },
        {
          id: `ari:cloud:confluence::site/${CLOUD_ID}`,
          key: "confluence",
          lastActiveTimestamp: "2026-02-01T00:00:00.1Z",
        },
      ],
    };
    const { site, requests } = await open(
      ({ body }) => {
        const hasCursor = typeof body === "object" && body !== null && "cursor" in body;
        return { json: { data: [account], links: hasCursor ? {} : { next: "abc" } } };
      },
      [key],
      { organizationId: "org-1" },
    );

    const first = await site.readOrganizationAccounts(null, NEVER);
    const second = await site.readOrganizationAccounts(first.next, NEVER);

    assert.deepEqual(requests[1]?.body, { limit: 100, expand: ["productAccess", "groups"], cursor: "abc" });
    assert.equal(second.next, null);
    const [row] = first.rows;
    assert.deepEqual(
      [row?.isSuspended, row?.isManaged, row?.department, row?.groupSourceIds],
      [true, true, "Finance", ["g1"]],
    );
    assert.equal(row?.productAccess?.lastActiveAt?.toISOString(), "2026-02-01T00:00:00.100Z");
  });

  it("is found by the key when it is not known, among several by the site it holds", async () => {
    const { site, requests } = await open(
      ({ path }) => {
        if (path.endsWith("/v1/orgs")) return { json: { data: [{ id: "org-1" }, { id: "org-2" }] } };
        if (path.endsWith("/org-1/workspaces")) return { json: { data: [{ id: "ari:cloud:confluence::site/other" }] } };
        if (path.endsWith("/org-2/workspaces"))
          return { json: { data: [{ id: `ari:cloud:confluence::site/${CLOUD_ID}` }] } };
        return {
          json: { data: [{ id: "g1", name: "people", managedBy: "external", counts: { users: 3 } }], links: {} },
        };
      },
      [key],
    );

    const { rows } = await site.readOrganizationGroups(null, NEVER);

    assert.deepEqual(rows, [{ sourceId: "g1", name: "people", managedBy: "external", memberCount: 3 }]);
    assert.match(requests.at(-1)?.path ?? "", /org-2/);
  });

  it("has to be named for a key with scopes, which is told of none", async () => {
    const { site } = await open(() => ({ json: { data: [] } }), [key]);

    await assert.rejects(site.readOrganizationAccounts(null, NEVER), codeIs("source.not-found"));
  });
});
