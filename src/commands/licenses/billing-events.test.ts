import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createSecretBox } from "../../lib/secret-box.ts";
import type { LicenseTerms } from "../../model/licenses.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { findLicense } from "../../store/licenses/licenses.ts";
import { listLines } from "../../store/position/snapshots.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { addCapacityAlert } from "../capacity/change-alerts.ts";
import type { Context } from "../context.ts";
import { computePosition } from "../position/compute-position.ts";
import { addLicense } from "./add-license.ts";
import { changeLicense, endLicense } from "./change-license.ts";
import { remindOfRenewals } from "./remind-of-renewals.ts";

const START = new Date("2026-05-01T12:00:00Z");

describe("what licenses do by themselves", () => {
  let database: TestDatabase;
  let db: Database;
  let ctx: Context;
  let site: SiteFixture;
  let ownerId: string;
  const clock = manualClock(START);

  before(async () => {
    database = await testDatabase();
    db = openDatabase(database.connection, { clock, log: silentLog });
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    ctx = { db, clock, secrets, actor: { operatorId: "system", through: "job" } };
    const [owner] = await db.query<{ id: string }>(sql`
      insert into operators (kind, name, email, created_at) values ('person', 'Lea', 'lea@acme.example', ${START})
      returning id
    `);
    ownerId = owner!.id;
  });

  after(async () => {
    await db.close();
    await database.drop();
  });

  beforeEach(async () => {
    clock.moveTo(START);
    site = await siteFixture(db, { name: `site-${randomBytes(4).toString("hex")}` });
  });

  async function hold(...names: string[]) {
    for (const name of names) {
      const [known] = await db.query<{ id: string }>(sql`
        select id from accounts where site_id = ${site.siteId} and source_id = ${name}
      `);
      const accountId = known?.id ?? (await site.account(name));
      await db.query(sql`
        insert into seats (site_id, account_id, edition, since, since_origin, started_at)
        values (${site.siteId}, ${accountId}, 'standard', ${clock.now()}, 'first-seen', ${clock.now()})
      `);
      await db.query(sql`
        insert into seat_facts (site_id, account_id, person_id, seat_id, edition, granted_at, granted_origin,
                                account_class, account_type, groups_count, seat_status)
        select s.site_id, s.account_id, a.person_id, s.id, 'standard', s.since, 'first-seen', 'licensed', 'atlassian', 1,
               'idle'
          from seats s
          join accounts a on a.site_id = s.site_id and a.id = s.account_id
         where s.site_id = ${site.siteId} and s.account_id = ${accountId} and s.ended_at is null
            on conflict (site_id, account_id) do update set seat_id = excluded.seat_id
      `);
    }
  }

  /** As an applied plan does: the seat ends, and its candidate is reclaimed. */
  async function reclaim(...names: string[]) {
    for (const name of names) {
      const rows = await db.query<{ id: string }>(sql`
        insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since)
        select site_id, id, '{}', 'reclaimed', '[]', ${clock.now()}, ${clock.now()}
          from accounts
         where site_id = ${site.siteId} and source_id = ${name}
        returning id
      `);
      await db.query(sql`
        insert into candidate_steps (candidate_id, seq, at, to_state, actor_id, evidence)
        values (${rows[0]!.id}, 1, ${clock.now()}, 'reclaimed', 'system', '[]')
      `);
      await leave(name);
    }
  }

  async function leave(name: string) {
    await db.query(sql`
      update seats
         set ended_at = ${clock.now()}, end_reason = 'no-access'
       where ended_at is null and site_id = ${site.siteId}
         and account_id = (select id from accounts where site_id = ${site.siteId} and source_id = ${name})
    `);
    await db.query(sql`
      delete from seat_facts
       where site_id = ${site.siteId}
         and account_id = (select id from accounts where site_id = ${site.siteId} and source_id = ${name})
    `);
  }

  const terms = (fields: Partial<LicenseTerms> = {}): LicenseTerms => ({
    name: site.siteId,
    siteIds: [site.siteId],
    edition: "standard",
    metric: "monthly-seats",
    quantity: null,
    pricing: {
      kind: "bands",
      steps: [
        { upTo: 2, priceMinor: 900 },
        { upTo: null, priceMinor: 500 },
      ],
    },
    currency: "EUR",
    termStart: "2026-01-15",
    termEnd: null,
    billingDay: null,
    renewalOn: null,
    noticeOn: null,
    autoRenew: false,
    renewalQuantity: null,
    costCenter: null,
    ownerId,
    note: null,
    ...fields,
  });

  async function added(fields: Partial<LicenseTerms> = {}) {
    const made = await addLicense(ctx, terms(fields));
    assert.ok(made.ok);
    return made.value;
  }

  async function lineOf(licenseId: string) {
    const { id } = await computePosition(ctx);
    const line = (await listLines(db, id)).find((each) => each.licenseId === licenseId && each.level === "license");
    assert.ok(line);
    return line;
  }

  it("a month is paid for the most seats held in it, and a reclaimed seat saves once the next one begins", async () => {
    await hold("ada", "ben", "cem", "dan");
    const { id } = await added();
    clock.moveTo(new Date("2026-05-20T12:00:00Z"));
    await reclaim("dan");

    const within = await lineOf(id);
    clock.moveTo(new Date("2026-06-15T06:00:00Z"));
    const next = await lineOf(id);
    clock.moveTo(new Date("2026-07-15T06:00:00Z"));
    const later = await lineOf(id);

    const told = ({ owned, free, used, money: [money] }: typeof within) => [
      owned,
      used,
      free,
      money?.costMinor,
      money?.realizedMinor,
    ];
    assert.deepEqual(told(within), [4, 3, 1, 2800, 0]);
    assert.deepEqual(told(next), [3, 3, 0, 2300, 500]);
    assert.deepEqual(told(later), [3, 3, 0, 2300, 500]);
  });

  it("a seat that was reclaimed and is held again when the month begins saved nothing", async () => {
    await hold("ada", "ben", "cem");
    const { id } = await added();
    clock.moveTo(new Date("2026-05-20T12:00:00Z"));
    await reclaim("ben", "cem");
    clock.moveTo(new Date("2026-05-21T12:00:00Z"));
    await hold("cem");
    clock.moveTo(new Date("2026-06-15T06:00:00Z"));

    assert.equal((await lineOf(id)).money[0]?.realizedMinor, 500);
  });

  it("a year renews itself for what was agreed, and counts what that was lower by", async () => {
    await hold("ada", "ben", "cem", "dan");
    const license = await added({
      metric: "annual-seats",
      quantity: 4,
      termEnd: "2027-01-15",
      noticeOn: "2026-12-15",
      autoRenew: true,
    });
    await reclaim("cem", "dan");
    await changeLicense(ctx, license.id, null, { renewalQuantity: 3 });
    const before = await lineOf(license.id);
    clock.moveTo(new Date("2027-01-16T12:00:00Z"));

    const line = await lineOf(license.id);
    const { termStart, termEnd, noticeOn, quantity, renewalQuantity } = (await findLicense(db, license.id))!;

    assert.deepEqual([before.status, before.money[0]?.overMinor, before.money[0]?.realizedMinor], ["over", 1000, 0]);
    assert.deepEqual(
      [termStart, termEnd, noticeOn, quantity, renewalQuantity],
      ["2027-01-15", "2028-01-15", "2027-12-15", 3, null],
    );
    assert.deepEqual([line.owned, line.free, line.money[0]?.realizedMinor], [3, 1, 500]);
  });

  it("a quantity that was entered before the term begins counts for its first cycle and no longer", async () => {
    await hold("ada");
    const { id } = await added({ quantity: 5, termStart: "2026-05-20" });

    clock.moveTo(new Date("2026-05-25T12:00:00Z"));
    const first = await lineOf(id);
    clock.moveTo(new Date("2026-06-20T06:00:00Z"));
    const second = await lineOf(id);

    assert.deepEqual([first.owned, second.owned], [5, 1]);
  });

  it("a license that a person ended on a later day covers its site until then, and is billed until then", async () => {
    await hold("ada", "ben", "cem");
    const { id } = await added();
    const ended = await endLicense(ctx, id, null, { on: "2026-06-20", reason: null });
    assert.ok(ended.ok);

    const beside = await addLicense(ctx, terms({ name: `${site.siteId} beside`, termStart: "2026-05-01" }));
    const behind = await addLicense(ctx, terms({ name: `${site.siteId} behind`, termStart: "2026-06-20" }));
    clock.moveTo(new Date("2026-05-20T12:00:00Z"));
    await reclaim("cem");
    clock.moveTo(new Date("2026-06-15T06:00:00Z"));

    assert.equal(beside.ok ? "added" : beside.error.code, "site-already-covered");
    assert.equal(behind.ok, true);
    assert.equal((await lineOf(id)).money[0]?.realizedMinor, 500);
  });

  it("a site is covered anew from a day on which a license of it had been ended already", async () => {
    const { id } = await added();
    await endLicense(ctx, id, null, { on: null, reason: "entered wrongly" });

    const again = await addLicense(ctx, terms());

    assert.equal(again.ok, true);
  });

  it("an owner is reminded of renewal and notice once for each of the days before", async () => {
    const license = await added({ metric: "annual-seats", quantity: 4, termEnd: "2026-09-01", noticeOn: "2026-07-20" });
    const messages = () =>
      db.query<{ recipient: string; key: string }>(sql`
        select recipient, substr(dedupe_key, ${`license-renewal/${license.id}/`.length + 1}::integer) as key
          from messages
         where subject_id = ${license.id}
         order by created_at, dedupe_key
      `);

    for (const day of ["2026-05-20", "2026-05-21", "2026-06-04", "2026-07-14", "2026-07-15"]) {
      clock.moveTo(new Date(`${day}T04:07:00Z`));
      await remindOfRenewals(ctx);
    }

    assert.deepEqual(await messages(), [
      { recipient: "lea@acme.example", key: "notice/2026-07-20/90/lea@acme.example" },
      { recipient: "lea@acme.example", key: "notice/2026-07-20/60/lea@acme.example" },
      { recipient: "lea@acme.example", key: "renewal/2026-09-01/90/lea@acme.example" },
      { recipient: "lea@acme.example", key: "notice/2026-07-20/7/lea@acme.example" },
      { recipient: "lea@acme.example", key: "renewal/2026-09-01/60/lea@acme.example" },
    ]);
  });

  it("an alert tells once that a threshold was reached, and again when it was less and is reached anew", async () => {
    await hold("ada", "ben");
    await added({ metric: "annual-seats", quantity: 4, termEnd: "2027-01-15" });
    await addCapacityAlert(ctx, {
      siteId: site.siteId,
      unit: "percent",
      threshold: 75,
      recipients: ["sam@acme.example"],
    });
    const told = async () => {
      clock.moveBy(60_000);
      await computePosition(ctx);
      const rows = await db.query(
        sql`select 1 from messages where kind = 'capacity-alert' and subject_id = ${site.siteId}`,
      );
      return rows.length;
    };

    const below = await told();
    await hold("cem");
    const [reached, still] = [await told(), await told()];
    await leave("cem");
    const less = await told();
    await hold("dan");

    assert.deepEqual([below, reached, still, less, await told()], [0, 1, 1, 1, 2]);
  });
});
