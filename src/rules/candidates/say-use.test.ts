import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sayDay, sayUse } from "./say-use.ts";

const nothing = { viewed: null, contributed: null, administered: null, authenticated: null };
const common = { grantedAt: null, seatStatus: null };

describe("what is said of the use of a seat", () => {
  it("names the latest use and how far what was looked at reaches", () => {
    const said = sayUse({
      ...common,
      lastUse: { ...nothing, viewed: "2026-08-03T10:00:00.000Z", contributed: "2026-05-01T10:00:00.000Z" },
      reading: [{ kind: "viewed", knownSince: "2026-01-01T00:00:00.000Z", knownUntil: "2026-11-21T12:00:00.000Z" }],
    });

    assert.deepEqual(said, [
      "The latest use that was seen is of 3 August 2026, when pages were opened.",
      "What was looked at reaches from 1 January 2026 up to 21 November 2026.",
    ]);
  });

  it("says that reading cannot be seen where it cannot", () => {
    assert.deepEqual(sayUse({ ...common, lastUse: nothing, reading: [] }), [
      "No use of this account was seen.",
      "Whether pages are only read cannot be seen here, so this may be wrong.",
    ]);
  });

  it("tells days so that nobody takes the month for the day", () => {
    assert.equal(sayDay("2026-03-04T23:59:59Z"), "4 March 2026");
  });
});
