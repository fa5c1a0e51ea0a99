import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Change } from "../../model/changes.ts";
import type { SiteSource, SiteWriter } from "../source.ts";
import {
  CLOUD_ID,
  credential,
  failureOf,
  NEVER,
  pageOf,
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedSites,
} from "../testing/scripted-atlassian.ts";

const openSite = scriptedSites();
const REMOVE: Change = { kind: "remove-member", groupSourceId: "g1", accountSourceId: "a1" };
const ADD: Change = { kind: "add-member", groupSourceId: "g1", accountSourceId: "a1" };
const KEY = credential({ kind: "organization-key" });
const OPEN_GROUP = { id: "g1", name: "confluence-users-acme", managedBy: "ADMINS" };

function writerOf({ writer }: SiteSource): SiteWriter {
  assert.ok(writer);
  return writer;
}

const isChange = ({ method, path }: ScriptedRequest) => method !== "GET" && !path.endsWith("/search");

describe("a membership change with a credential of the site", () => {
  it("removes by one DELETE that names group and account", async () => {
    // Spec V1, DELETE /wiki/rest/api/group/userByGroupId: "204 Returned if the group was removed successfully".
    const { site, requests } = await openSite(() => ({ status: 204, text: "" }));

    await writerOf(site).make(REMOVE, NEVER);

    assert.equal(requests.length, 1);
    const [sent] = requests;
    assert.equal(`${sent?.method} ${sent?.path}`, "DELETE /site/acme/wiki/rest/api/group/userByGroupId");
    assert.deepEqual(Object.fromEntries(sent?.query ?? []), { groupId: "g1", accountId: "a1" });
    assert.equal(sent?.headers["x-atlassian-token"], "no-check");
  });

  it("adds by one POST with the account in its body", async () => {
    // Spec V1, POST: "201 Returned if the group was created successfully", with no body.
    const { site, requests } = await openSite(() => ({ status: 201, text: "" }));

    await writerOf(site).make(ADD, NEVER);

    assert.deepEqual(requests[0]?.body, { accountId: "a1" });
    assert.deepEqual(Object.fromEntries(requests[0]?.query ?? []), { groupId: "g1" });
  });

  it("goes through the gateway with a grant, and costs one point", async () => {
    const grant = credential({ kind: "oauth", scopes: ["write:confluence-groups"] });
    const { site, requests, events } = await openSite(() => ({ status: 204, text: "" }), [grant]);

    await writerOf(site).make(REMOVE, NEVER);

    assert.equal(requests[0]?.path, `/api/ex/confluence/${CLOUD_ID}/wiki/rest/api/group/userByGroupId`);
    // FACTS §8: "writes flat 1".
    assert.deepEqual(
      events.flatMap((each) => (each.kind === "request" ? [each.points] : [])),
      [1],
    );
  });
});

