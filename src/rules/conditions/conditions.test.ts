import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Condition, ConditionTerms } from "../../model/conditions.ts";
import type { EvidenceKind } from "../../model/facts.ts";
import type { ReadingWindow, SeatFacts } from "../../model/seats.ts";
import { anyCondition, anySeatFacts } from "../../store/testing/arbitraries.ts";
import { OBSERVED_AT, daysAgo } from "../../store/testing/facts.ts";
import { seatFacts } from "../../store/testing/seat-facts.ts";
import { checkCondition } from "./check.ts";
import { evaluateCondition } from "./evaluate.ts";
import { CONDITIONS } from "./index.ts";

const TERMS: ConditionTerms = {
  asOf: OBSERVED_AT,
  evidence: ["viewed", "authenticated", "contributed", "administered"],
  lateHoursMax: 60,
};
const SEEN: ReadingWindow = { kind: "viewed", knownSince: null, knownUntil: OBSERVED_AT };
const IDLE: Condition = { is: "idle", days: 60 };

function judge(condition: Condition, facts: Partial<SeatFacts>, terms: Partial<ConditionTerms> = {}) {
  const { matches, lacksEvidence } = evaluateCondition(condition, seatFacts(facts), { ...TERMS, ...terms });
  return matches ? "matches" : lacksEvidence ? "lacks evidence" : "does not match";
}

describe("idle", () => {
  it("holds when reading is known for all those days and shows none of them", () => {
    assert.equal(judge(IDLE, { viewedAt: daysAgo(61), reading: [SEEN] }), "matches");
    assert.equal(judge(IDLE, { viewedAt: daysAgo(60), reading: [SEEN] }), "does not match");
  });

  it("does not hold when anything at all was used, whichever kinds count as silence", () => {
    const facts = { viewedAt: daysAgo(90), administeredAt: daysAgo(5), reading: [SEEN] };

    assert.equal(judge(IDLE, facts, { evidence: ["viewed"] }), "does not match");
  });

  it("lacks evidence when reading is not observed, known too late, or not known up to now", () => {
    const late = { ...SEEN, knownSince: daysAgo(59) };
    const ended = { ...SEEN, knownUntil: daysAgo(4) };

    for (const reading of [[], [late], [ended], [late, { ...ended, kind: "authenticated" as const }]]) {
      assert.equal(judge(IDLE, { contributedAt: daysAgo(200), reading }), "lacks evidence");
    }
  });

  it("does not take two halves of silence for a whole", () => {
    const reading: ReadingWindow[] = [
      { kind: "viewed", knownSince: null, knownUntil: daysAgo(30) },
      { kind: "authenticated", knownSince: daysAgo(40), knownUntil: OBSERVED_AT },
    ];

    assert.equal(judge(IDLE, { reading }), "lacks evidence");
  });

  it("counts only the kinds that the rule trusts", () => {
    const facts = { viewedAt: daysAgo(90), reading: [SEEN] };

    assert.equal(judge(IDLE, facts, { evidence: ["authenticated"] }), "lacks evidence");
    assert.equal(judge({ ...IDLE, kinds: ["authenticated"] }, facts), "lacks evidence");
  });

  it("does not hold of a seat that was given since", () => {
    const facts = { grantedAt: daysAgo(40), reading: [SEEN] };

    assert.equal(judge(IDLE, facts), "does not match");
    assert.equal(judge(IDLE, { ...facts, grantedOrigin: "first-seen" }), "matches");
  });
});

describe("never used", () => {
  const NEVER: Condition = { is: "never-used", grantedDays: 30 };

  it("holds when reading is known since it was given", () => {
    const since = { ...SEEN, knownSince: daysAgo(50) };

    assert.equal(judge(NEVER, { grantedAt: daysAgo(40), reading: [since] }), "matches");
    assert.equal(judge(NEVER, { grantedAt: daysAgo(60), reading: [since] }), "lacks evidence");
    assert.equal(judge(NEVER, { grantedAt: daysAgo(20), reading: [since] }), "does not match");
    assert.equal(judge(NEVER, { grantedAt: daysAgo(40), contributedAt: daysAgo(300) }), "does not match");
  });
});

