import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Instant } from "./instant.ts";

describe("an instant of Atlassian's", () => {
  it("T22: is read whether it has no fraction of a second or nine digits of it", () => {
    const texts = ["2026-05-03T10:00:00Z", "2026-05-03T10:00:00.5Z", "2026-05-03T10:00:00.123456789Z"];

    const read = texts.map((text) => Instant.parse(text).toISOString());

    assert.deepEqual(read, ["2026-05-03T10:00:00.000Z", "2026-05-03T10:00:00.500Z", "2026-05-03T10:00:00.123Z"]);
  });
});
