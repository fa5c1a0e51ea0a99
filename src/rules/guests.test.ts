import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { guestLimit, mayBecomeGuest } from "./guests.ts";

describe("guests", () => {
  it("are five for each paid seat, and too many beyond that", () => {
    const at = guestLimit("standard", { paidSeats: 2, guests: 10 });
    const over = guestLimit("premium", { paidSeats: 2, guests: 11 });

    assert.deepEqual([at.guestsMax, at.free, at.isOver], [10, 0, false]);
    assert.deepEqual([over.free, over.isOver], [0, true]);
  });

  it("are none on Data Center, none on Free, and of an unknown number where the edition is not known", () => {
    for (const edition of ["data-center", "free", "unrecognized", null] as const) {
      assert.equal(guestLimit(edition, { paidSeats: 2, guests: 0 }).guestsMax, null);
    }
    assert.equal(guestLimit("free", { paidSeats: 2, guests: 1 }).isOver, true);
  });

  it("are never made of who was ever licensed", () => {
    assert.equal(mayBecomeGuest(true), "no");
    assert.equal(mayBecomeGuest(false), "not-that-is-known");
  });
});
