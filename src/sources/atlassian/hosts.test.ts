import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostsFromEnvironment } from "./hosts.ts";

describe("hosts from the environment", () => {
  it("are Atlassian's own when nothing is set", () => {
    const hosts = hostsFromEnvironment({});

    assert.deepEqual(
      [hosts.authUrl, hosts.apiUrl, hosts.siteUrl("acme")],
      ["https://auth.atlassian.com", "https://api.atlassian.com", "https://acme.atlassian.net"],
    );
  });

  it("keep a path prefix, without a slash at the end", () => {
    const hosts = hostsFromEnvironment({
      USHER_ATLASSIAN_AUTH_URL: "http://127.0.0.1:9/auth/",
      USHER_ATLASSIAN_API_URL: "http://127.0.0.1:9/api",
      USHER_ATLASSIAN_SITE_URL: "http://127.0.0.1:9/site/{name}",
    });

    assert.deepEqual(
      [hosts.authUrl, hosts.apiUrl, hosts.siteUrl("acme")],
      ["http://127.0.0.1:9/auth", "http://127.0.0.1:9/api", "http://127.0.0.1:9/site/acme"],
    );
  });

  it("are refused in words when they are no URL, or the site's has no place for the name", () => {
    assert.throws(
      () => hostsFromEnvironment({ USHER_ATLASSIAN_API_URL: "api.example.com" }),
      /USHER_ATLASSIAN_API_URL is "api/,
    );
    assert.throws(
      () => hostsFromEnvironment({ USHER_ATLASSIAN_SITE_URL: "https://x.example" }),
      /must contain \{name\}/,
    );
  });
});
