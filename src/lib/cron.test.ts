import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextTime, parseCron } from "./cron.ts";

const after = new Date("2026-05-03T12:34:56.000Z"); // A Sunday.

function next(text: string): string | null {
  const cron = parseCron(text);
  assert.ok(cron, text);
  return nextTime(cron, after)?.toISOString() ?? null;
}

describe("cron expressions", () => {
  it("fire at the next minute that fits, in UTC", () => {
    assert.equal(next("* * * * *"), "2026-05-03T12:35:00.000Z");
    assert.equal(next("17 3 * * *"), "2026-05-04T03:17:00.000Z");
    assert.equal(next("*/15 9-17 * * 1-5"), "2026-05-04T09:00:00.000Z");
    assert.equal(next("0 0 1 */3 *"), "2026-07-01T00:00:00.000Z");
    assert.equal(next("5,35 13 * * 7"), "2026-05-03T13:05:00.000Z");
  });

  it("fire on either day where day of month and day of week are both restricted", () => {
    assert.equal(next("0 0 20 * 3"), "2026-05-06T00:00:00.000Z");
  });

  it("find a leap day, and say when they never fire", () => {
    assert.equal(next("0 0 29 2 *"), "2028-02-29T00:00:00.000Z");
    assert.equal(next("0 0 31 2 *"), null);
  });

  it("are refused when they are not five fields within their bounds", () => {
    const wrong = [
      "",
      "* * * *",
      "60 * * * *",
      "* 24 * * *",
      "* * 0 * *",
      "* * * 13 *",
      "* * * * 8",
      "*/0 * * * *",
      "9-5 * * * *",
      "@daily",
      "0 0 * * mon",
      "1,,2 * * * *",
    ];

    assert.deepEqual(
      wrong.filter((text) => parseCron(text) !== null),
      [],
    );
  });
});
