import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sourceKeyOf, understandSite } from "./site-hint.ts";

describe("An instance of Data Center as it is typed", () => {
  for (const [typed, baseUrl] of [
    ["wiki.acme.example", "https://wiki.acme.example"],
    ["http://wiki.acme.example:8090/", "http://wiki.acme.example:8090"],
    ["HTTPS://Wiki.Acme.Example:443/confluence/", "https://wiki.acme.example/confluence"],
    ["https://acme.example/confluence/display/ENG/Home", "https://acme.example/confluence"],
    ["https://acme.example/tools/wiki/pages/viewpage.action?pageId=1", "https://acme.example/tools/wiki"],
    ["https://acme.example/spaces/ENG/overview", "https://acme.example"],
    ["https://acme.example/confluence/x/AbC1", "https://acme.example/confluence"],
    ["https://acme.example/confluence/index.action", "https://acme.example/confluence"],
  ] as const) {
    it(`is understood from ${typed}`, () => {
      const hint = understandSite(typed);

      assert.ok(hint.ok);
      assert.equal(hint.value.baseUrl, baseUrl);
      assert.equal(sourceKeyOf(`${baseUrl}/`), baseUrl);
    });
  }

  for (const [typed, why] of [
    ["", /Nothing was typed/],
    ["petra@acme.example", /e-mail address/],
    ["acme.atlassian.net", /confluence-cloud/],
    ["ftp://wiki.acme.example", /not an address/],
    ["two words", /not an address/],
  ] as const) {
    it(`says what would be right in place of "${typed}"`, () => {
      const hint = understandSite(typed);

      assert.ok(!hint.ok);
      assert.match(hint.error.message, why);
      assert.match(hint.error.message, /context path/);
    });
  }
});
