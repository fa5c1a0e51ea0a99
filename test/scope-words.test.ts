import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sayScope } from "../src/rules/credential-requirements.ts";
import { CONFLUENCE_CLOUD_NEEDS } from "../src/sources/confluence-cloud/needs.ts";

describe("scopes in words", () => {
  it("are there for every scope that a source asks for", () => {
    const scopes = CONFLUENCE_CLOUD_NEEDS.flatMap((each) => Object.values(each.scopes).flat());

    assert.ok(scopes.length > 0);
    assert.deepEqual(
      scopes.filter((scope) => sayScope(scope) === scope),
      [],
    );
  });
});
