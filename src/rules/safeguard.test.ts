import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeSafeguard, type KindDifference } from "./safeguard.ts";

const settings = { safeguardPercentMax: 20, safeguardCountMin: 10 };
const nothing: KindDifference[] = [
  { kind: "accounts", known: 100, gone: 0 },
  { kind: "groups", known: 10, gone: 0 },
  { kind: "memberships", known: 500, gone: 0 },
];
const withGone = (kind: KindDifference["kind"], gone: number) =>
  nothing.map((each) => (each.kind === kind ? { ...each, gone } : each));

describe("the safeguard", () => {
  it("lets pass what is within the share, to the last one", () => {
    assert.deepEqual(judgeSafeguard(withGone("accounts", 20), settings, false), []);
  });

  it("holds one more than the share", () => {
    const held = judgeSafeguard(withGone("accounts", 21), settings, false);

    assert.deepEqual(held, [{ kind: "accounts", known: 100, gone: 21, reason: "too-many-gone" }]);
  });

  it("never holds fewer than the smallest number, whatever their share", () => {
    assert.deepEqual(judgeSafeguard(withGone("groups", 9), settings, false), []);
  });

  it("holds any loss after the account behind the credential changed", () => {
    const held = judgeSafeguard(withGone("groups", 1), settings, true);

    assert.deepEqual(
      held.map((each) => each.reason),
      ["credential-changed"],
    );
  });

  it("holds nothing when nothing is gone, even with another account", () => {
    assert.deepEqual(judgeSafeguard(nothing, settings, true), []);
  });

  it("never lets the last group that gives the product go", () => {
    const lastTwo: KindDifference[] = [{ kind: "product-access", known: 2, gone: 2 }];
    const oneOfTwo: KindDifference[] = [{ kind: "product-access", known: 2, gone: 1 }];

    assert.deepEqual(
      judgeSafeguard(lastTwo, settings, false).map((each) => each.reason),
      ["none-left"],
    );
    assert.deepEqual(judgeSafeguard(oneOfTwo, settings, false), []);
  });

  it("holds a group that is gone together with its memberships", () => {
    const differences = nothing.map((each) => ({
      ...each,
      gone: each.kind === "memberships" ? 400 : each.kind === "groups" ? 1 : 0,
    }));

    const held = judgeSafeguard(differences, settings, false);

    assert.deepEqual(
      held.map(({ kind, reason }) => [kind, reason]),
      [
        ["memberships", "too-many-gone"],
        ["groups", "depends-on-held"],
      ],
    );
  });
});
