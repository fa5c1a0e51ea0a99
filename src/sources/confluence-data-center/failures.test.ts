import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SourceFailureCode } from "../source.ts";
import { credential, failureOf, NEVER, type ScriptedAnswer } from "../testing/scripted-atlassian.ts";
import { offsetRows, scriptedInstances, userOf } from "../testing/scripted-data-center.ts";

const HTML = { "content-type": "text/html" };

const CASES: readonly [name: string, ScriptedAnswer, SourceFailureCode, words: RegExp][] = [
  [
    "401 with a page and the reason of the log-in filter",
    { status: 401, headers: { ...HTML, "x-seraph-loginreason": "AUTHENTICATED_FAILED" }, text: "<html>no</html>" },
    "source.unauthorized",
    /AUTHENTICATED_FAILED.*new personal access token/,
  ],
  [
    "401 that wants a puzzle solved",
    { status: 401, headers: { "x-seraph-loginreason": "AUTHENTICATION_DENIED" }, text: "" },
    "source.unauthorized",
    /Log in once in a browser/,
  ],
  [
    "200 with the page of a secure administrator session",
    { headers: HTML, text: "<html><title>Administrator Access</title><form action='/doauthenticate.action'></html>" },
    "source.missing-role",
    /secure administrator session.*allow-list/,
  ],
  [
    "302 to the log-in page",
    { status: 302, headers: { location: "/login.action" }, text: "" },
    "source.login-redirect",
    /context path/,
  ],
  ["200 with any other page", { headers: HTML, text: "<html>hello</html>" }, "source.unexpected-answer", /proxy/],
  ["403", { status: 403, json: { message: "PermissionException" } }, "source.missing-role", /the role it needs/],
  [
    "403 that blocks an account",
    { status: 403, headers: { "retry-after": "9223372036854775807" }, json: {} },
    "source.blocked",
    /lift the block/,
  ],
  [
    "429 that blocks an account",
    { status: 429, headers: { "retry-after": "9223372036854775807" }, json: {} },
    "source.blocked",
    /lift the block/,
  ],
  ["404 of a listing", { status: 404, json: {} }, "source.edition-lacks", /newer version/],
];

describe("What Data Center answers in place of data", () => {
  const open = scriptedInstances();

  for (const [name, answer, code, words] of CASES) {
    it(`is put into words: ${name}`, async () => {
      const { site } = await open(() => answer);

      const failure = await failureOf(site.readGroups(null, NEVER));

      assert.equal(failure.code, code);
      assert.match(`${failure.publicMessage} ${failure.fix}`, words);
      assert.doesNotMatch(`${failure.publicMessage} ${failure.fix}`, /Atlassian|token-1/);
    });
  }

  it("is waited for where a 403 is a rate limit", async () => {
    const { site, events } = await open((request, count) =>
      count === 1
        ? { status: 403, headers: { "retry-after": "7" }, json: {} }
        : offsetRows([{ name: "staff" }], request),
    );

    const { rows } = await site.readGroups(null, NEVER);

    assert.equal(rows.length, 1);
    assert.ok(events.some((each) => each.kind === "wait" && each.reason === "rate-limited" && each.waitMs === 7_000));
  });

  it("shows a credential as a token or as a user name with its password", async () => {
    const password = credential({ kind: "basic", username: "rita", token: () => Promise.resolve("geheim ä") });
    const withToken = await open((request) => offsetRows([], request));
    const withPassword = await open((request) => offsetRows([], request), [password]);

    await withToken.site.readGroups(null, NEVER);
    await withPassword.site.readGroups(null, NEVER);

    const sent = [withToken, withPassword].map(({ requests }) => requests[0]?.headers["authorization"]);
    assert.deepEqual(sent, ["Bearer token-1", `Basic ${Buffer.from("rita:geheim ä").toString("base64")}`]);
  });

  it("as nobody in particular means that the credential did not arrive", async () => {
    const { site, source, baseUrl } = await open(() => ({ json: { type: "anonymous", displayName: "Anonymous" } }));
    const hint = source.understandSite(baseUrl);
    assert.ok(hint.ok);

    const described = await failureOf(site.describe(NEVER));
    const listed = await failureOf(
      source.listSites(credential({ kind: "basic", username: "rita" }), hint.value, NEVER),
    );

    assert.deepEqual([described.code, listed.code], ["source.unauthorized", "source.unauthorized"]);
    assert.match(listed.publicMessage, /of rita/);
  });

  it("names the instance by its address and its version", async () => {
    const { site, baseUrl } = await open(({ path }) =>
      path.endsWith("/server-information") ? { json: { version: "10.0.3" } } : { json: userOf("rita") },
    );

    const description = await site.describe(NEVER);

    assert.deepEqual(description, {
      name: `${new URL(baseUrl).host}/confluence`,
      baseUrl,
      edition: "data-center",
      editionIdentifier: "10.0.3",
      roleMode: "pre-roles",
      organizationId: null,
      currentAccountId: "key-rita",
    });
  });
});