describe("a change is sent once", () => {
  const unclear: Record<string, ScriptedAnswer> = {
    "a 500": { status: 500, json: { message: "oops" } },
    "a 502": { status: 502, text: "Bad Gateway" },
    "a 503 that says when to come back": { status: 503, headers: { "retry-after": "5" }, json: {} },
    "a 504": { status: 504, text: "Gateway Timeout" },
    "a dropped connection": { drop: "before" },
    "a connection dropped in the body": { status: 201, json: { id: "g1", name: "a name" }, drop: "in-body" },
    "a page for people": { status: 200, headers: { "content-type": "text/html" }, text: "<html>Welcome</html>" },
  };
  for (const [name, answer] of Object.entries(unclear)) {
    it(`so that after ${name} nobody knows whether it was made, and it is not sent again`, async () => {
      const { site, requests } = await openSite(() => answer);

      const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

      assert.equal(failure.code, "source.uncertain");
      assert.equal(requests.length, 1);
    });
  }

  it("so that no answer within a minute leaves it unknown as well", async (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    let calls = 0;
    const silent: typeof fetch = (_input, init) => {
      calls += 1;
      setImmediate(() => test.mock.timers.tick(60_000));
      return new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    };
    const { site } = await openSite(() => ({}), undefined, { fetch: silent });

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.uncertain");
    assert.equal(calls, 1);
  });

  it("so that being stopped on the way leaves it unknown, and being stopped before sends nothing", async () => {
    const stopper = new AbortController();
    const { site, requests } = await openSite(() => {
      stopper.abort(new Error("enough"));
      return { drop: "before" };
    });

    const failure = await failureOf(writerOf(site).make(REMOVE, stopper.signal));
    await assert.rejects(writerOf(site).make(REMOVE, stopper.signal), /enough/);

    assert.equal(failure.code, "source.uncertain");
    assert.equal(requests.length, 1);
  });

  it("unless it was never taken: a rate limit is waited out and the change sent again", async () => {
    const { site, requests, clock } = await openSite((_, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": "42" }, json: {} } : { status: 204, text: "" },
    );
    const before = clock.now().getTime();

    await writerOf(site).make(REMOVE, NEVER);

    assert.equal(requests.length, 2);
    assert.equal(clock.now().getTime() - before, 42_000);
  });

  it("and a rate limit that never ends is a block", async () => {
    const headers = { "retry-after": "9223372036854775807" };
    const { site, requests } = await openSite(() => ({ status: 429, headers, json: {} }));

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.blocked");
    assert.equal(requests.length, 1);
  });

  it("with a token that can be renewed after a 401, which comes before anything is done", async () => {
    const grant = credential({ kind: "oauth", scopes: ["write:confluence-groups"] });
    const { site, requests } = await openSite(
      // FACTS §9: the gateway's body for an expired token.
      (_, count) =>
        count === 1 ? { status: 401, json: { code: 401, message: "Unauthorized" } } : { status: 204, text: "" },
      [grant],
    );

    await writerOf(site).make(REMOVE, NEVER);

    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      ["Bearer token-1", "Bearer token-2"],
    );
  });

  it("and not at all where no connection could be made", async () => {
    const refused = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" }),
    });
    const { site } = await openSite(() => ({}), undefined, { fetch: () => Promise.reject(refused) });

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.unreachable");
  });
});

describe("a refused membership change", () => {
  it("for want of a scope is a 401 that no renewal helps, and names the scope to add", async () => {
    const grant = credential({ kind: "oauth", scopes: ["write:confluence-groups"] });
    // FACTS §0.7: "A missing OAuth scope is 401", and the body never names it.
    const body = { code: 401, message: "Unauthorized; scope does not match" };
    const { site, requests } = await openSite(() => ({ status: 401, json: body }), [grant]);

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.missing-scope");
    assert.match(failure.fix, /write:confluence-groups/);
    assert.equal(failure.capability, "reclaim");
    assert.deepEqual([requests.length, grant.renewals.length], [1, 0]);
  });

  it("for a wrong token is told as such", async () => {
    const { site } = await openSite(() => ({ status: 401, text: "Unauthorized" }));

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.unauthorized");
  });

  it("for want of the role names the role", async () => {
    // Spec V1: "403 Returned if the user is not a site admin".
    const { site } = await openSite((request) =>
      isChange(request)
        ? { status: 403, json: { statusCode: 403, message: "PermissionException" } }
        : { json: OPEN_GROUP },
    );

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.missing-role");
    assert.match(failure.publicMessage, /may not change the members of the group/);
    assert.match(failure.fix, /site admin/);
  });

  it("that comes as a 500 with a PermissionException is one, not an unclear answer", async () => {
    const { site } = await openSite((request) =>
      isChange(request)
        ? { status: 500, json: { message: "PermissionException: not permitted" } }
        : { json: OPEN_GROUP },
    );

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.missing-role");
  });

  it("of a group that an identity provider manages says so, whatever the refusal said", async () => {
    const managed = { ...OPEN_GROUP, managedBy: "EXTERNAL" };
    const { site } = await openSite((request) =>
      isChange(request) ? { status: 400, json: {} } : groupOr(request, managed),
    );

    const failure = await failureOf(writerOf(site).make(ADD, NEVER));

    assert.equal(failure.code, "source.managed-elsewhere");
    assert.match(failure.publicMessage, /confluence-users-acme/);
  });

  it("for want of a free seat is told as such", async () => {
    const message = "com.atlassian.confluence.api.service.exceptions.BadRequestException: License limit exceeded";
    const { site } = await openSite(() => ({ status: 400, json: { statusCode: 400, message } }));

    const failure = await failureOf(writerOf(site).make(ADD, NEVER));

    assert.equal(failure.code, "source.no-license");
  });

  it("with a 402 is for want of a free seat", async () => {
    const { site } = await openSite(() => ({ status: 402, json: {} }));

    assert.equal((await failureOf(writerOf(site).make(ADD, NEVER))).code, "source.no-license");
  });

  it("because group or account is gone is a 404", async () => {
    // Spec V1, DELETE: "404 If no user group by the give name exists or if no user exists for the given accountId".
    const { site, requests } = await openSite(() => ({ status: 404, json: { statusCode: 404 } }));

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.not-found");
    assert.equal(requests.length, 1);
  });

  it("is none when the account is in the group already", async () => {
    const { site } = await openSite((request) =>
      isChange(request) ? { status: 400, json: {} } : pageOf([{ id: "g1", name: "confluence-users-acme" }]),
    );

    const made = await writerOf(site).make(ADD, NEVER);

    assert.deepEqual(made, { createdSourceId: null });
  });
});

