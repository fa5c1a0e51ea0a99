import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

/** The same said slowly, and as entries of older journals were hashed. */
function slowly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slowly);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, slowly(each)]));
}

describe("canonical JSON", () => {
  it("is the same whatever order the keys came in", () => {
    assert.equal(canonicalJson({ b: 1, a: { d: [1, "x"], c: null } }), '{"a":{"c":null,"d":[1,"x"]},"b":1}');
  });

  it("writes dates as ISO text and leaves out what is undefined", () => {
    const at = new Date("2026-05-03T12:00:00.000Z");

    assert.equal(
      canonicalJson({ at, nothing: undefined, list: [undefined] }),
      '{"at":"2026-05-03T12:00:00.000Z","list":[null]}',
    );
  });

  it("is JSON of the sorted value, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        assert.equal(canonicalJson(value), JSON.stringify(slowly(value)));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it("keeps the order of keys that are numbers, as it was hashed before", () => {
    const value = { "10": 1, "9": 2, a: 3, "007": 4 };

    assert.equal(canonicalJson(value), JSON.stringify(slowly(value)));
  });
});
