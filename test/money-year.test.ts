import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addLicense } from "../src/commands/licenses/add-license.ts";
import { changeLicense } from "../src/commands/licenses/change-license.ts";
import { computePosition } from "../src/commands/position/compute-position.ts";
import { beginningOf } from "../src/lib/day.ts";
import { manualClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import type { License, LicenseTerms, Pricing } from "../src/model/licenses.ts";
import { realizedByEach, realizedSeats } from "../src/rules/billing/bills.ts";
import { NO_COUNTS } from "../src/rules/position/assemble.ts";
import { standingOfLicense } from "../src/rules/position/line.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { listLines } from "../src/store/position/snapshots.ts";
import { sql } from "../src/store/sql.ts";
import { siteFixture } from "../src/store/testing/facts.ts";
import { testDatabase } from "../src/store/testing/database.ts";
import {
  avoidable,
  bill,
  position,
  quantityFor,
  reckon,
  type Reckoning,
  type ReferenceLicense,
} from "./support/money-reference.ts";
import { type MoneyYear, moneyYear } from "./support/money-year.ts";

/** Seeds of the same remainder by nine have the same metric and currency; so all nine pairs are met. */
const YEARS_IN_STORE = Array.from({ length: 9 }, (_, seed) => seed);
const SAMPLES = 6;

describe("a generated year in dollars, euros and yen", () => {
  it("has, on each of its days, the position and the savings that an independent reckoning has", () => {
    const years = fc.integer({ min: 0, max: 1_000_000 }).map(moneyYear);
    fc.assert(fc.property(years, compareEveryDay), { seed: 20261121, numRuns: 45 });
  });

  for (const seed of YEARS_IN_STORE) {
    const year = moneyYear(seed);
    it(`has them in the store as well, ${year.license.metric} in ${year.currency}`, () => compareInStore(year));
  }
});

/** By the rules alone. */
function compareEveryDay(year: MoneyYear): void {
  const { license, story } = year;
  const reckoned = reckon(license, story);
  for (const [index, period] of reckoned.periods.entries()) {
    const terms = termsOf(year, period.from, period.heldAtStart);
    const held = period.heldAtStart;
    const reclaimed = period.realizedSeats.length;
    const bought = terms.quantity ?? held;
    const counted = realizedSeats(reclaimed, { held, bought });
    const saved = realizedByEach(terms.pricing, bought, counted).reduce<number>((sum, each) => sum + (each ?? NaN), 0);
    assert.equal(saved, period.realizedMinor, `realized at event ${index} on ${period.from}`);

    let peakSeats = held;
    for (const day of reckoned.days.filter((each) => each.day >= period.from && each.day < period.until)) {
      peakSeats = Math.max(peakSeats, day.highest);
      const set = day.held.filter((_, place) => place % 3 === 0);
      const standing = standingOfLicense({
        license: { ...OTHER, ...terms, termEnd: nextRenewalOf(license, day.day) },
        counts: { ...NO_COUNTS, used: day.held.length, idle: set.length, reclaimable: set.length },
        peakSeats,
        realizedMinor: 0,
        at: endOf(day.day),
      });
      assert.deepEqual(told(standing), expected(license, reckoned, day.day), day.day);
      const known = { ...license, prices: pricesOn(license, period.from) };
      const avoided = avoidable(known, day, set);
      assert.equal(standing.money[0]?.avoidableMinor, avoided?.amountMinor, `avoidable on ${day.day}`);
      assert.equal(standing.money[0]?.avoidableFrom, avoided?.event, `avoidable from, on ${day.day}`);
    }
  }
}

/** Through the database: who held a seat when, what each event counted, and the position kept on some days. */
async function compareInStore(year: MoneyYear): Promise<void> {
  const { license, story } = year;
  const reckoned = reckon(license, story);
  const database = await testDatabase();
  const clock = manualClock(beginningOf(story.from));
  const db = openDatabase(database.connection, { clock, log: silentLog });
  try {
    const { siteId } = await siteFixture(db);
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    const ctx = { db, clock, secrets, actor: { operatorId: "system", through: "job" } } as const;
    await tellStory(db, siteId, year);
    const [first, ...others] = reckoned.periods;
    assert.ok(first);
    const made = await addLicense(ctx, { ...termsOf(year, first.from, first.heldAtStart), siteIds: [siteId] });
    assert.ok(made.ok);
    const events = new Map(others.map((each) => [each.from, each]));
    const days = reckoned.days.map(({ day }) => day);
    const sampled = new Set(
      Array.from({ length: SAMPLES }, (_, index) => days[Math.floor((days.length * (index + 0.5)) / SAMPLES)]),
    );

    for (const { day, held } of reckoned.days) {
      const event = events.get(day);
      if (event) {
        clock.moveTo(beginningOf(day));
        const { quantity, pricing } = termsOf(year, day, event.heldAtStart);
        const renewal = license.metric === "monthly" ? {} : { renewalQuantity: quantity };
        const changed = await changeLicense(ctx, made.value.id, null, { pricing, ...renewal });
        assert.ok(changed.ok);
      }
      if (!event && !sampled.has(day)) continue;
      clock.moveTo(endOf(day));
      await standAt(db, siteId, clock.now());
      const snapshot = await computePosition(ctx);
      const line = (await listLines(db, snapshot.id)).find(({ level }) => level === "license");
      assert.ok(line);
      assert.deepEqual(told(line), expected(license, reckoned, day), day);
      const realized = reckoned.periods
        .filter(({ from }) => from <= day)
        .reduce((sum, each) => sum + each.realizedMinor, 0);
      assert.equal(line.money[0]?.realizedMinor, realized, `realized up to ${day}`);
      assert.equal(line.idle, held.length);
    }
  } finally {
    await db.close();
    await database.drop();
  }
}

function told(line: Pick<ReturnType<typeof standingOfLicense>, "owned" | "free" | "short" | "money">) {
  const [money] = line.money;
  const { owned, free, short } = line;
  return {
    owned,
    free,
    short,
    trueUpMinor: money?.trueUpMinor,
    overMinor: money?.overMinor,
    costMinor: money?.costMinor,
  };
}

function expected(license: ReferenceLicense, reckoned: Reckoning, day: string) {
  const { owned, free, short, trueUpMinor, overLicensedMinor } = position(license, reckoned, day);
  const period = reckoned.periods.find((each) => each.from <= day && day < each.until);
  return {
    owned,
    free,
    short,
    trueUpMinor,
    overMinor: overLicensedMinor,
    costMinor: bill(license, period?.from ?? "", owned),
  };
}

/** A license as a person enters it on a day on which its prices and its quantity are agreed. */
function termsOf({ license, currency, story }: MoneyYear, day: string, held: number): LicenseTerms {
  const isMonthly = license.metric === "monthly";
  return {
    name: "Year",
    siteIds: ["site_000000000000"],
    edition: license.metric === "data-center" ? "data-center" : "standard",
    metric: isMonthly ? "monthly-seats" : license.metric === "annual" ? "annual-seats" : "data-center-tier",
    quantity: isMonthly ? null : quantityFor(license, held),
    pricing: pricingOf(license, day),
    currency,
    termStart: story.from,
    termEnd: isMonthly ? null : nextRenewalOf(license, day),
    billingDay: isMonthly ? license.billingDay : null,
    renewalOn: null,
    noticeOn: null,
    autoRenew: !isMonthly,
    renewalQuantity: null,
    costCenter: null,
    ownerId: null,
    note: null,
  };
}

/** A size that is sold as a whole is a tier, whatever its price is made of. */
function pricingOf(license: ReferenceLicense, day: string): Pricing {
  const bands = pricesOn(license, day).at(-1)?.bands ?? [];
  if (license.metric === "monthly" || license.sizes.length === 0) return { kind: "bands", steps: [...bands] };
  return { kind: "tiers", steps: license.sizes.map((upTo) => ({ upTo, priceMinor: bill(license, day, upTo) })) };
}

/** What was agreed by then: nobody has entered what comes later. */
function pricesOn({ prices }: ReferenceLicense, day: string) {
  return prices.filter(({ from }) => from <= day);
}

function nextRenewalOf({ metric, renewals }: ReferenceLicense, day: string): string | null {
  return metric === "monthly" ? null : (renewals.find((each) => each > day) ?? null);
}

const OTHER: Omit<License, keyof LicenseTerms> = {
  id: "license_000000000000",
  revision: 1,
  quantitySince: new Date(0),
  settledTo: "2026-01-01",
  createdBy: "test",
  createdAt: new Date(0),
  updatedAt: new Date(0),
  endedOn: null,
  endedReason: null,
};

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function endOf(day: string): Date {
  return new Date(beginningOf(day).getTime() + DAY_MS - 1);
}

/** The whole year as runs and plans leave it: accounts, seats that began and ended, and candidates that were reclaimed. */
async function tellStory(db: Database, siteId: string, { story }: MoneyYear): Promise<void> {
  const orders = new Map<string, number>();
  const happened = story.events.map((event) => {
    const order = (orders.get(event.day) ?? 0) + 1;
    orders.set(event.day, order);
    return { ...event, at: new Date(beginningOf(event.day).getTime() + order * MINUTE_MS) };
  });
  const names = [...new Set([...story.held, ...story.events.map(({ seat }) => seat)])];
  const open = new Map(story.held.map((seat) => [seat, beginningOf(story.from)]));
  const seats: { seat: string; from: Date; to: Date | null }[] = [];
  const reclaimed: { seat: string; at: Date }[] = [];
  for (const { kind, seat, at } of happened) {
    const from = open.get(seat);
    if (from === undefined) open.set(seat, at);
    else {
      seats.push({ seat, from, to: at });
      open.delete(seat);
    }
    if (kind === "reclaim") reclaimed.push({ seat, at });
  }
  seats.push(...[...open].map(([seat, from]) => ({ seat, from, to: null })));

  await db.query(sql`
    with given as (select name, new_id('person') as person_id from unnest(${names}::text[]) as name),
    made as (insert into people (id, first_seen_at) select person_id, ${beginningOf(story.from)} from given)
    insert into accounts (site_id, source_id, person_id, first_seen_at)
    select ${siteId}, name, person_id, ${beginningOf(story.from)} from given
  `);
  await db.query(sql`
    insert into seats (site_id, account_id, edition, since, since_origin, started_at, ended_at, end_reason)
    select ${siteId}, a.id, 'standard', s."from", 'first-seen', s."from", s."to",
           case when s."to" is not null then 'no-access' end
      from jsonb_to_recordset(${JSON.stringify(seats)}::jsonb) as s (seat text, "from" timestamptz, "to" timestamptz)
      join accounts a on a.site_id = ${siteId} and a.source_id = s.seat
  `);
  await db.query(sql`
    with taken as (
      select a.id as account_id, r.at, new_id('candidate') as id
        from jsonb_to_recordset(${JSON.stringify(reclaimed)}::jsonb) as r (seat text, at timestamptz)
        join accounts a on a.site_id = ${siteId} and a.source_id = r.seat),
    made as (
      insert into candidates (id, site_id, account_id, settings, state, because, detected_at, state_since, closed_at)
      select id, ${siteId}, account_id, '{}', 'reclaimed', '[]', at, at, at from taken
      returning id)
    insert into candidate_steps (candidate_id, seq, at, to_state, actor_id, evidence)
    select id, 1, at, 'reclaimed', 'system', '[]' from taken
  `);
}

/** What conditions and the position see of the seats held at an instant. */
async function standAt(db: Database, siteId: string, at: Date): Promise<void> {
  await db.query(sql`delete from seat_facts`);
  await db.query(sql`
    insert into seat_facts (site_id, account_id, person_id, seat_id, edition, granted_at, granted_origin, account_class,
                            account_type, groups_count, seat_status)
    select s.site_id, s.account_id, a.person_id, s.id, 'standard', s.since, 'first-seen', 'licensed', 'atlassian', 1, 'idle'
      from seats s
      join accounts a on a.site_id = s.site_id and a.id = s.account_id
     where s.site_id = ${siteId} and s.started_at <= ${at} and (s.ended_at is null or s.ended_at > ${at})
  `);
}