describe("the organization's API", () => {
  const DIRECTORIES = { json: { data: [{ directoryId: "d1" }] } };
  const organization = (answer: (request: ScriptedRequest) => ScriptedAnswer) => (request: ScriptedRequest) =>
    request.path.endsWith("/directories") ? DIRECTORIES : answer(request);

  it("changes memberships where the site's credential cannot", async () => {
    const grant = credential({ kind: "oauth", scopes: ["read:confluence-groups"] });
    const { site, requests } = await openSite(
      organization(() => ({ status: 204, text: "" })),
      [grant, KEY],
      { organizationId: "o1" },
    );

    await writerOf(site).make(ADD, NEVER);
    await writerOf(site).make(REMOVE, NEVER);

    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      [
        "GET /api/admin/v2/orgs/o1/directories",
        "POST /api/admin/v2/orgs/o1/directories/d1/groups/g1/memberships",
        "DELETE /api/admin/v2/orgs/o1/directories/d1/groups/g1/memberships/a1",
      ],
    );
  });

  it("is tried after the site refused, since nothing was changed by then", async () => {
    const token = credential({ kind: "api-token" });
    const { site, requests } = await openSite(
      organization((request) => {
        if (request.path.startsWith("/api/admin/")) return { status: 204, text: "" };
        return isChange(request) ? { status: 403, json: {} } : { json: OPEN_GROUP };
      }),
      [token, KEY],
      { organizationId: "o1" },
    );

    await writerOf(site).make(REMOVE, NEVER);
    await writerOf(site).make(REMOVE, NEVER);

    const changes = requests.filter(isChange).map(({ path }) => (path.startsWith("/api/") ? "organization" : "site"));
    assert.deepEqual(changes, ["site", "organization", "organization"]);
  });

  it("suspends and restores in the directory of the site, of several the one whose groups give it", async () => {
    const { site, requests } = await openSite(
      ({ method, path, body }) => {
        if (path.endsWith("/directories")) return { json: { data: [{ directoryId: "d1" }, { directoryId: "d2" }] } };
        if (!path.endsWith("/groups/search")) return { status: 204, text: "" };
        assert.equal(method, "POST");
        assert.deepEqual((body as { resourceIds: string[] }).resourceIds, [`ari:cloud:confluence::site/${CLOUD_ID}`]);
        return { json: { data: [{ id: "g1", directoryId: "d2" }] } };
      },
      [KEY],
      { organizationId: "o1" },
    );

    await writerOf(site).make({ kind: "suspend-account", accountSourceId: "a1" }, NEVER);
    await writerOf(site).make({ kind: "reinstate-account", accountSourceId: "a1" }, NEVER);

    assert.deepEqual(
      requests.slice(2).map(({ method, path }) => `${method} ${path}`),
      [
        "POST /api/admin/v2/orgs/o1/directories/d2/users/a1/suspend",
        "POST /api/admin/v2/orgs/o1/directories/d2/users/a1/restore",
      ],
    );
  });

  const member = (...groups: string[]) => ({
    json: { data: [{ accountId: "a1", accountStatus: "active", groups: groups.map((id) => ({ id, name: id })) }] },
  });
  const conflict = (code?: string) => ({ status: 409, json: { errors: code ? [{ status: "409", code }] : [] } });

  it("answers 409 for a seat limit, which its code tells", async () => {
    // Spec ORG: "ADMIN-409-3 License limit exceeded".
    const { site } = await openSite(
      organization(() => conflict("ADMIN-409-3")),
      [KEY],
      { organizationId: "o1" },
    );

    assert.equal((await failureOf(writerOf(site).make(ADD, NEVER))).code, "source.no-license");
  });

  it("answers 409 as well when the user is in the group already, which is no failure", async () => {
    // Spec ORG: "The user is already in the group or you've exceeded your user limit".
    const answer = organization(({ path }) =>
      path.endsWith("/users/search") ? member("g1") : conflict("ADMIN-409-28"),
    );
    const { site } = await openSite(answer, [KEY], { organizationId: "o1" });

    assert.deepEqual(await writerOf(site).make(ADD, NEVER), { createdSourceId: null });
  });

  it("tells a key that lacks a scope by a 404 of its proxy", async () => {
    // FACTS §0.7, AX-1941.
    const body = {
      timestamp: "2026-03-04T05:06:07Z",
      path: "/admin",
      status: 404,
      error: "Not Found",
      requestId: "r1",
    };
    const { site } = await openSite(
      organization(() => ({ status: 404, json: body })),
      [KEY],
      { organizationId: "o1" },
    );

    const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

    assert.equal(failure.code, "source.missing-scope");
  });
});

