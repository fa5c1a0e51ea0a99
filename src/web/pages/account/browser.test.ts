import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { browserOf } from "./browser.ts";

describe("the name of a browser", () => {
  it("is read from what it calls itself, the most special first", () => {
    const agents = [
      "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
      "curl/8.5.0",
      null,
    ];

    assert.deepEqual(agents.map(browserOf), [
      "Firefox 145, Linux",
      "Edge 142, Windows",
      "Safari 26, macOS",
      "curl/8.5.0",
      null,
    ]);
  });
});
