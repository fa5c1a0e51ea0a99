import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import { roomFor } from "./room.ts";

const { limits } = DEFAULT_RECLAMATION_SETTINGS;

describe("how many seats may be taken unattended", () => {
  it("is 25 or 5 % of the seats, whichever is less", () => {
    assert.deepEqual(roomFor(limits, { seats: 10_000, takenToday: 0 }), { room: 25, limit: "run" });
    assert.deepEqual(roomFor(limits, { seats: 100, takenToday: 0 }), { room: 5, limit: "run" });
    assert.deepEqual(roomFor(limits, { seats: 19, takenToday: 0 }), { room: 0, limit: "run" });
  });

  it("is what is left of the day", () => {
    assert.deepEqual(roomFor(limits, { seats: 10_000, takenToday: 40 }), { room: 10, limit: "day" });
    assert.deepEqual(roomFor(limits, { seats: 10_000, takenToday: 60 }), { room: 0, limit: "day" });
  });
});