describe("what is so now", () => {
  const GROUPS = pageOf([OPEN_GROUP]);

  it("of memberships is one request to the site", async () => {
    const { site, requests } = await openSite(() => GROUPS);

    const access = await writerOf(site).readAccess("a1", ["groups"], NEVER);

    assert.deepEqual(access, {
      isKnown: true,
      groups: [{ sourceId: "g1", name: "confluence-users-acme" }],
      isActive: null,
      isSuspended: null,
      otherProducts: null,
    });
    assert.equal(requests.length, 1);
  });

  it("of status and other products is one request to the directory", async () => {
    const jira = { id: `ari:cloud:jira-software::site/${CLOUD_ID}`, key: "jira-software" };
    const elsewhere = { id: "ari:cloud:jira-software::site/another", key: "jira-servicedesk" };
    const own = { id: `ari:cloud:confluence::site/${CLOUD_ID}`, key: "confluence" };
    const row = {
      accountId: "a1",
      accountStatus: "active",
      membershipStatus: "suspended",
      productAccess: [jira, elsewhere, own],
    };
    const { site, requests } = await openSite(
      ({ path }) =>
        path.endsWith("/directories") ? { json: { data: [{ directoryId: "d1" }] } } : { json: { data: [row] } },
      [KEY],
      { organizationId: "o1" },
    );

    const access = await writerOf(site).readAccess("a1", ["status", "products"], NEVER);
    await writerOf(site).readAccess("a1", ["status"], NEVER);

    assert.deepEqual(access, {
      isKnown: true,
      groups: null,
      isActive: true,
      isSuspended: true,
      otherProducts: ["jira-software"],
    });
    // The directory of the site is asked for once.
    assert.equal(requests.length, 3);
  });

  it("of an account in no group is looked into before the account is believed to exist", async () => {
    const { site } = await openSite(({ path }) =>
      path.endsWith("/user/memberof") ? pageOf([]) : { json: { results: [] } },
    );

    const access = await writerOf(site).readAccess("a1", ["groups"], NEVER);

    assert.equal(access.isKnown, false);
    assert.equal(access.groups, null);
  });
});

function groupOr({ path }: ScriptedRequest, group: object): ScriptedAnswer {
  return path.endsWith("/by-id") ? { json: group } : pageOf([{ id: "another", name: "another" }]);
}
