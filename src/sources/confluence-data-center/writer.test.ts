import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Change } from "../../model/changes.ts";
import type { SiteSource, SiteWriter, SourceFailureCode } from "../source.ts";
import {
  credential,
  failureOf,
  NEVER,
  pageOf,
  type ScriptedAnswer,
  type ScriptedRequest,
} from "../testing/scripted-atlassian.ts";
import { NOT_FOUND_IN_DATA_CENTER, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";

const open = scriptedInstances();
const REMOVE: Change = { kind: "remove-member", groupSourceId: "confluence-users", accountSourceId: "key-ann" };
const ADD: Change = { ...REMOVE, kind: "add-member" };
const DONE: ScriptedAnswer = { status: 204, text: "" };
const HTML = { "content-type": "text/html" };

function writerOf({ writer }: SiteSource): SiteWriter {
  assert.ok(writer);
  return writer;
}

/** Answers for a user `ann`, her groups, and the group; `answer` for everything that changes. */
function instance(answer: ScriptedAnswer, more: (request: ScriptedRequest) => ScriptedAnswer | null = () => null) {
  return (request: ScriptedRequest): ScriptedAnswer => {
    if (request.method !== "GET") return answer;
    const own = more(request);
    if (own) return own;
    if (request.path === "/rest/api/user") return { json: userOf("ann", { status: "current" }) };
    if (request.path === "/rest/api/user/memberof")
      return pageOf([{ name: "confluence-users" }].slice(startOf(request)));
    if (request.path.startsWith("/rest/api/group/")) return { json: { name: "confluence-users" } };
    return pageOf([]);
  };
}

const startOf = ({ query }: ScriptedRequest) => Number(query.get("start") ?? 0);

describe("a change of Data Center", () => {
  const cases: [Change, string][] = [
    // Spec DC: each of these "returns no content", and all but the groups' are idempotent.
    [ADD, "PUT /rest/api/user/ann/group/confluence-users"],
    [REMOVE, "DELETE /rest/api/user/ann/group/confluence-users"],
    [{ kind: "disable-account", accountSourceId: "key-ann" }, "PUT /rest/api/admin/user/ann/disable"],
    [{ kind: "enable-account", accountSourceId: "key-ann" }, "PUT /rest/api/admin/user/ann/enable"],
    [{ kind: "delete-group", groupSourceId: "R&D: a b" }, "DELETE /rest/api/admin/group/R%26D%3A%20a%20b"],
  ];
  for (const [change, expected] of cases) {
    it(`is made by the account's name: ${change.kind}`, async () => {
      const { site, requests } = await open(instance(DONE));

      const made = await writerOf(site).make(change, NEVER);

      const sent = requests.filter(({ method }) => method !== "GET");
      assert.deepEqual(
        sent.map(({ method, path }) => `${method} ${path.replace("/confluence", "")}`),
        [expected],
      );
      assert.equal(sent[0]?.headers["x-atlassian-token"], "no-check");
      assert.deepEqual(made, { createdSourceId: null });
    });
  }

  it("makes a group, whose id is its name", async () => {
    const { site, requests } = await open(instance({ json: { type: "group", name: "usher" } }));

    const made = await writerOf(site).make({ kind: "create-group", name: "usher" }, NEVER);

    assert.deepEqual(made, { createdSourceId: "usher" });
    assert.deepEqual(requests[0]?.body, { type: "group", name: "usher" });
  });

  it("is not tried on a group whose name cannot stand in a path (TRAPS §2.11)", async () => {
    const { site, requests } = await open(instance(DONE));

    const failure = await failureOf(writerOf(site).make({ ...REMOVE, groupSourceId: "R/D" }, NEVER));

    assert.equal(failure.code, "source.edition-lacks");
    assert.match(failure.publicMessage, /"R\/D"/);
    assert.ok(requests.every(({ method }) => method === "GET"));
  });

  it("of an account that is gone is not found", async () => {
    const { site } = await open(() => NOT_FOUND_IN_DATA_CENTER);

    assert.equal((await failureOf(writerOf(site).make(REMOVE, NEVER))).code, "source.not-found");
  });

  it("that Cloud knows and Data Center does not is not sent", async () => {
    const { site, requests } = await open(instance(DONE));

    const failure = await failureOf(
      writerOf(site).make({ kind: "suspend-account", accountSourceId: "key-ann" }, NEVER),
    );

    assert.equal(failure.code, "source.edition-lacks");
    assert.equal(requests.length, 0);
    assert.equal(writerOf(site).abilities["suspend-account"]?.code, "source.edition-lacks");
    assert.equal(writerOf(site).abilities["disable-account"], null);
  });
});

describe("a change that Data Center does not make", () => {
  const cases: [name: string, ScriptedAnswer, SourceFailureCode][] = [
    ["403", { status: 403, json: { message: "PermissionException" } }, "source.missing-role"],
    [
      "200 with the page of a secure administrator session",
      { headers: HTML, text: "<html><title>Administrator Access</title><form action='/doauthenticate.action'></html>" },
      "source.missing-role",
    ],
    [
      "302 to the log-in page",
      { status: 302, headers: { location: "/login.action" }, text: "" },
      "source.login-redirect",
    ],
    [
      "401",
      { status: 401, headers: { ...HTML, "x-seraph-loginreason": "AUTHENTICATED_FAILED" }, text: "" },
      "source.unauthorized",
    ],
    ["402", { status: 402, json: { message: "no more licenses available" } }, "source.no-license"],
    [
      "500 of a read-only directory",
      { status: 500, json: { message: "ApplicationPermissionException: Directory is read-only" } },
      "source.managed-elsewhere",
    ],
    ["200 with any other page", { headers: HTML, text: "<html>hello</html>" }, "source.uncertain"],
    ["502 of a proxy", { status: 502, headers: HTML, text: "<html>Bad Gateway</html>" }, "source.uncertain"],
  ];
  for (const [name, answer, code] of cases) {
    it(`is told as ${code}: ${name}`, async () => {
      const { site, requests } = await open(instance(answer));

      const failure = await failureOf(writerOf(site).make(REMOVE, NEVER));

      assert.equal(failure.code, code);
      assert.equal(requests.filter(({ method }) => method !== "GET").length, 1);
    });
  }

  it("is refused where a 500 stands for a 403, and unknown where an administrator gets it (TRAPS §3)", async () => {
    const failed: ScriptedAnswer = { status: 500, json: { message: "oops" } };
    const notAdmin = ({ path }: ScriptedRequest) => (path.includes("/admin/") ? { status: 403, json: {} } : null);
    const { site } = await open(instance(failed, notAdmin));
    const { site: ofAdmin } = await open(instance(failed));

    const codes = [
      (await failureOf(writerOf(site).make(REMOVE, NEVER))).code,
      (await failureOf(writerOf(ofAdmin).make(REMOVE, NEVER))).code,
    ];

    assert.deepEqual(codes, ["source.missing-role", "source.uncertain"]);
  });

  it("is waited for where a 403 stands for a rate limit (TRAPS §3)", async () => {
    let refusals = 0;
    const { site, clock } = await open((request) => {
      if (request.method === "GET") return instance(DONE)(request);
      refusals += 1;
      return refusals === 1 ? { status: 403, headers: { "retry-after": "20" }, json: {} } : DONE;
    });
    const before = clock.now().getTime();

    await writerOf(site).make(REMOVE, NEVER);

    assert.equal(clock.now().getTime() - before, 20_000);
  });

  it("because the group is gone is not found; with group and account there, the version lacks the call", async () => {
    const gone = ({ path }: ScriptedRequest) => (path.startsWith("/rest/api/group/") ? NOT_FOUND_IN_DATA_CENTER : null);
    const { site } = await open(instance(NOT_FOUND_IN_DATA_CENTER, gone));
    const { site: older } = await open(instance(NOT_FOUND_IN_DATA_CENTER));

    const codes = [
      (await failureOf(writerOf(site).make(ADD, NEVER))).code,
      (await failureOf(writerOf(older).make(ADD, NEVER))).code,
    ];

    assert.deepEqual(codes, ["source.not-found", "source.edition-lacks"]);
  });
});

describe("what is so now in Data Center", () => {
  it("is told of groups and status, each by one request and its end", async () => {
    const { site } = await open(instance(DONE));

    const access = await writerOf(site).readAccess("key-ann", ["groups", "status"], NEVER);

    assert.deepEqual(access, {
      isKnown: true,
      groups: [{ sourceId: "confluence-users", name: "confluence-users" }],
      isActive: true,
      isSuspended: null,
      otherProducts: null,
    });
  });

  it("is that an account of the type `unknown` is not known any more", async () => {
    const unknown = ({ path }: ScriptedRequest) =>
      path === "/rest/api/user" ? { json: userOf("ann", { type: "unknown" }) } : null;
    const { site } = await open(instance(DONE, unknown));

    assert.equal((await writerOf(site).readAccess("key-ann", ["status"], NEVER)).isKnown, false);
  });

  it("is what the license says of itself", async () => {
    const license = ({ path }: ScriptedRequest): ScriptedAnswer | null => {
      if (path.endsWith("/details")) return { json: { expiryDate: 1_800_000_000_000, maintenanceExpiryDate: -1 } };
      if (path.endsWith("/maxUsers")) return { json: { count: 500 } };
      return path.endsWith("/userCount") ? { json: { count: 480 } } : null;
    };
    const { site } = await open(instance(DONE, license));

    assert.deepEqual(await writerOf(site).readLicense(NEVER), {
      seats: 500,
      usedSeats: 480,
      expiresAt: new Date(1_800_000_000_000),
      maintenanceExpiresAt: null,
      origin: "license",
    });
  });

  it("is nothing of the license for whoever is not told", async () => {
    const { site } = await open(() => ({ status: 403, json: {} }));

    assert.equal(await writerOf(site).readLicense(NEVER), null);
  });

  it("is the latest change that the account itself made, not that somebody else made to its page", async () => {
    const by = (name: string, when: string) => ({ number: 2, when, by: userOf(name) });
    const history = { createdDate: "2025-01-01T00:00:00.000Z", createdBy: userOf("ann") };
    const { site, requests } = await open(() =>
      pageOf([
        { id: "2", version: by("bob", "2026-03-03T00:00:00.000Z"), history },
        { id: "1", version: by("ann", "2026-03-02T00:00:00.000Z"), history },
      ]),
    );

    const uses = await site.readLatestUse?.("key-ann", new Date("2026-01-01T00:00:00.000Z"), NEVER);

    assert.deepEqual(uses, [
      { kind: "contributed", source: "content-search", at: new Date("2026-03-02T00:00:00.000Z") },
    ]);
    assert.match(
      requests[0]?.query.get("cql") ?? "",
      /^contributor = "key-ann" and lastmodified >= "2025-12-31 12:00"/,
    );
  });

  it("uses the token before the password", async () => {
    const both = [credential({ kind: "basic", username: "petra" }), credential({ kind: "personal-access-token" })];
    const { site, requests } = await open(instance(DONE), both);

    await writerOf(site).make(REMOVE, NEVER);

    assert.ok(requests.every(({ headers }) => headers.authorization === "Bearer token-1"));
  });
});
