import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import { afterSilence, daysAfter, isLeaveDate, keptAfterLeave, remindersDue } from "./check-in.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const settings = DEFAULT_RECLAMATION_SETTINGS;

describe("a check-in", () => {
  it("takes silence as the rule says, and never as leave to take what nobody could observe", () => {
    const reclaims = { ...settings, noAnswer: "reclaim" as const };
    const keeps = { ...settings, noAnswer: "keep" as const };

    assert.equal(afterSilence({ lacksEvidence: false, settings: reclaims }), "reclaim");
    assert.equal(afterSilence({ lacksEvidence: true, settings: reclaims }), "escalate");
    assert.equal(afterSilence({ lacksEvidence: true, settings: keeps }), "keep");
  });

  it("reminds on the days before the answer is due", () => {
    const asked = { askedAt: NOW, dueAt: daysAfter(NOW, 7), settings };
    const due = (days: number) => remindersDue(asked, daysAfter(NOW, days));

    assert.deepEqual([0, 3.9, 4, 5.9, 6, 7].map(due), [0, 0, 1, 1, 2, 2]);
  });

  it("sends no reminder for a day before the question", () => {
    const asked = { askedAt: NOW, dueAt: daysAfter(NOW, 2), settings };

    assert.equal(remindersDue(asked, NOW), 0);
    assert.equal(remindersDue(asked, daysAfter(NOW, 1)), 1);
  });

  it("leaves somebody who is back from leave alone like somebody new", () => {
    assert.deepEqual(keptAfterLeave(NOW, settings), daysAfter(NOW, 30));
    assert.deepEqual(
      [0, 1, 400, 401].map((days) => isLeaveDate(daysAfter(NOW, days), NOW)),
      [false, true, true, false],
    );
  });
});
