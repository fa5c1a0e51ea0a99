import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ActingHealthFacts, judgeActing } from "./acting-health.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const WELL: ActingHealthFacts = {
  failedMessages: { mails: 0, webhooks: 0, lastError: null },
  disabledWebhooks: [],
  actions: { stuck: 0, unverified: 0 },
  pausedPlans: [],
  pausedRules: [],
  checkpoint: { unsigned: 4, since: ago(1) },
};

describe("what an installation does and tells", () => {
  it("is well when nothing waits for somebody", () => {
    const unwell = judgeActing(WELL, NOW).filter(({ verdict, fix }) => verdict !== "ok" || fix !== null);

    assert.deepEqual(unwell, []);
  });

  const cases: [name: string, change: Partial<ActingHealthFacts>, verdict: "warn" | "bad", words: RegExp][] = [
    [
      "messages",
      { failedMessages: { mails: 2, webhooks: 1, lastError: "Refused: no such mailbox." } },
      "warn",
      /2 mails and 1 deliveries .* no such mailbox.*state=failed/,
    ],
    ["webhooks", { disabledWebhooks: ["Flows"] }, "warn", /Flows.*--enable/],
    ["actions", { actions: { stuck: 3, unverified: 1 } }, "bad", /3 changes.*job list/],
    ["actions", { actions: { stuck: 0, unverified: 1 } }, "warn", /never seen.*unverified/],
    ["plans", { pausedPlans: ["plan_1"] }, "warn", /plan_1.*resume/],
    ["rules", { pausedRules: ["Idle 90 days"] }, "warn", /Idle 90 days.*activate/],
    ["checkpoints", { checkpoint: { unsigned: 12, since: ago(5) } }, "warn", /12 entries.*2026-05-03T07:00/],
  ];
  for (const [name, change, expected, words] of cases) {
    it(`warns of ${name}: ${words.source}`, () => {
      const found = judgeActing({ ...WELL, ...change }, NOW).find((each) => each.name === name);

      assert.equal(found?.verdict, expected);
      assert.match(`${found?.says} ${found?.fix}`, words);
    });
  }
});
