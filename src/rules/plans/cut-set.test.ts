import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type AccessGroups, cutSet } from "./cut-set.ts";

describe("cutSet", () => {
  it("names the nested group that the account is in, not the one that gives the product", () => {
    const groups = { giving: new Set(["users"]), above: new Map([["team", ["staff", "users"]]]) };

    assert.deepEqual(cutSet(["team", "guild"], groups), ["team"]);
  });

  it("is the smallest set that ends all access, whatever the nesting", () => {
    fc.assert(
      fc.property(world, ({ direct, groups }) => {
        const found = cutSet(direct, groups);

        assert.deepEqual([...found].toSorted(), smallestByTrying(direct, groups));
      }),
    );
  });
});

const NAMES = ["a", "b", "c", "d", "e", "f"];

/** Nesting may form circles, as Data Center's does. */
const world = fc
  .record({
    direct: fc.subarray(NAMES),
    giving: fc.subarray(NAMES),
    edges: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), { maxLength: 10 }),
  })
  .map(({ direct, giving, edges }) => ({
    direct,
    groups: { giving: new Set(giving), above: new Map(NAMES.map((name) => [name, reach(name, edges)])) },
  }));

function reach(from: string, edges: readonly (readonly [string, string])[]): string[] {
  const found = new Set<string>();
  const walk = (name: string) => {
    for (const [inner, outer] of edges) {
      if (inner !== name || found.has(outer)) continue;
      found.add(outer);
      walk(outer);
    }
  };
  walk(from);
  return [...found];
}

/** Tries every set of memberships, smallest first, and gives the first that leaves no access. */
function smallestByTrying(direct: readonly string[], { giving, above }: AccessGroups): string[] {
  const hasAccess = (memberships: readonly string[]) =>
    memberships.some((each) => [each, ...(above.get(each) ?? [])].some((group) => giving.has(group)));
  const subsets = Array.from({ length: 2 ** direct.length }, (_, mask) =>
    direct.filter((__, index) => mask & (1 << index)),
  ).toSorted((left, right) => left.length - right.length);
  const smallest = subsets.find((removed) => !hasAccess(direct.filter((each) => !removed.includes(each)))) ?? [];
  return smallest.toSorted();
}
