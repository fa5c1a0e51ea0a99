import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { TRAPS } from "../src/sim/traps.ts";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

/** Titles of tests, and of cases that become one, begin with the numbers of the traps they are about. */
const TITLE = /["`]((?:T\d+(?:, | and )?)+):? /g;

describe("the traps of the simulator", () => {
  it("are each named by a test", () => {
    const named = new Set<string>();
    for (const file of globSync(["test/**/*.test.ts", "src/**/*.test.ts"], { cwd: CHECKOUT })) {
      const text = readFileSync(`${CHECKOUT}${file}`, "utf8");
      for (const [, numbers = ""] of text.matchAll(TITLE)) for (const id of numbers.match(/T\d+/g) ?? []) named.add(id);
    }

    assert.deepEqual(
      TRAPS.filter(({ id }) => !named.has(id)).map(({ id, sentence }) => `${id}: ${sentence}`),
      [],
    );
  });
});
