import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  accessClassesOf,
  canAdminister,
  canRead,
  classOfAccount,
  isGivenProduct,
  roleCanAdminister,
  roleCanRead,
  type AccessFacts,
  type AccountFacts,
} from "./access.ts";

describe("rights on a space", () => {
  it("reads with read/space and administers with administer/space, and with nothing else", () => {
    assert.equal(canRead([{ key: "read", target: "space" }]), true);
    assert.equal(
      canRead([
        { key: "create", target: "page" },
        { key: "read", target: "page" },
      ]),
      false,
    );
    assert.equal(canAdminister([{ key: "administer", target: "space" }]), true);
    assert.equal(canAdminister([{ key: "read", target: "space" }]), false);
  });

  it("ignores operations that nobody documented", () => {
    const unknown = [
      { key: "manage_public_links", target: "space" },
      { key: "archive_space", target: "space" },
    ];

    assert.equal(canRead(unknown), false);
    assert.equal(canAdminister(unknown), false);
  });

  it("understands the permission ids of roles in each spelling seen", () => {
    assert.equal(roleCanRead(["read/space"]), true);
    assert.equal(roleCanRead(["VIEW_CONTENT"]), true);
    assert.equal(roleCanRead(["create/page", "constitute/space"]), false);
    assert.equal(roleCanAdminister(["read/space", "manage_users/space"]), true);
    assert.equal(roleCanAdminister(["read/space", "create/page"]), false);
  });
});

describe("class of an account", () => {
  const employee: AccountFacts = {
    accountType: "atlassian",
    status: "active",
    isGuest: false,
    isSuspended: false,
    isGivenProduct: true,
  };

  it("is licensed only for an active person in a group that gives the product", () => {
    assert.equal(classOfAccount(employee), "licensed");
    assert.equal(classOfAccount({ ...employee, isGivenProduct: false }), "no-access");
    assert.equal(classOfAccount({ ...employee, status: "inactive" }), "deactivated");
    assert.equal(classOfAccount({ ...employee, status: "closed" }), "deactivated");
    assert.equal(classOfAccount({ ...employee, isSuspended: true }), "no-access");
    assert.equal(classOfAccount({ ...employee, isGuest: true }), "guest");
  });

  const counted: AccessFacts = {
    source: "confluence-data-center",
    hasAccess: null,
    isSuspended: null,
    isInGroup: false,
    areGroupsKnown: true,
  };

  it("follows what Data Center counts, whatever the groups say, and the groups where it does not tell", () => {
    assert.equal(isGivenProduct({ ...counted, hasAccess: true }), true);
    assert.equal(isGivenProduct({ ...counted, hasAccess: false, isInGroup: true }), false);
    assert.equal(isGivenProduct({ ...counted, isInGroup: true }), true);
    assert.equal(isGivenProduct(counted), false);
  });

  it("is given Cloud by groups, which the source's own word about the account can only take away", () => {
    const cloud: AccessFacts = { ...counted, source: "confluence-cloud" };

    assert.equal(isGivenProduct({ ...cloud, hasAccess: true }), false);
    assert.equal(isGivenProduct({ ...cloud, hasAccess: false, isInGroup: true }), false);
    assert.equal(isGivenProduct({ ...cloud, hasAccess: false, isInGroup: true, isSuspended: false }), true);
    assert.equal(isGivenProduct({ ...cloud, hasAccess: true, areGroupsKnown: false }), true);
  });

  it("never bills an app or a customer, whatever group it is in", () => {
    assert.equal(classOfAccount({ ...employee, accountType: "app" }), "app");
    assert.equal(classOfAccount({ ...employee, accountType: "customer", status: "inactive" }), "customer");
  });

  it("counts an account whose status nobody told as active", () => {
    assert.equal(classOfAccount({ ...employee, status: "unknown" }), "licensed");
  });

  it("belongs to everybody signed in with a seat or as a guest, and to the administrators only when it is one", () => {
    assert.deepEqual(accessClassesOf({ accountClass: "guest", isProductAdmin: false }), ["authenticated-users"]);
    assert.deepEqual(accessClassesOf({ accountClass: "licensed", isProductAdmin: false }), [
      "authenticated-users",
      "all-licensed-users",
    ]);
    assert.equal(
      accessClassesOf({ accountClass: "licensed", isProductAdmin: true }).includes("all-product-admins"),
      true,
    );
    assert.deepEqual(accessClassesOf({ accountClass: "deactivated", isProductAdmin: true }), []);
  });
});
