import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { silentLog } from "../../lib/log.ts";
import type { Candidate } from "../../model/candidates.ts";
import { DEFAULT_RECLAMATION_SETTINGS, type ReclamationSettings } from "../../model/reclamation.ts";
import { sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import { jobParts } from "../testing/parts.ts";
import { planScheduledCandidates } from "./plan-candidates.ts";

const limits = { ...DEFAULT_RECLAMATION_SETTINGS.limits, perRunPercent: 100 };

describe("the job that plans scheduled candidates", () => {
  let site: CandidateSite;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(90), cem: daysAgo(1) });
    await site.act();
  });
  afterEach(() => site.close());

  const parts = () => jobParts({ db: site.db, clock: site.clock, log: silentLog });
  const run = async () =>
    (await planScheduledCandidates.execute(parts(), {} as never, new AbortController().signal)).message;
  const hasWork = () => planScheduledCandidates.hasWork?.(parts());
  const rule = (settings: Partial<ReclamationSettings> = {}, status: "active" | "report-only" = "active") =>
    site.rule({ limits, ...settings }, { status });
  const scheduled = (account: string, ruleId: string | null, fields: Partial<Candidate> = {}) =>
    candidateFixture(site.db, site.acme.siteId, account, {
      state: "scheduled",
      scheduledFor: OBSERVED_AT,
      lastUsedAt: daysAgo(90),
      ruleId,
      ...fields,
    });
  const plans = () =>
    site.db.query<{ state: string; seats: number; by: string; unattended: boolean }>(sql`
      select state, (counts ->> 'seats')::integer as seats, created_by as by, is_unattended as unattended from plans
    `);
  const waits = async (id: string) => (await site.candidate(id)).waits?.code ?? null;

  it("begins one plan a rule, of the seats whose time has come", async () => {
    const ruleId = await rule();
    const { id } = await scheduled("ann", ruleId);
    const later = await scheduled("bob", ruleId, { scheduledFor: daysAgo(-3) });

    const said = await run();

    assert.equal(said, "Seats: 1 planned.");
    assert.deepEqual(await plans(), [{ state: "applying", seats: 1, by: "system", unattended: true }]);
    assert.ok((await site.candidate(id)).planId);
    assert.equal((await site.candidate(later.id)).planId, null);
  });

  it("has work while a seat is due that nobody has looked at, and plans none twice", async () => {
    await scheduled("ann", await rule());

    const before = await hasWork();
    await run();

    assert.deepEqual([before, await hasWork()], [true, false]);
    assert.equal(await run(), "Nothing was due.");
  });

  it("leaves seats of a rule that only reports scheduled, and says why", async () => {
    const { id } = await scheduled("ann", await rule({}, "report-only"));

    const said = await run();

    assert.equal(said, "Seats: 1 waiting.");
    assert.equal(await waits(id), "rule-not-active");
    assert.equal(await hasWork(), false);
  });

  it("takes nothing at a site that it only observes, nor in a blackout", async () => {
    const observed = await scheduled("ann", await rule());
    await site.db.query(sql`update sites set mode = 'observe'`);
    await run();
    await site.db.query(sql`update sites set mode = 'act'`);
    const frozen = await scheduled(
      "bob",
      await site.rule(
        { limits, blackouts: [{ from: "2026-11-20", until: "2026-11-22", reason: "Release" }] },
        { name: "Frozen" },
      ),
    );
    await run();

    assert.equal(await waits(observed.id), null);
    assert.equal(await waits(frozen.id), "blackout");
    assert.equal((await plans()).length, 1);
  });

  it("takes no more than the limits of a run and of a day, the one due longest first", async () => {
    const ruleId = await rule({ limits: { ...limits, perRun: 1, perDay: 1 } });
    const second = await scheduled("ann", ruleId, { scheduledFor: daysAgo(1) });
    const first = await scheduled("bob", ruleId, { scheduledFor: daysAgo(2) });

    await run();
    await run();

    assert.ok((await site.candidate(first.id)).planId);
    assert.equal(await waits(second.id), "over-day-limit");
  });

  it("pauses the rule when the data are too old, and says so", async () => {
    const ruleId = await rule();
    const { id } = await scheduled("ann", ruleId);
    site.move(3);

    const said = await run();

    const [found] = await site.db.query<{ status: string; by: string }>(sql`
      select status, paused ->> 'by' as by from reclamation_rules
    `);
    assert.equal(said, "Seats: 1 waiting. Paused: Idle.");
    assert.deepEqual(found, { status: "paused", by: "limit" });
    assert.equal(await waits(id), "data-too-old");
  });

  it("takes nothing that its rule, edited since, does not find any more", async () => {
    const ruleId = await rule();
    const { id } = await scheduled("ann", ruleId);
    await site.db.query(sql`
      update reclamation_rules set condition = '{"is": "idle", "days": 120}', revision = revision + 1 where id = ${ruleId}
    `);

    const said = await run();

    assert.equal(said, "Nothing was due.");
    assert.equal((await site.candidate(id)).state, "canceled");
    assert.deepEqual(await plans(), []);
  });

  it("takes no seat whose evidence covers it no more, unless its holder gave it back", async () => {
    const ruleId = await rule();
    const silent = await scheduled("ann", ruleId, { lacksEvidence: true, answer: "none" });
    const given = await scheduled("bob", ruleId, { lacksEvidence: true, answer: "give-back" });

    await run();

    assert.equal(await waits(silent.id), "own-answer-needed");
    assert.ok((await site.candidate(given.id)).planId);
  });

  it("hands what a plan cannot take to somebody who looks", async () => {
    const ruleId = await rule();
    const { id } = await scheduled("ann", ruleId);
    await site.db.query(sql`
      insert into exclusion_rules (id, name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('exclusion_1', 'Board', '{}', '{no-reclaim}', 'VIP', ${daysAgo(-90)}, ${OBSERVED_AT}, ${OBSERVED_AT})
    `);
    await site.db.query(sql`
      insert into exclusion_hits (rule_id, site_id, account_id, effects, since)
      select 'exclusion_1', site_id, id, '{no-reclaim}', ${OBSERVED_AT} from accounts where source_id = 'ann'
    `);

    const said = await run();

    assert.equal(said, "Seats: 1 for somebody to look at.");
    assert.equal((await site.candidate(id)).state, "attention");
  });

  it("holds what was proposed by hand to the limits of a rule with default settings", async () => {
    const { id } = await scheduled("ann", null);

    await run();

    // 5 % of three seats is less than one.
    assert.equal(await waits(id), "over-run-limit");
  });
});
