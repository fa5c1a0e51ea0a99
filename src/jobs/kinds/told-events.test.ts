import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { decideCandidate } from "../../commands/candidates/decide-candidate.ts";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { undoPlan } from "../../commands/plans/undo-plan.ts";
import { pauseReclamationRule } from "../../commands/reclamation-rules/pause-reclamation-rule.ts";
import { silentLog } from "../../lib/log.ts";
import type { NotificationKind } from "../../model/notifications.ts";
import type { Database } from "../../store/database.ts";
import { saveNotificationSetting } from "../../store/notifications/settings.ts";
import { ensurePerson } from "../../store/operators.ts";
import { sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import { jobParts } from "../testing/parts.ts";
import { type Reclaiming, reclaiming } from "../testing/reclaiming.ts";
import { findReclamationCandidates } from "./find-candidates.ts";
import { planScheduledCandidates } from "./plan-candidates.ts";

const OWNER = "owner@acme.example";

async function owner(db: Database): Promise<string> {
  return db.transaction(async (tx) => (await ensurePerson(tx, { name: "Olga", email: OWNER }, OBSERVED_AT)).id);
}

/** What was queued of these kinds: to whom, and what it says. */
function told(db: Database, ...kinds: NotificationKind[]) {
  return db.query<{ channel: string; recipient: string; data: Record<string, unknown> }>(sql`
    select channel, recipient, data from messages where kind = any (${kinds}) order by created_at, id
  `);
}

async function webhookFor(db: Database, ...kinds: NotificationKind[]): Promise<void> {
  await db.query(sql`
    insert into webhooks (id, name, url, events, secret, state, created_at, updated_at)
    values ('webhook_a', 'a', 'https://a.example', ${kinds}, 's', 'active', ${OBSERVED_AT}, ${OBSERVED_AT})
  `);
}

describe("of rules and candidates", () => {
  let site: CandidateSite;
  let ruleId: string;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: daysAgo(3) });
    await site.act();
    ruleId = await site.rule();
    await site.db.query(sql`update reclamation_rules set owner_id = ${await owner(site.db)}`);
  });
  afterEach(() => site.close());

  const execute = (kind: typeof findReclamationCandidates) =>
    kind.execute(
      jobParts({ db: site.db, clock: site.clock, log: silentLog }),
      {} as never,
      new AbortController().signal,
    );

  it("the owner is told with the day that candidates were found, once for each time that some were", async () => {
    await execute(findReclamationCandidates);
    await execute(findReclamationCandidates);

    const kept = await site.db.query(sql`select recipient, kind, data from digest_items`);
    assert.deepEqual(kept, [{ recipient: OWNER, kind: "candidates-found", data: { rule: "Idle", ruleId, count: 2 } }]);
  });

  it("the owner is told at once of a rule that a limit paused, unless the setting says otherwise", async () => {
    await candidateFixture(site.db, site.acme.siteId, "ann", {
      state: "scheduled",
      scheduledFor: OBSERVED_AT,
      lastUsedAt: daysAgo(90),
      ruleId,
    });
    site.move(3);

    await execute(planScheduledCandidates);

    const reason = "Data of acme are older than 36 hours.";
    assert.deepEqual(await told(site.db, "rule-paused"), [
      { channel: "mail", recipient: OWNER, data: { rule: "Idle", ruleId, reason } },
    ]);
  });

  it("nobody is told of a rule that a person paused", async () => {
    await pauseReclamationRule(site.context(), { ruleId, revision: null, by: "person", reason: "Holidays." });

    assert.deepEqual(await told(site.db, "rule-paused"), []);
  });

  it("systems are told what was decided about a candidate, by ids", async () => {
    await webhookFor(site.db, "candidate.decided");
    const { id, accountId } = await candidateFixture(site.db, site.acme.siteId, "ann", { state: "ready", ruleId });
    const until = daysAgo(-30);

    const decided = await decideCandidate(site.context(), id, { verb: "keep", reason: "Needed.", until });

    assert.ok(decided.ok);
    const { siteId } = site.acme;
    const data = { site: "acme", siteId, accountId, candidateId: id, decision: "keep", until: until.toISOString() };
    assert.deepEqual(await told(site.db, "candidate.decided"), [{ channel: "webhook", recipient: "webhook_a", data }]);
  });
});

describe("of plans", () => {
  let parts: Reclaiming;
  let db: Database;
  beforeEach(async () => {
    parts = await reclaiming();
    ({ db } = parts.world);
    const by = await owner(db);
    for (const kind of ["plan-finished", "plan-partial", "rule-paused"] as const) {
      const receivers = [{ to: "address:ops@acme.example", how: "now" }] as const;
      await db.transaction((tx) => saveNotificationSetting(tx, { kind, receivers, by, at: OBSERVED_AT }));
    }
  });
  afterEach(() => parts.world.close());

  it("whoever the setting names is told that one was carried out, and systems of each seat", async () => {
    await webhookFor(db, "seat.reclaimed");
    const plan = await parts.applied("ann", "bob");

    await parts.execute();
    await parts.execute();

    assert.deepEqual(await told(db, "plan-finished", "plan-partial"), [
      { channel: "mail", recipient: "ops@acme.example", data: { planId: plan.id, what: "2 seats taken back" } },
    ]);
    const seats = await told(db, "seat.reclaimed");
    assert.deepEqual(
      seats.map(({ data }) => String(data["accountId"])).sort(),
      (await parts.outcome(plan)).rows.map(({ accountId }) => accountId).sort(),
    );
  });

  it("systems are told of each seat that was given back", async () => {
    await webhookFor(db, "seat.restored");
    const plan = await parts.applied("ann");
    await parts.execute();
    const undo = await undoPlan(parts.world.context, { planId: plan.id, reason: "A mistake." });
    assert.ok(undo.ok);
    await parts.apply(undo.value);

    await parts.execute();

    const seats = await told(db, "seat.restored");
    assert.deepEqual(
      seats.map(({ data }) => data["planId"]),
      [undo.value.id],
    );
    assert.deepEqual(
      (await told(db, "plan-finished")).map(({ data }) => data["what"]),
      ["1 seat taken back", "1 seat given back"],
    );
  });

  it("it is told what was not done, in numbers", async () => {
    const plan = await parts.applied("ann", "bob");
    await db.query(sql`update plans set limits = jsonb_set(limits, '{failurePercentMax}', '100')`);
    parts.site.faults.set("ann", ["source.missing-role"]);

    await parts.execute();

    const [message] = await told(db, "plan-partial");
    assert.deepEqual(message?.data, {
      planId: plan.id,
      what: "2 seats to take back",
      reason: "Of its seats: 1 could not be changed.",
    });
  });

  it("it is told once that one was paused, because seats failed or its site may not be changed", async () => {
    await parts.applied();
    await db.query(sql`update sites set mode = 'observe'`);

    await parts.execute();
    await parts.execute();

    const messages = await told(db, "plan-partial");
    assert.equal(messages.length, 1);
    assert.match(String(messages[0]?.data["reason"]), /Observe only\. It is paused until somebody resumes it\.$/);
  });
});
