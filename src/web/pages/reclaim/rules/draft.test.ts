import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Condition, conditionOf, draftOf, type Kind, pathOf, thresholdOf } from "./draft.ts";

const parameter = { label: "", isRequired: false, default: null, min: null, max: null, choices: null };
const KINDS: readonly Kind[] = [
  {
    id: "idle",
    label: "Idle",
    description: "",
    parameters: [
      { ...parameter, name: "days", type: "integer" },
      { ...parameter, name: "kinds", type: "list" },
    ],
  },
  {
    id: "expression",
    label: "Expression",
    description: "",
    parameters: [{ ...parameter, name: "cel", type: "text", isRequired: true }],
  },
];
const draft = (condition: Condition) => draftOf({ name: "Idle", siteIds: null, condition, settings: {} as never });

describe("the draft of a reclamation rule", () => {
  it("is the same condition again after it was shown in the form", () => {
    const conditions: readonly Condition[] = [
      { is: "idle", days: 60 },
      { is: "idle", days: 60, kinds: ["viewed", "authenticated"] },
      { not: { is: "idle", days: 3 } },
      {
        all: [
          { is: "idle", days: 60 },
          { is: "expression", cel: 'person.department in ["a", "b"]' },
        ],
      },
      { any: [{ is: "idle", days: 60 }, { not: { is: "idle", days: 90 } }] },
      {
        all: [
          {
            any: [
              { is: "idle", days: 60 },
              { is: "idle", days: 61 },
            ],
          },
          { is: "idle" },
        ],
      },
    ];
    for (const each of conditions) assert.deepEqual(conditionOf(draft(each), KINDS), each);
  });

  it("asks nothing while a part lacks what it needs", () => {
    assert.equal(conditionOf(draft({ all: [{ is: "idle", days: 60 }, { is: "expression" }] }), KINDS), null);
  });

  it("knows where the API speaks of each field", () => {
    assert.equal(pathOf(draft({ is: "idle", days: 60 }), 0, "days"), "condition.days");
    const several = draft({ all: [{ is: "idle" }, { not: { is: "expression", cel: "true" } }] });
    assert.equal(pathOf(several, 1, "cel"), "condition.all.1.not.cel");
  });

  it("has a threshold where it asks for days of silence", () => {
    assert.equal(thresholdOf({ all: [{ is: "outsider" }, { is: "idle", days: 45 }] }), 45);
    assert.equal(thresholdOf({ is: "person-left" }), null);
  });
});
