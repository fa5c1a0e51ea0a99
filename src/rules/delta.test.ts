import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AuditChange, AuditObject } from "../model/facts.ts";
import { isTooMuch, judgeHints, type Hint, type KnownThings, type LookAgain } from "./delta.ts";

const KNOWN: KnownThings = {
  groups: [
    { sourceId: "small", names: ["editors"], members: 200 },
    { sourceId: "large", names: ["everybody"], members: 201 },
    { sourceId: "twin", names: ["editors", "writers"], members: 3 },
  ],
  spaces: [
    { sourceId: "1", key: "ENG", names: ["Engineering", "Development"] },
    { sourceId: "2", key: "HR", names: ["People"] },
  ],
  accounts: [
    { sourceId: "bo", names: ["Bo"] },
    { sourceId: "other", names: ["Bo", "Other"] },
  ],
  canAskEverybody: true,
  readsRights: true,
  canNest: false,
  isAccessListed: false,
};
const NOTHING: LookAgain = {
  groups: [],
  membersOf: [],
  nestingsOf: [],
  groupsOf: [],
  accounts: [],
  spaces: [],
  rightsOf: [],
  allAccounts: false,
  allGroups: false,
  allSpaces: false,
  allStatuses: false,
  productAccess: false,
  roles: false,
  untold: [],
};
const named = (type: AuditObject["type"], name: string, sourceId: string | null = null): AuditObject => ({
  type,
  sourceId,
  name,
});
const hint = (change: AuditChange, ...objects: AuditObject[]): Hint => ({ change, objects });
const look = (hints: readonly Hint[], known: Partial<KnownThings> = {}) => judgeHints(hints, { ...KNOWN, ...known });

