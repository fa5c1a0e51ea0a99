import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sayCron } from "./cron-words.ts";

describe("a schedule in words", () => {
  const cases: readonly [cron: string, words: string][] = [
    ["17 3 * * *", "every day at 03:17 UTC"],
    ["*/5 * * * *", "every 5 minutes"],
    ["* * * * *", "every minute"],
    ["41 * * * *", "every hour at :41"],
    ["7,37 * * * *", "every hour at :07 and :37"],
    ["10 */6 * * *", "every 6 hours at :10"],
    ["0 8,18 * * *", "every day at 08:00 and 18:00 UTC"],
    ["0 9 * * 1-5", "on weekdays at 09:00 UTC"],
    ["0 9 * * 0,6", "at weekends at 09:00 UTC"],
    ["30 6 * * 1,4", "on Mondays and Thursdays at 06:30 UTC"],
    ["0 0 1,15 * *", "on day 1 and 15 of the month at 00:00 UTC"],
    ["0 0 1 1,7 *", "on day 1 of the month in January and July at 00:00 UTC"],
    ["0 0 13 * 5", "on day 13 of the month or on Fridays at 00:00 UTC"],
    ["*/15 9-10 * * *", "every day at every 15 minutes of 09:00 and 10:00 UTC"],
    ["30 6 * * 7", "on Sundays at 06:30 UTC"],
  ];
  for (const [cron, words] of cases) {
    it(`tells ${cron} as ${words}`, () => assert.equal(sayCron(cron), words));
  }

  it("gives back what is no schedule", () => {
    assert.equal(sayCron("at dawn"), "at dawn");
  });
});
