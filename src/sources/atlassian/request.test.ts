import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CLOUD_ID,
  credential,
  failureOf,
  NEVER,
  openScripted,
  pageOf,
  type ScriptedAnswer,
  scriptedServers,
} from "../testing/scripted-atlassian.ts";

const serve = scriptedServers();
const GROUP = { id: "g1", name: "R&D: a/b" };
const okay = () => pageOf([GROUP]);

describe("where a request goes", () => {
  it("sends a classic API token as basic authentication to the site's own host, below its prefix", async () => {
    const atlassian = await serve(okay);

    await openScripted(atlassian).site.readGroups(null, NEVER);

    assert.equal(atlassian.requests[0]?.path, "/site/acme/wiki/rest/api/group");
    const expected = `Basic ${Buffer.from("petra@example.com:token-1").toString("base64")}`;
    assert.equal(atlassian.requests[0]?.headers.authorization, expected);
  });

  it("sends a scoped API token as basic authentication to the gateway", async () => {
    const atlassian = await serve(okay);

    await openScripted(atlassian, [credential({ kind: "scoped-api-token" })]).site.readGroups(null, NEVER);

    assert.equal(atlassian.requests[0]?.path, `/api/ex/confluence/${CLOUD_ID}/wiki/rest/api/group`);
    assert.match(atlassian.requests[0]?.headers.authorization ?? "", /^Basic /);
  });

  it("sends an OAuth token as bearer to the gateway", async () => {
    const atlassian = await serve(okay);

    const scopes = ["read:confluence-groups"];
    await openScripted(atlassian, [credential({ kind: "oauth", scopes })]).site.readGroups(null, NEVER);

    assert.equal(atlassian.requests[0]?.path, `/api/ex/confluence/${CLOUD_ID}/wiki/rest/api/group`);
    assert.equal(atlassian.requests[0]?.headers.authorization, "Bearer token-1");
  });

  it("sends an organization key as bearer to the admin API", async () => {
    const atlassian = await serve(() => ({ json: { data: [], links: {} } }));

    const site = openScripted(atlassian, [credential({ kind: "organization-key" })], { organizationId: "org-1" }).site;
    await site.readOrganizationGroups(null, NEVER);

    assert.equal(atlassian.requests[0]?.path, "/api/admin/v2/orgs/org-1/directories/-/groups/search");
    assert.equal(atlassian.requests[0]?.headers.authorization, "Bearer token-1");
  });
});

