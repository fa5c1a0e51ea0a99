import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dueReminder } from "./reminders.ts";

describe("a reminder of a renewal", () => {
  it("is due 90, 60, 30 and 7 days before, one that was missed with the next look", () => {
    assert.deepEqual([91, 90, 61, 60, 20, 7, 0, -1].map(dueReminder), [null, 90, 90, 60, 30, 7, 7, null]);
  });
});
