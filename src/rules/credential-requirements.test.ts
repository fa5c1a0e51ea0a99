import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Needs, requirementsOf, sayScope } from "./credential-requirements.ts";

const NEEDS: readonly Needs[] = [
  {
    capability: "roster",
    stores: [],
    scopes: { oauth: ["read:confluence-groups"], "api-token": [], "organization-key": ["read:groups:admin"] },
    role: "Permission to use Confluence",
    lacks: {},
  },
  {
    capability: "reclaim",
    stores: [],
    scopes: { oauth: ["write:confluence-groups", "read:confluence-groups"] },
    role: "Site admin",
    lacks: {},
  },
];

describe("what a credential has to be allowed", () => {
  it("is told by scope, with what each is for, and by role", () => {
    const oauth = requirementsOf(NEEDS, ["roster", "reclaim"]).find(({ kind }) => kind === "oauth");

    assert.deepEqual(oauth?.scopes, [
      {
        scope: "read:confluence-groups",
        says: sayScope("read:confluence-groups"),
        capabilities: ["roster", "reclaim"],
      },
      { scope: "write:confluence-groups", says: sayScope("write:confluence-groups"), capabilities: ["reclaim"] },
    ]);
    assert.deepEqual(oauth.roles, [
      { capability: "roster", role: "Permission to use Confluence" },
      { capability: "reclaim", role: "Site admin" },
    ]);
  });

  it("asks for nothing of what was not chosen", () => {
    const [oauth] = requirementsOf(NEEDS, ["roster"]);

    assert.deepEqual(
      oauth?.scopes.map(({ scope }) => scope),
      ["read:confluence-groups"],
    );
  });

  it("leaves out kinds that serve nothing of it, and puts those last that reach no site by themselves", () => {
    const kinds = requirementsOf(NEEDS, ["roster", "reclaim"]).map(({ kind, isEnough, serves }) => [
      kind,
      isEnough,
      serves,
    ]);

    assert.deepEqual(kinds, [
      ["oauth", true, ["roster", "reclaim"]],
      ["api-token", true, ["roster"]],
      ["organization-key", false, ["roster"]],
    ]);
    assert.deepEqual(
      requirementsOf(NEEDS, ["reclaim"]).map(({ kind }) => kind),
      ["oauth"],
    );
  });
});