describe("what a hint of the audit log has looked at again", () => {
  it("is nothing where it names nothing that a run reads", () => {
    assert.deepEqual(look([hint("other", named("space", "Engineering"))]), NOTHING);
  });

  it("is the members of a group of up to 200", () => {
    const seen = look([hint("member-added", named("group", "editors", "small"), named("account", "Bo"))]);

    assert.deepEqual(seen, { ...NOTHING, membersOf: ["small"] });
  });

  it("is, for a larger group, the groups of every account of that name", () => {
    const seen = look([hint("member-removed", named("group", "everybody", "large"), named("account", "Bo"))]);

    assert.deepEqual(seen, { ...NOTHING, groupsOf: ["bo", "other"] });
  });

  it("is the account that a record names by its id, and no namesake", () => {
    const seen = look([hint("member-added", named("group", "everybody", "large"), named("account", "Bo", "other"))]);

    assert.deepEqual(seen, { ...NOTHING, groupsOf: ["other"] });
  });

  it("is who and what is in both groups of a record of groups, where groups can hold groups", () => {
    const hints = [hint("member-added", named("group", "everybody", "large"), named("group", "editors", "small"))];

    assert.deepEqual(look(hints, { canNest: true }), {
      ...NOTHING,
      membersOf: ["small"],
      nestingsOf: ["large", "small"],
    });
  });

  it("is a group that is new, and what is in the one that it was put into", () => {
    const hints = [hint("member-added", named("group", "editors", "small"), named("group", "new", "new"))];

    assert.deepEqual(look(hints, { canNest: true }), {
      ...NOTHING,
      groups: ["new"],
      membersOf: ["small"],
      nestingsOf: ["small"],
    });
  });

  for (const change of ["member-removed", "group-removed", "account-changed", "product-access"] as const) {
    it(`is the list of accounts after ${change}, where that alone tells who may use the product`, () => {
      const seen = look([hint(change, named("group", "editors", "small"), named("account", "Bo", "bo"))], {
        isAccessListed: true,
        canAskEverybody: false,
      });

      assert.equal(seen.allAccounts, true);
      assert.deepEqual([seen.accounts, seen.untold], [[], []]);
    });
  }

  it("is an account unknown so far, where the record has its id", () => {
    const seen = look([hint("member-added", named("group", "everybody", "large"), named("account", "New", "new"))]);

    assert.deepEqual(seen, { ...NOTHING, accounts: ["new"], groupsOf: ["new"] });
  });

  it("is left to the next full run where a large group got somebody whose name nobody has", () => {
    const seen = look([hint("member-added", named("group", "everybody", "large"), named("account", "Stranger"))]);

    assert.deepEqual(seen, { ...NOTHING, untold: [{ change: "member-added", why: "unknown-account" }] });
  });

  it("is every group of that name where the record has no id", () => {
    assert.deepEqual(look([hint("member-added", named("group", "editors"))]).membersOf, ["small", "twin"]);
  });

  it("is a group that is not known, by its id; its members follow when it is there", () => {
    assert.deepEqual(look([hint("member-added", named("group", "new", "new"))]), { ...NOTHING, groups: ["new"] });
    assert.deepEqual(look([hint("group-added", named("group", "new", "new"))]), { ...NOTHING, groups: ["new"] });
  });

  it("is the list of groups where a new one has only a name", () => {
    assert.deepEqual(look([hint("group-added", named("group", "new"))]), { ...NOTHING, allGroups: true });
  });

  it("is the group itself when it was changed or removed", () => {
    const hints = [
      hint("group-changed", named("group", "editors", "small")),
      hint("group-removed", named("group", "everybody", "large")),
    ];

    assert.deepEqual(look(hints), { ...NOTHING, groups: ["large", "small"] });
  });

  it("is nothing when what was removed was never known", () => {
    assert.deepEqual(look([hint("group-removed", named("group", "unheard-of"))]), NOTHING);
    assert.deepEqual(look([hint("space-removed", named("space", "Unheard of"))]), NOTHING);
  });

  it("is every account of the name that was changed", () => {
    const hints = [
      hint("account-changed", named("account", "Bo")),
      hint("account-removed", named("account", "Gone", "x")),
    ];

    assert.deepEqual(look(hints), { ...NOTHING, accounts: ["bo", "other", "x"] });
  });

  it("is everybody's status where a record does not say who was deactivated, if that is few", () => {
    assert.deepEqual(look([hint("account-changed")]), { ...NOTHING, allStatuses: true });
    assert.deepEqual(look([hint("account-changed")], { canAskEverybody: false }), {
      ...NOTHING,
      untold: [{ change: "account-changed", why: "names-nobody" }],
    });
  });

  it("is a space by one of its names, or by its key", () => {
    const renamed = hint("space-changed", named("space", "Platform"), named("space", "Development"));

    assert.deepEqual(look([renamed, hint("space-removed", named("space", "HR"))]), { ...NOTHING, spaces: ["1", "2"] });
    assert.deepEqual(look([hint("space-removed", named("space", "People", "HR"))]).spaces, ["2"]);
  });

  it("is the list of spaces where one is new, or has a name that none ever had", () => {
    assert.deepEqual(look([hint("space-added", named("space", "New"))]), { ...NOTHING, allSpaces: true });
    assert.deepEqual(look([hint("space-changed", named("space", "New"))]), { ...NOTHING, allSpaces: true });
    assert.deepEqual(look([hint("space-rights", named("space", "New"))]), { ...NOTHING, allSpaces: true });
  });

  it("is the rights of a space, and the roles that they may name", () => {
    const seen = look([hint("space-rights", named("space", "Engineering"))]);

    assert.deepEqual(seen, { ...NOTHING, rightsOf: ["1"], roles: true });
  });

  it("is no space where rights are not read", () => {
    assert.deepEqual(look([hint("space-rights", named("space", "Engineering"))], { readsRights: false }), NOTHING);
  });

  it("is which groups give the product, when that was changed", () => {
    assert.deepEqual(look([hint("product-access")]), { ...NOTHING, productAccess: true });
  });

  it("is named once however often the log says it", () => {
    const seen = look(Array.from({ length: 9 }, () => hint("member-added", named("group", "editors", "small"))));

    assert.deepEqual(seen.membersOf, ["small"]);
    assert.equal(isTooMuch(seen), false);
  });

  it("is too much when a full run would be no longer", () => {
    const hints = Array.from({ length: 501 }, (_, index) => hint("group-added", named("group", "new", `new-${index}`)));

    assert.equal(isTooMuch(look(hints)), true);
  });
});
