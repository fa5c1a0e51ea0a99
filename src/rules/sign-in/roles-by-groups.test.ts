import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupsOf, rolesByGroups } from "./roles-by-groups.ts";

describe("roles by a provider's groups", () => {
  const mapping = [
    { value: "it", role: "connection-admin" as const },
    { value: "finance", role: "license-manager" as const },
  ];

  it("gives every role that a group names, and the default one where none does", () => {
    assert.deepEqual(rolesByGroups({ mapping, defaultRole: "member" }, ["finance", "it", "chess"]), [
      "connection-admin",
      "license-manager",
    ]);
    assert.deepEqual(rolesByGroups({ mapping, defaultRole: "member" }, ["chess"]), ["member"]);
    assert.deepEqual(rolesByGroups({ mapping, defaultRole: null }, ["chess"]), []);
  });

  it("says nothing of roles where no mapping is set", () => {
    assert.equal(rolesByGroups({ mapping: [], defaultRole: "member" }, ["it"]), null);
  });

  it("finds groups in a claim that is a text, a list, or lies deeper", () => {
    assert.deepEqual(groupsOf({ groups: ["a", 7, "b"] }, "groups"), ["a", "b"]);
    assert.deepEqual(groupsOf({ role: "a" }, "role"), ["a"]);
    assert.deepEqual(groupsOf({ realm_access: { roles: ["a"] } }, "realm_access.roles"), ["a"]);
    assert.deepEqual(groupsOf({ "https://acme.example/groups": ["a"] }, "https://acme.example/groups"), ["a"]);
    assert.deepEqual(groupsOf({}, "groups"), []);
  });
});
