import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changesOf } from "./changes.ts";

describe("what an entry says was changed", () => {
  it("is told field by field, without what stayed", () => {
    const { changes, rest } = changesOf({
      before: { roles: ["auditor"], name: "Ada" },
      after: { roles: ["admin"], name: "Ada" },
      by: 1,
    });

    assert.deepEqual(changes, [{ field: "roles", before: ["auditor"], after: ["admin"] }]);
    assert.deepEqual(rest, { by: 1 });
  });

  it("is one thing where an entry says from and to", () => {
    const { changes, rest } = changesOf({ from: "observe", to: "act", siteId: "site_1" });

    assert.deepEqual(changes, [{ field: "", before: "observe", after: "act" }]);
    assert.deepEqual(rest, { siteId: "site_1" });
  });

  it("is nothing where there is only one of them", () => {
    const detail = { siteId: "site_1", before: "found" };

    assert.deepEqual(changesOf(detail), { changes: [], rest: detail });
  });
});
