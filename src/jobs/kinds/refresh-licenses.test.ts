import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { ObservedLicense, SiteSource } from "../../sources/source.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { listUncoveredSites } from "../../store/licenses/suggestions.ts";
import { sql } from "../../store/sql.ts";
import { OBSERVED_AT, siteFixture } from "../../store/testing/facts.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { jobParts } from "../testing/parts.ts";
import { refreshLicenses } from "./refresh-licenses.ts";

const TOLD: ObservedLicense = {
  seats: 500,
  usedSeats: 430,
  expiresAt: null,
  maintenanceExpiresAt: null,
  origin: "organization",
};

describe("the job that refreshes licenses", () => {
  let database: TestDatabase;
  let db: Database;
  const clock = manualClock(OBSERVED_AT);
  const answers = new Map<string, ObservedLicense | null | Error>();

  before(async () => {
    database = await testDatabase();
    db = openDatabase(database.connection, { clock, log: silentLog });
  });

  after(async () => {
    await db.close();
    await database.drop();
  });

  const execute = () => {
    const openSite = async (siteId: string) => siteThatTells(answers.get(siteId) ?? null);
    const result = { id: "result", jobId: "job", state: "running", trigger: "schedule", runId: null } as const;
    const work = { ...jobParts({ db, clock, log: silentLog, openSite }), tell: async () => {} };
    const made = { ...result, startedAt: clock.now(), finishedAt: null, message: null, worker: null };
    return refreshLicenses.execute(work, made, new AbortController().signal);
  };

  it("keeps what each site tells with its history, and goes on where one cannot be asked", async () => {
    const { siteId: acme } = await siteFixture(db, { name: "acme" });
    const { siteId: beta } = await siteFixture(db, { name: "beta" });
    answers.set(acme, TOLD).set(beta, new Error("no answer"));
    const first = await execute();
    clock.moveBy(86_400_000);
    await execute();
    answers.set(acme, { ...TOLD, seats: 600 });
    clock.moveBy(86_400_000);
    await execute();

    const history = await db.query(sql`
      select seats, valid_to is null as "isOpen" from site_licenses where site_id = ${acme} order by valid_from
    `);
    const suggested = await listUncoveredSites(db, "2026-11-25");

    assert.equal(first.state, "partial");
    assert.match(first.message, /^1 sites told what was bought, 0 are told to no credential, 1 could not be asked/);
    assert.deepEqual(history, [
      { seats: 500, isOpen: false },
      { seats: 600, isOpen: true },
    ]);
    assert.deepEqual(
      suggested.map(({ site, quantity }) => [site, quantity]),
      [
        ["acme", 600],
        ["beta", null],
      ],
    );
  });
});

/** A source of which this job asks one thing only. */
function siteThatTells(answer: ObservedLicense | null | Error): SiteSource {
  const readLicense = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { writer: { readLicense } } as unknown as SiteSource;
}