describe("the other conditions", () => {
  it("know outsiders by address or by the import, and nothing where both are hidden", () => {
    const outsider: Condition = { is: "outsider", domains: ["Acme.example"] };

    assert.equal(judge(outsider, { email: "bo@partner.example" }), "matches");
    assert.equal(judge(outsider, { email: "bo@acme.example" }), "does not match");
    assert.equal(judge(outsider, { email: null, employmentType: "external" }), "matches");
    assert.equal(judge(outsider, { email: null }), "does not match");
    assert.equal(judge({ not: outsider }, { email: null }), "does not match");
  });

  it("leave the account that is used last, and whoever has only one", () => {
    const duplicate: Condition = { is: "duplicate-account" };

    assert.deepEqual(
      [null, 1, 2].map((duplicateRank) => judge(duplicate, { duplicateRank })),
      ["does not match", "does not match", "matches"],
    );
    assert.equal(judge({ not: duplicate }, { duplicateRank: null }), "matches");
  });

  it("find guests without a space only where rights are read", () => {
    const guest: Condition = { is: "guest-without-space" };
    const fields = { seatId: null, accountClass: "guest" as const };

    assert.equal(judge(guest, { ...fields, spacesCount: 0 }), "matches");
    assert.equal(judge(guest, { ...fields, spacesCount: null }), "does not match");
  });

  it("take the least active seats only while so much of the capacity is used", () => {
    const over: Condition = { is: "over-capacity", seats: 3, percent: 95 };
    const facts = seatFacts({ viewedAt: daysAgo(9), reading: [SEEN] });
    const outcome = (rank: number | null, usedPercent: number | null) => {
      const { matches, lacksEvidence } = evaluateCondition(over, facts, TERMS, { rank, usedPercent });
      return [matches, lacksEvidence];
    };

    assert.deepEqual(outcome(3, 95), [true, false]);
    assert.deepEqual(outcome(4, 95), [false, false]);
    assert.deepEqual(outcome(1, 94.9), [false, false]);
    assert.deepEqual(outcome(null, 100), [false, true]);
    assert.deepEqual(outcome(1, null), [false, false]);
  });
});

describe("a condition that cannot be told", () => {
  it("never matches, not through a negation either", () => {
    const unknown: Condition = { is: "expression", cel: 'person.department == "Sales"' };

    assert.equal(judge(unknown, { department: null }), "does not match");
    assert.equal(judge({ not: unknown }, { department: null }), "does not match");
    assert.equal(
      judge({ any: [unknown, { is: "person-left" }] }, { department: null, personStatus: "left" }),
      "matches",
    );
    assert.equal(judge({ not: IDLE }, { reading: [] }), "lacks evidence");
  });

  it("lacks evidence only where evidence would change something", () => {
    const inSales: Condition = { is: "expression", cel: 'person.department == "Sales"' };

    assert.equal(judge({ all: [IDLE, inSales] }, { department: "Sales" }), "lacks evidence");
    assert.equal(judge({ all: [IDLE, inSales] }, { department: "Docs" }), "does not match");
    assert.equal(judge({ all: [IDLE, inSales] }, { department: null }), "does not match");
  });

  it("says what is missing, of each kind that could tell", () => {
    const facts = seatFacts({ reading: [{ ...SEEN, knownSince: daysAgo(20) }] });

    const { missing } = evaluateCondition(IDLE, facts, TERMS);

    assert.deepEqual(
      missing.map(({ kind, why, neededSince }) => [kind, why, neededSince]),
      [
        ["viewed", "begins-too-late", daysAgo(60).toISOString()],
        ["authenticated", "not-observed", daysAgo(60).toISOString()],
      ],
    );
  });
});

describe("over any history", () => {
  const readers: readonly EvidenceKind[] = ["viewed", "authenticated"];
  const silences: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ is: fc.constant("idle"), days: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ is: fc.constant("never-used"), grantedDays: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ is: fc.constant("over-capacity"), seats: fc.constant(1000), percent: fc.constant(1) }),
  );
  const standing = { rank: 1, usedPercent: 100 };

  it("a reader who never writes is not taken by a rule that saw only writing", () => {
    fc.assert(
      fc.property(anySeatFacts, silences, fc.boolean(), (facts, silence, isNamedOnly) => {
        // Reading may well be observed: the rule does not go by it.
        const evidence: EvidenceKind[] = ["contributed", "administered"];
        const reader = { ...facts, contributedAt: null, administeredAt: null };
        const condition: Condition = isNamedOnly ? silence : { any: [silence, { all: [silence, silence] }] };

        assert.equal(evaluateCondition(condition, reader, { ...TERMS, evidence }, standing).matches, false);
      }),
    );
  });

  it("a seat whose reading was never observed is taken by no silence, however it is combined", () => {
    const combined = fc.letrec<{ tree: Condition }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        silences,
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
      ),
    })).tree;
    fc.assert(
      fc.property(anySeatFacts, combined, (facts, condition) => {
        const outcome = evaluateCondition(condition, { ...facts, reading: [] }, TERMS, standing);

        assert.equal(outcome.matches, false);
      }),
    );
  });

  it("a seat that lacks evidence is not taken, and more use never makes a seat idle", () => {
    fc.assert(
      fc.property(anySeatFacts, anyCondition, (facts, condition) => {
        fc.pre(checkCondition(condition).ok);
        const { matches, lacksEvidence } = evaluateCondition(condition, facts, TERMS, standing);

        assert.ok(!(matches && lacksEvidence));
      }),
    );
    fc.assert(
      fc.property(anySeatFacts, silences, fc.constantFrom(...readers), (facts, silence, kind) => {
        fc.pre("is" in silence && silence.is === "idle");
        const used = { ...facts, [`${kind}At`]: daysAgo(0) };

        assert.equal(evaluateCondition(silence, used, TERMS).matches, false);
      }),
    );
  });
});

