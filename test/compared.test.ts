import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, describe, it } from "node:test";

const CHECKOUT = new URL("..", import.meta.url);

/** What the page has to speak of: F1 to F11 and S1 to S17. */
const LIMITS = [
  ...Array.from({ length: 11 }, (_, index) => `F${index + 1}`),
  ...Array.from({ length: 17 }, (_, index) => `S${index + 1}`),
];

describe("the comparison", () => {
  let rows: Map<string, string>;
  before(async () => {
    const page = await readFile(new URL("docs/guide/compared.md", CHECKOUT), "utf8");
    rows = new Map([...page.matchAll(/^\| ([FS]\d+) \|(.+)\|$/gm)].map(([, limit = "", row = ""]) => [limit, row]));
  });

  it("speaks of every limit once", () => {
    assert.deepEqual([...rows.keys()], LIMITS);
  });

  it("names only tests that exist", async () => {
    const missing: string[] = [];
    for (const [limit, row] of rows) {
      const named = [...row.matchAll(/`([^`]+\.test\.ts)` "([^"]+)"/g)];
      assert.ok(named.length > 0, `${limit} names no test`);
      for (const [, path = "", name = ""] of named) {
        const source = await readFile(new URL(path, CHECKOUT), "utf8").catch(() => "");
        if (!source.includes(`it("${name}"`)) missing.push(`${limit}: ${path} "${name}"`);
      }
    }
    assert.deepEqual(missing, []);
  });
});
