import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { startSimulator } from "../server.ts";
import { acmeOf, asker } from "../testing.ts";
import { holdsSeat } from "../world/world.ts";
import { billingTruth } from "./billing.ts";

const at = (text: string) => Date.parse(`${text}Z`);

describe("the truth of what is billed", () => {
  it("has the highest number of each period, and begins the next with what was there at the end", () => {
    const counts = [
      { at: at("2026-01-20T09:00"), seats: 100 },
      { at: at("2026-01-25T10:00"), seats: 103 },
      { at: at("2026-01-25T11:00"), seats: 98 },
      { at: at("2026-02-20T00:00"), seats: 97 },
    ];

    const { days, periods } = billingTruth(counts, at("2026-02-21T12:00"), 15);

    assert.deepEqual(periods, [
      { from: "2026-01-15", until: "2026-02-15", seatsAtStart: 100, highest: 103, seatsAtEnd: 98, isOver: true },
      { from: "2026-02-15", until: "2026-03-15", seatsAtStart: 98, highest: 98, seatsAtEnd: 97, isOver: false },
    ]);
    assert.equal(days.length, 33);
    assert.deepEqual(days[5], { day: "2026-01-25", seats: 98, highest: 103 });
    assert.deepEqual(days[31], { day: "2026-02-20", seats: 97, highest: 97 });
  });

  it("bills on the last day of months that are too short", () => {
    const { periods } = billingTruth([{ at: at("2026-01-31T00:00"), seats: 5 }], at("2026-05-01T00:00"), 31);

    assert.deepEqual(
      periods.map(({ from, until }) => [from, until]),
      [
        ["2026-01-31", "2026-02-28"],
        ["2026-02-28", "2026-03-31"],
        ["2026-03-31", "2026-04-30"],
        ["2026-04-30", "2026-05-31"],
      ],
    );
  });

  it("follows every way in which a seat comes and goes, on Cloud and on Data Center", async () => {
    const clock = manualClock(new Date("2026-03-01T08:00:00Z"));
    const simulator = await startSimulator({ scale: "tiny", seed: 2, limits: "off", clock });
    const { control } = asker(simulator);
    const site = acmeOf(simulator);
    const [one, two] = site.people.filter((each) => each.index > 1 && holdsSeat(site, each));
    const seats = () => site.people.filter((each) => site.knows.has(each.index) && holdsSeat(site, each)).length;
    const before = seats();
    const change = async (...changes: object[]) => {
      clock.moveBy(86_400_000);
      await control("/change", changes);
    };

    await change({ kind: "suspend", account: one?.id });
    await change({ kind: "deactivate", account: two?.id });
    await change({ kind: "add-account" });
    await change({ kind: "remove-group", group: "Everyone at Acme" });
    const cloud = JSON.parse((await control("/truth/billing?site=acme")).text);
    await change({ kind: "deactivate", site: "wiki", account: "rita" });
    const wiki = JSON.parse((await control("/truth/billing?site=wiki")).text);
    const first = wiki.days[0].seats;
    const wrong = await control("/truth/billing?billingDay=32");
    await simulator.close();

    const rows: { seats: number }[] = cloud.days;
    assert.deepEqual(
      rows.map((each) => each.seats),
      [before, before - 1, before - 2, before - 1, seats()],
    );
    assert.equal(cloud.periods[0].highest, before);
    assert.deepEqual([wiki.days.at(-1).seats, wiki.periods[0].highest], [first - 1, first]);
    assert.match(wrong.text, /1 to 31/);
  });
});