describe("checking a condition", () => {
  const messagesOf = (condition: unknown) => {
    const checked = checkCondition(condition);
    return checked.ok ? [] : checked.error.map(({ path, message }) => `${path}: ${message}`);
  };

  it("says at which character an expression is not one", () => {
    const wrong: [cel: string, position: number][] = [
      ["person.department ==", 21],
      ['person.team == "x"', 8],
      ["seat.groups", 1],
      ['person.department > "a"', 1],
      ['person.department.matches("a")', 1],
      ["[1, 2].exists(each, each > 1) && seat.groups == 1", 1],
      ["true && seat.idle(0)", 19],
      ['seat.idle(60, ["contributed"])', 15],
      ['seat.grantedAt < timestamp("soon")', 18],
      ['seat.grantedAt < now - duration("one day")', 24],
      ["seat.groups == 1 ? true : false", 1],
      ['"a" in ["a", "b"] && account.email == "\\u0000"', 39],
    ];

    for (const [cel, position] of wrong) {
      const [message = ""] = messagesOf({ is: "expression", cel });
      assert.match(message, new RegExp(`^condition.cel: At character ${position}: `), cel);
    }
  });

  it("takes what people write of instants and durations", () => {
    for (const cel of [
      'seat.grantedAt < now - duration("30d")',
      'now - seat.grantedAt >= duration("1h30m")',
      'seat.grantedAt >= timestamp("2026-03-01T00:00:00+01:00")',
      'has(person.managerId) && !(person.location in ["Bonn", "Kiel"])',
    ]) {
      assert.deepEqual(messagesOf({ is: "expression", cel }), [], cel);
    }
  });

  it("is bounded in size and depth", () => {
    const deep = Array.from({ length: 20 }).reduce<Condition>((not) => ({ not }), { is: "idle" });

    assert.match(messagesOf(deep)[0] ?? "", /Nested deeper than 8/);
    assert.match(messagesOf({ all: Array.from({ length: 60 }, () => IDLE) })[0] ?? "", /More than 50 parts/);
    assert.match(messagesOf({ is: "expression", cel: `${"!".repeat(3000)}true` })[0] ?? "", /up to 2000 characters/);
    assert.equal(messagesOf({ is: "expression", cel: `${"(".repeat(500)}true${")".repeat(500)}` }).length, 1);
  });

  it("refuses what is no condition, whatever it is", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.equal(checkCondition(value).ok, false)));
  });

  it("answers whatever is written as an expression", () => {
    const words = [
      "person",
      "seat",
      ".",
      "department",
      "idle",
      "(",
      ")",
      "60",
      '"a"',
      "&&",
      "!",
      "in",
      "[",
      "]",
      "==",
      "\\",
      "?",
    ];
    const written = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...words)).map((each) => each.join(" ")),
    );

    fc.assert(
      fc.property(written, (cel) => void messagesOf({ is: "expression", cel })),
      { numRuns: 500 },
    );
  });

  it("refuses silence that none of the rule's kinds of evidence could prove", () => {
    const checked = checkCondition({ any: [IDLE] }, { evidence: ["contributed"] });

    assert.ok(!checked.ok);
    assert.match(checked.error[0]?.message ?? "", /could never match/);
  });

  it("knows every condition by one name, each with values that can be left out or are asked for", () => {
    assert.equal(new Set(CONDITIONS.map(({ id }) => id)).size, CONDITIONS.length);
    for (const { id, parameters } of CONDITIONS) {
      const needed = parameters.filter(({ isRequired }) => isRequired);
      assert.equal(messagesOf({ is: id }).length, needed.length, id);
    }
  });
});
