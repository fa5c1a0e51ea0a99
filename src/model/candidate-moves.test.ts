import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CLOSED_CANDIDATE_STATES, OPEN_CANDIDATE_STATES, type CandidateState } from "./reclamation.ts";
import { checkCandidateMove, isClosedState, statesBefore } from "./candidate-moves.ts";

const STATES: CandidateState[] = [...OPEN_CANDIDATE_STATES, ...CLOSED_CANDIDATE_STATES];
const known = { lacksEvidence: false, answer: null } as const;

describe("the way of a candidate", () => {
  it("goes from found to taken in the order of the states", () => {
    const way = ["detected", "ready", "asking", "deciding", "scheduled", "executing", "reclaimed", "restored"] as const;

    const steps = way.slice(1).map((to, index) => checkCandidateMove({ ...known, state: way[index]! }, to).ok);

    assert.deepEqual(steps, Array(7).fill(true));
  });

  it("reaches the executing state from scheduled alone, and reclaimed from there or by a person's word", () => {
    assert.deepEqual(statesBefore("executing"), ["scheduled"]);
    assert.deepEqual(statesBefore("reclaimed"), ["executing", "attention"]);
    assert.deepEqual(statesBefore("restored"), ["reclaimed"]);
  });

  it("ends at any wait when the seat is kept, used, excluded, taken over or gone", () => {
    for (const from of OPEN_CANDIDATE_STATES.filter((each) => each !== "executing")) {
      for (const to of ["kept", "canceled", "excluded", "superseded", "gone"] as const) {
        assert.deepEqual(checkCandidateMove({ ...known, state: from }, to), { ok: true, value: to });
      }
    }
  });

  it("is over when closed, but for a seat taken that is given back and a holder who thinks better of keeping", () => {
    const moves = CLOSED_CANDIDATE_STATES.flatMap((from) =>
      STATES.filter((to) => checkCandidateMove({ ...known, state: from }, to).ok).map((to) => `${from} ${to}`),
    );

    assert.deepEqual(moves, ["reclaimed restored", "kept scheduled", "kept kept"]);
  });

  it("takes steps within an open state, such as a reminder, and none within a closed one", () => {
    assert.ok(checkCandidateMove({ ...known, state: "asking" }, "asking").ok);
    assert.ok(!checkCandidateMove({ ...known, state: "canceled" }, "canceled").ok);
  });

  it("neither schedules nor takes a seat that lacks evidence without its holder's own answer, over any history", () => {
    const step = fc.record({
      to: fc.constantFrom(...STATES),
      answer: fc.constantFrom(
        undefined,
        null,
        "keep" as const,
        "give-back" as const,
        "on-leave" as const,
        "none" as const,
      ),
      lacksEvidence: fc.option(fc.boolean(), { nil: undefined }),
    });

    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let candidate = { state: "detected" as CandidateState, lacksEvidence: true, answer: null as string | null };
        for (const { to, answer, lacksEvidence } of steps) {
          const next = {
            ...candidate,
            answer: answer === undefined ? candidate.answer : answer,
            lacksEvidence: lacksEvidence ?? candidate.lacksEvidence,
          } as Parameters<typeof checkCandidateMove>[0];
          if (!checkCandidateMove(next, to).ok) continue;
          candidate = { ...next, state: to };
          if (to === "executing" || to === "scheduled") {
            assert.ok(!candidate.lacksEvidence || candidate.answer === "give-back");
          }
        }
      }),
    );
  });

  it("counts open and closed states as the model does", () => {
    assert.deepEqual(STATES.filter(isClosedState), [...CLOSED_CANDIDATE_STATES]);
  });
});
