import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

const SHOWN = 5;

/**
 * As `deepEqual` of two lists in one order, but tells the first rows that differ instead of a difference of everything,
 * which takes all memory for a list of a million.
 */
export function assertSameRows(found: readonly unknown[], expected: readonly unknown[]): void {
  const differing: string[] = [];
  for (let index = 0; index < Math.max(found.length, expected.length) && differing.length < SHOWN; index += 1) {
    if (isDeepStrictEqual(found[index], expected[index])) continue;
    differing.push(`row ${index}: ${short(found[index])} instead of ${short(expected[index])}`);
  }
  assert.ok(
    differing.length === 0,
    `${found.length} rows, expected ${expected.length}; they differ from here on:\n${differing.join("\n")}`,
  );
}

function short(row: unknown): string {
  const text = JSON.stringify(row) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
