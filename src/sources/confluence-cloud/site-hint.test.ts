import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ATLASSIAN_HOSTS } from "../atlassian/hosts.ts";
import { understandSite } from "./site-hint.ts";

const CLOUD_ID = "0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0";
const ORGANIZATION_ID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const SIMULATED = {
  authUrl: "http://127.0.0.1:9/auth",
  apiUrl: "http://127.0.0.1:9/api",
  siteUrl: (name: string) => `http://127.0.0.1:9/site/${name}`,
};

describe("a site as it is typed", () => {
  for (const typed of [
    "acme",
    " ACME ",
    "acme.atlassian.net",
    "https://acme.atlassian.net",
    "https://acme.atlassian.net/wiki/spaces/ENG/pages/12345/Title+of+a+page?focusedCommentId=1#comment-1",
    "acme.atlassian.net/wiki",
    "http://acme.atlassian.net/jira/software",
  ]) {
    it(`is understood by its name: ${typed}`, () => {
      const result = understandSite(ATLASSIAN_HOSTS, typed);

      assert.ok(result.ok);
      assert.equal(result.value.siteName, "acme");
      assert.equal(result.value.baseUrl, "https://acme.atlassian.net");
      assert.equal(result.value.cloudId, null);
      assert.equal(result.value.typed, typed.trim());
    });
  }

  for (const typed of [
    CLOUD_ID,
    CLOUD_ID.toUpperCase(),
    `https://api.atlassian.com/ex/confluence/${CLOUD_ID}`,
    `https://api.atlassian.com/ex/confluence/${CLOUD_ID}/wiki/rest/api/space`,
    `api.atlassian.com/ex/confluence/${CLOUD_ID}/`,
    `https://admin.atlassian.com/o/${ORGANIZATION_ID}/products/conf/${CLOUD_ID}`,
    `https://admin.atlassian.com/s/${CLOUD_ID}/users`,
  ]) {
    it(`is understood by its cloud id: ${typed}`, () => {
      const result = understandSite(ATLASSIAN_HOSTS, typed);

      assert.ok(result.ok);
      assert.equal(result.value.cloudId, CLOUD_ID);
      assert.equal(result.value.organizationId ?? null, typed.includes("/o/") ? ORGANIZATION_ID : null);
    });
  }

  it("is understood below the hosts that were configured", () => {
    const page = understandSite(SIMULATED, "http://127.0.0.1:9/site/acme/wiki/spaces/ENG");
    const gateway = understandSite(SIMULATED, `http://127.0.0.1:9/api/ex/confluence/${CLOUD_ID}/wiki`);
    const publicly = understandSite(SIMULATED, "acme.atlassian.net");

    assert.deepEqual(page.ok && [page.value.siteName, page.value.baseUrl], ["acme", "http://127.0.0.1:9/site/acme"]);
    assert.equal(gateway.ok && gateway.value.cloudId, CLOUD_ID);
    assert.equal(publicly.ok && publicly.value.baseUrl, "http://127.0.0.1:9/site/acme");
  });

  for (const typed of [
    "",
    "  ",
    "petra@acme.com",
    "https://user:pass@acme.atlassian.net",
    "wiki.acme.com",
    "not a site",
    "ftp://acme.atlassian.net",
    "https://atlassian.net.evil.com/acme",
    "acme.atlassian.net.evil.com",
  ]) {
    it(`is refused, saying what would be right: "${typed}"`, () => {
      const result = understandSite(ATLASSIAN_HOSTS, typed);

      assert.equal(result.ok, false);
      assert.match(result.ok ? "" : result.error.message, /acme\.atlassian\.net/);
    });
  }
});
