import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CLOUD_ID,
  credential,
  NEVER,
  pageOf,
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedSites,
} from "../testing/scripted-atlassian.ts";

const openSite = scriptedSites();
const KEY = credential({ kind: "organization-key" });
const TOKEN = credential({ kind: "api-token" });

/** A site with groups that give Confluence and one that administers it; the credential's account is `a1`. */
function siteWhere(own: readonly string[], managedBy = "ADMINS") {
  return ({ path, query }: ScriptedRequest): ScriptedAnswer => {
    if (path.endsWith("/user/current")) return { json: { accountId: "a1" } };
    if (path.endsWith("/user/memberof")) return pageOf(own.map((id) => ({ id, name: id })));
    if (query.get("accessType") === "site-admin") return pageOf([{ id: "site-admins", name: "site-admins" }]);
    if (path.endsWith("/directories")) return { json: { data: [{ directoryId: "d1" }] } };
    return pageOf([{ id: "g1", name: "confluence-users-acme", managedBy }]);
  };
}

const outcomesOf = (probes: readonly { name: string; outcome: string }[]) =>
  Object.fromEntries(probes.map(({ name, outcome }) => [name, outcome]));

describe("the probes of reclaim", () => {
  it("pass for a site admin, and change nothing", async () => {
    const { site, requests } = await openSite(siteWhere(["site-admins"]), [TOKEN, KEY], { organizationId: "o1" });

    const probes = await site.probe("reclaim", NEVER);

    assert.deepEqual(outcomesOf(probes), {
      "Right to change groups": "passed",
      "Groups that give Confluence can be changed": "passed",
      "Suspension in the directory": "passed",
    });
    assert.ok(requests.every(({ method }) => method === "GET"));
  });

  it("warn of an account that administers nothing, and of groups that an identity provider manages", async () => {
    const { site } = await openSite(siteWhere(["others"], "EXTERNAL"));

    const probes = await site.probe("reclaim", NEVER);

    assert.deepEqual(outcomesOf(probes), {
      "Right to change groups": "warning",
      "Groups that give Confluence can be changed": "warning",
      "Suspension in the directory": "not-checked",
    });
    assert.match(probes[0]?.fix ?? "", /site admin/);
    assert.match(probes[1]?.detail ?? "", /"confluence-users-acme"/);
  });

  it("fail for a grant without the scope, which they name", async () => {
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"] });
    const { site, requests } = await openSite(siteWhere([]), [grant]);

    const [right] = await site.probe("reclaim", NEVER);

    assert.equal(right?.outcome, "failed");
    assert.match(right?.fix ?? "", /write:confluence-groups/);
    assert.ok(requests.every(({ path }) => !path.endsWith("/user/current")));
  });

  it("leave a key with scopes for reading unable to write", async () => {
    const readOnly = credential({ kind: "organization-key", scopes: ["read:directories:admin", "read:groups:admin"] });
    const { site } = await openSite(siteWhere([]), [TOKEN, readOnly], { organizationId: "o1" });

    const probes = await site.probe("reclaim", NEVER);

    assert.equal(outcomesOf(probes)["Suspension in the directory"], "warning");
    assert.match(probes[2]?.fix ?? "", /without scopes/);
  });
});

describe("the latest use of an account", () => {
  const SINCE = new Date("2026-01-01T00:00:00.000Z");
  const version = (accountId: string, when: string) => ({ number: 3, when, by: { accountId } });
  const history = { createdDate: "2025-01-01T00:00:00.000Z", createdBy: { accountId: "a1" } };

  it("is what it changed itself and when it last viewed the site, each from its own source", async () => {
    const own = {
      id: `ari:cloud:confluence::site/${CLOUD_ID}`,
      key: "confluence",
      lastActiveTimestamp: "2026-03-03T00:00:00Z",
    };
    const { site, requests } = await openSite(
      ({ path }) =>
        path.endsWith("/users/search")
          ? { json: { data: [{ accountId: "a1", productAccess: [own] }] } }
          : pageOf([
              { id: "2", version: version("a2", "2026-03-02T00:00:00.000Z"), history },
              { id: "1", version: version("a1", "2026-02-02T00:00:00.000Z"), history },
            ]),
      [TOKEN, KEY],
      { organizationId: "o1" },
    );

    const uses = await site.readLatestUse?.("a1", SINCE, NEVER);

    assert.deepEqual(uses, [
      { kind: "contributed", source: "content-search", at: new Date("2026-02-02T00:00:00.000Z") },
      { kind: "viewed", source: "organization", at: new Date("2026-03-03T00:00:00.000Z") },
    ]);
    const cql = requests.find(({ path }) => path.endsWith("/content/search"))?.query.get("cql");
    // CQL knows minutes in the time zone of the site, at most 12 hours west of UTC.
    assert.equal(cql, 'contributor = "a1" and lastmodified >= "2025-12-31 12:00" order by lastmodified desc');
  });

  it("is nothing where somebody else changed what it once made, or before the day that is asked for", async () => {
    const { site } = await openSite(() =>
      pageOf([
        { id: "2", version: version("a2", "2026-03-02T00:00:00.000Z"), history },
        { id: "1", version: version("a1", "2025-12-31T18:00:00.000Z"), history },
      ]),
    );

    assert.deepEqual(await site.readLatestUse?.("a1", SINCE, NEVER), []);
  });
});

describe("what the organization says is owned", () => {
  it("is the capacity of the site's own workspace, and nothing where it is not told", async () => {
    const workspaces = (capacity?: number) => ({
      json: {
        data: [
          { id: "ari:cloud:confluence::site/another", attributes: { capacity: 7 } },
          { id: `ari:cloud:confluence::site/${CLOUD_ID}`, attributes: { capacity } },
        ],
      },
    });
    const { site } = await openSite(() => workspaces(4_000), [TOKEN, KEY], { organizationId: "o1" });
    const { site: untold } = await openSite(() => workspaces(), [TOKEN, KEY], { organizationId: "o1" });
    const { site: keyless } = await openSite(() => workspaces(4_000), [TOKEN]);

    assert.deepEqual(await site.writer?.readLicense(NEVER), {
      seats: 4_000,
      usedSeats: null,
      expiresAt: null,
      maintenanceExpiresAt: null,
      origin: "organization",
    });
    assert.equal(await untold.writer?.readLicense(NEVER), null);
    assert.equal(await keyless.writer?.readLicense(NEVER), null);
  });
});
