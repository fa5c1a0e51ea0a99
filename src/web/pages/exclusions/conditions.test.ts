import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conditionOf, type Draft, draftOf, kindOf, NEW_DRAFT, PATTERNS, TYPES } from "./conditions.ts";

describe("whom an exclusion catches", () => {
  const drafts: readonly Draft[] = [
    { ...NEW_DRAFT, kind: "person", people: [{ id: "person_1", name: "person_1" }] },
    { ...NEW_DRAFT, kind: "group", groups: [{ id: "group_1", name: "group_1" }] },
    { ...NEW_DRAFT, kind: "identifier", identifiers: "COMMUNITY, TRIAL" },
    ...TYPES.map((type): Draft => ({ ...NEW_DRAFT, kind: "type", type })),
    ...PATTERNS.map((how): Draft => ({ ...NEW_DRAFT, kind: "pattern", pattern: { how, value: 'svc-"a"' } })),
  ];

  it("is the same draft again after it was saved", () => {
    for (const draft of drafts) assert.deepEqual(draftOf(conditionOf(draft) ?? {}), draft);
  });

  it("says nothing yet while nobody is named", () => {
    assert.equal(conditionOf(NEW_DRAFT), null);
    assert.equal(conditionOf({ ...NEW_DRAFT, kind: "pattern" }), null);
    assert.equal(conditionOf({ ...NEW_DRAFT, kind: "several", json: '{"all": [' }), null);
  });

  it("is edited as JSON where the form has no field for it, and kept as it is", () => {
    const condition = { any: [{ is: "outsider", domains: ["acme.example"] }, { not: { is: "idle", days: 3 } }] };
    assert.deepEqual(conditionOf(draftOf(condition)), condition);
    assert.equal(kindOf({ condition, builtIn: null }), "several");
  });

  it("is called by the kind that people know", () => {
    assert.equal(kindOf({ condition: null, builtIn: "app-accounts" }), "type");
    assert.equal(kindOf({ condition: null, builtIn: "last-space-admin" }), "own");
    assert.equal(kindOf({ condition: { is: "expression", cel: "seat.idle(3)" }, builtIn: null }), "pattern");
  });
});
