import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { productAccessAfter } from "./product-access.ts";

const FOUND = { isFound: true, decision: null };
const OTHER = { isFound: false, decision: null };

describe("a decision on a product-access group", () => {
  it("confirms what the source says, also after it was dropped", () => {
    assert.deepEqual(productAccessAfter(FOUND, "confirm", null), { ok: true, value: "confirmed" });
    assert.deepEqual(productAccessAfter({ isFound: true, decision: "dropped" }, "confirm", null), {
      ok: true,
      value: "confirmed",
    });
    assert.deepEqual(productAccessAfter(OTHER, "confirm", null), { ok: false, error: "not-found-by-source" });
  });

  it("adds only what the source does not say", () => {
    assert.deepEqual(productAccessAfter(OTHER, "add", null), { ok: true, value: "added" });
    assert.deepEqual(productAccessAfter(FOUND, "add", null), { ok: false, error: "found-by-source" });
  });

  it("drops a group for a reason only", () => {
    assert.deepEqual(productAccessAfter(FOUND, "drop", "paid by another department"), { ok: true, value: "dropped" });
    assert.deepEqual(productAccessAfter(FOUND, "drop", "  "), { ok: false, error: "reason-needed" });
    assert.deepEqual(productAccessAfter(FOUND, "drop", null), { ok: false, error: "reason-needed" });
    assert.deepEqual(productAccessAfter(OTHER, "drop", "why not"), { ok: false, error: "not-listed" });
  });
});
