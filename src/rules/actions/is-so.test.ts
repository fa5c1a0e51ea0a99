import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccessNow, isSeatChanged, isSo } from "./is-so.ts";

const ann: AccessNow = {
  isKnown: true,
  groups: [{ sourceId: "users", name: "Users" }],
  isActive: true,
  isSuspended: false,
};

describe("isSo", () => {
  it("tells a membership by the groups that were read", () => {
    assert.equal(isSo("remove-member", "users", ann), false);
    assert.equal(isSo("remove-member", "admins", ann), true);
    assert.equal(isSo("add-member", "users", ann), true);
  });

  it("takes nothing from an account that is gone, and gives it nothing", () => {
    const gone: AccessNow = { isKnown: false, groups: null, isActive: null, isSuspended: null };

    assert.equal(isSo("remove-member", "users", gone), true);
    assert.equal(isSo("suspend-account", undefined, gone), true);
    assert.equal(isSo("add-member", "users", gone), false);
  });

  it("does not guess what was not read", () => {
    const unread: AccessNow = { isKnown: true, groups: null, isActive: null, isSuspended: null };

    assert.equal(isSo("remove-member", "users", unread), null);
    assert.equal(isSo("suspend-account", undefined, unread), null);
    assert.equal(isSo("disable-account", undefined, unread), null);
  });
});

describe("isSeatChanged", () => {
  it("accepts any way in which the seat was taken", () => {
    assert.equal(isSeatChanged("reclaim", ["users"], ann), false);
    assert.equal(isSeatChanged("reclaim", ["admins"], ann), true);
    assert.equal(isSeatChanged("reclaim", ["users"], { ...ann, isSuspended: true }), true);
    assert.equal(isSeatChanged("reclaim", ["users"], { ...ann, isActive: false }), true);
  });

  it("is back only with all its groups, and active", () => {
    assert.equal(isSeatChanged("restore", ["users"], ann), true);
    assert.equal(isSeatChanged("restore", ["users", "admins"], ann), false);
    assert.equal(isSeatChanged("restore", ["users"], { ...ann, isSuspended: true }), false);
  });
});
