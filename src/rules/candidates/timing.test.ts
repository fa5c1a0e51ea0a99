import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { blackoutReason, takeDate } from "./timing.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const bill = (text: string) => ({ kind: "next-bill" as const, from: new Date(text) });
const freeze = { from: "2026-12-20", until: "2027-01-03", reason: "Year end" };

describe("when a decided seat is taken", () => {
  it("is now, unless its rule waits for the bill", () => {
    assert.deepEqual(takeDate({ timing: "now", blackouts: [] }, bill("2026-12-15T00:00:00Z"), NOW), NOW);
    assert.deepEqual(takeDate({ timing: "before-billing", blackouts: [] }, null, NOW), NOW);
  });

  it("is two days before the bill, or at once where that is past", () => {
    const settings = { timing: "before-billing" as const, blackouts: [] };

    assert.deepEqual(takeDate(settings, bill("2026-12-15T00:00:00Z"), NOW), new Date("2026-12-13T00:00:00Z"));
    assert.deepEqual(takeDate(settings, bill("2026-11-22T00:00:00Z"), NOW), NOW);
  });

  it("moves past a blackout, whose last day belongs to it", () => {
    const at = new Date("2026-12-24T09:00:00Z");

    assert.deepEqual(takeDate({ timing: "now", blackouts: [freeze] }, null, at), new Date("2027-01-04T00:00:00Z"));
    assert.equal(blackoutReason([freeze], new Date("2027-01-03T23:59:59Z")), "Year end");
    assert.equal(blackoutReason([freeze], new Date("2027-01-04T00:00:00Z")), null);
  });

  it("goes before a blackout that would let the bill pass", () => {
    const settings = { timing: "before-billing" as const, blackouts: [freeze] };

    const when = takeDate(settings, bill("2026-12-30T00:00:00Z"), NOW);

    assert.deepEqual(when, new Date("2026-12-19T23:59:59.999Z"));
  });

  it("is never before now nor within a blackout, whichever lie behind one another", () => {
    const day = fc.integer({ min: 0, max: 60 });
    const text = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString().slice(0, 10);
    const blackout = fc
      .tuple(day, fc.integer({ min: 0, max: 10 }))
      .map(([from, length]) => ({ from: text(from - 10), until: text(from - 10 + length), reason: "x" }));

    fc.assert(
      fc.property(fc.array(blackout, { maxLength: 5 }), day, fc.boolean(), (blackouts, days, waits) => {
        const saving = { kind: "next-bill" as const, from: new Date(NOW.getTime() + days * 86_400_000) };

        const when = takeDate({ timing: waits ? "before-billing" : "now", blackouts }, saving, NOW);

        assert.ok(when >= NOW);
        assert.equal(blackoutReason(blackouts, when), null);
      }),
    );
  });
});
