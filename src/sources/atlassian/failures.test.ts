import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  credential,
  failureOf,
  NEVER,
  openScripted,
  type ScriptedAnswer,
  scriptedServers,
} from "../testing/scripted-atlassian.ts";

const serve = scriptedServers();

describe("an answer that says no", () => {
  const cases: [name: string, answer: ScriptedAnswer, code: string, says: RegExp][] = [
    [
      "403 of an account without Confluence",
      { status: 403, json: { message: "Current user not permitted to use Confluence" } },
      "source.missing-role",
      /may not use Confluence/,
    ],
    [
      "403 of a missing role",
      { status: 403, json: { message: "PermissionException: no" } },
      "source.missing-role",
      /may not read/,
    ],
    ["404 instead of 403", { status: 404, json: { errors: [{ status: 404 }] } }, "source.missing-role", /hides/],
    [
      "500 instead of 403",
      { status: 500, json: { message: "PermissionException: no" } },
      "source.missing-role",
      /may not read/,
    ],
    [
      "an IP allow-list",
      { status: 403, text: "The IP address 203.0.113.7 has not been allowlisted by the organization" },
      "source.ip-allowlist",
      /allow-list/,
    ],
    [
      "a redirect to log-in",
      { status: 302, headers: { location: "https://id.atlassian.com/login" }, text: "" },
      "source.login-redirect",
      /log-in page/,
    ],
    [
      "a page of HTML",
      { text: "<html><body>Welcome</body></html>", headers: { "content-type": "text/html" } },
      "source.unexpected-answer",
      /page for people/,
    ],
    [
      "a roles-only site",
      { status: 400, json: { message: "InvalidRbacOperationException: not supported in roles-only mode" } },
      "source.roles-only",
      /space roles only/,
    ],
    [
      "a data security policy",
      { status: 403, headers: { "atlassian-datasecuritypolicy": "app_access_blocked" }, json: {} },
      "source.missing-role",
      /data security policy/,
    ],
    ["another form than documented", { json: { results: [{ id: 7 }] } }, "source.unexpected-answer", /documented form/],
  ];
  for (const [name, answer, code, says] of cases) {
    it(`is told in words and not asked again: ${name}`, async () => {
      const atlassian = await serve(() => answer);

      const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

      assert.equal(failure.code, code);
      assert.match(failure.publicMessage, says);
      assert.notEqual(failure.fix, "");
      assert.equal(failure.endpoint, "GET /wiki/rest/api/group");
      assert.equal(atlassian.requests.length, 1);
    });
  }

  it("carries the source's request id", async () => {
    const atlassian = await serve(() => ({ status: 403, headers: { "atl-traceid": "abc123" }, json: {} }));

    const failure = await failureOf(openScripted(atlassian).site.readGroups(null, NEVER));

    assert.equal(failure.requestId, "abc123");
  });

  it("of a scoped organization key is a missing scope though it is a 404", async () => {
    const body = {
      timestamp: "2026-03-04",
      path: "/x",
      status: 404,
      error: "Not Found",
      requestId: "r-1",
      message: "",
    };
    const atlassian = await serve(() => ({ status: 404, json: body }));
    const key = credential({ kind: "organization-key" });
    const { site } = openScripted(atlassian, [key], { organizationId: "org-1" });

    const failure = await failureOf(site.readOrganizationAccounts(null, NEVER));

    assert.equal(failure.code, "source.missing-scope");
    assert.equal(failure.requestId, "r-1");
  });
});