describe("a refused token", () => {
  const unauthorized: ScriptedAnswer = { status: 401, text: "Unauthorized" };

  it("is renewed once and the request repeated, though the 401 is plain text", async () => {
    const atlassian = await serve((_, count) => (count === 1 ? unauthorized : okay()));
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"] });

    const { rows } = await openScripted(atlassian, [grant]).site.readGroups(null, NEVER);

    assert.equal(rows.length, 1);
    assert.deepEqual(grant.renewals, ["token-1"]);
    assert.equal(atlassian.requests[1]?.headers.authorization, "Bearer token-2");
  });

  it("fails when the renewed one is refused too", async () => {
    const atlassian = await serve(() => ({ status: 401, json: { code: 401, message: "Unauthorized" } }));
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"] });

    const failure = await failureOf(openScripted(atlassian, [grant]).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.unauthorized");
    assert.equal(grant.renewals.length, 1);
    assert.equal(atlassian.requests.length, 2);
  });

  it("fails at once for an API token, naming whose it is and never the token", async () => {
    const atlassian = await serve(() => unauthorized);

    const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.unauthorized");
    assert.match(failure.publicMessage, /petra@example\.com/);
    assert.doesNotMatch(JSON.stringify([failure.message, failure.publicMessage, failure.fix]), /token-1/);
    assert.equal(atlassian.requests.length, 1);
  });

  it("is exchanged for the one that replaced it, when an API token was rotated in between", async () => {
    const atlassian = await serve((_, count) => (count === 1 ? unauthorized : okay()));
    const rotated = credential({ kind: "api-token", renew: () => Promise.resolve("token-of-today") });

    await openScripted(atlassian, [rotated]).site.readGroups(null, NEVER);

    const expected = `Basic ${Buffer.from("petra@example.com:token-of-today").toString("base64")}`;
    assert.equal(atlassian.requests[1]?.headers.authorization, expected);
  });

  it("is taken for a missing scope, without a refresh, when the body says so", async () => {
    const body = { code: 401, message: "Unauthorized; scope does not match" };
    const atlassian = await serve(() => ({ status: 401, json: body }));
    const grant = credential({ kind: "oauth", scopes: null });

    const failure = await failureOf(openScripted(atlassian, [grant]).site.readGroups(null, NEVER));

    assert.equal(failure.code, "source.missing-scope");
    assert.equal(failure.capability, "roster");
    assert.match(failure.fix, /read:group:confluence|read:confluence-groups/);
    assert.deepEqual(grant.renewals, []);
  });
});

describe("requests", () => {
  it("stop when they are told to, also while they wait", async () => {
    const stopper = new AbortController();
    const atlassian = await serve(() => {
      stopper.abort(new Error("canceled by Petra"));
      return okay();
    });

    await assert.rejects(openScripted(atlassian).site.readGroups(null, stopper.signal), /canceled by Petra/);
    await assert.rejects(openScripted(atlassian).site.readGroups(null, stopper.signal), /canceled by Petra/);
  });

  it("stop when the site is closed", async () => {
    const atlassian = await serve(okay);
    const { site } = openScripted(atlassian);
    await site.readGroups(null, NEVER);

    site.close();

    await assert.rejects(site.readGroups(null, NEVER), /closed/);
  });

  it("count the points of the OAuth quota, and none with an API token", async () => {
    const atlassian = await serve(() => pageOf([GROUP, { id: "g2", name: "h" }]));
    const withGrant = openScripted(atlassian, [credential({ kind: "oauth", scopes: ["read:confluence-groups"] })]);
    const withToken = openScripted(atlassian);

    await withGrant.site.readGroups(null, NEVER);
    await withToken.site.readGroups(null, NEVER);

    assert.deepEqual(
      [...withGrant.events, ...withToken.events].map((each) => (each.kind === "request" ? each.points : null)),
      [5, 0],
    );
  });

  it("never tell more than the path's template to whoever observes", async () => {
    const atlassian = await serve(() => pageOf([]));
    const { site, events } = openScripted(atlassian);

    await site.readSpacePermissions("12345", null, NEVER);

    assert.equal(events[0]?.kind === "request" && events[0].endpoint, "GET /wiki/api/v2/spaces/{id}/permissions");
  });

  it("go to the next credential when the first turns out not to serve a listing", async () => {
    const atlassian = await serve(({ path }) =>
      path.startsWith("/site/") ? { status: 403, json: { message: "PermissionException" } } : okay(),
    );
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"] });
    const { site } = openScripted(atlassian, [credential({ kind: "api-token" }), grant]);

    await site.readGroups(null, NEVER);
    await site.readGroups(null, NEVER);

    const hosts = atlassian.requests.map(({ path }) => path.split("/")[1]);
    assert.deepEqual(hosts, ["site", "api", "api"]);
  });

  it("never go on from a cursor with another credential than the one that began the listing", async () => {
    const next = "/wiki/api/v2/spaces?cursor=abc";
    const space = { id: "1", key: "ENG", name: "Engineering", type: "global", status: "current" };
    const atlassian = await serve(({ path, query }) =>
      path.startsWith("/site/") && query.has("cursor") ? { status: 403, json: {} } : pageOf([space], next),
    );
    const grant = credential({ kind: "oauth", scopes: ["read:space:confluence"] });
    const { site } = openScripted(atlassian, [credential({ kind: "api-token" }), grant]);
    const first = await site.readSpaces(null, NEVER);

    const failure = await failureOf(site.readSpaces(first.next, NEVER));
    await site.readSpaces(null, NEVER);

    assert.equal(failure.code, "source.cursor-expired");
    const hosts = atlassian.requests.map(({ path }) => path.split("/")[1]);
    assert.deepEqual(hosts, ["site", "site", "api"]);
  });
});
