import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { answerCheckIn } from "../../commands/candidates/answer-check-in.ts";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { silentLog } from "../../lib/log.ts";
import type { Candidate } from "../../model/candidates.ts";
import { DEFAULT_RECLAMATION_SETTINGS, type ReclamationSettings } from "../../model/reclamation.ts";
import type { ObservedUse } from "../../sources/source.ts";
import { sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import type { JobParts } from "../kinds.ts";
import { jobParts } from "../testing/parts.ts";
import { checkIns } from "./check-ins.ts";

describe("the job that asks and reminds", () => {
  let site: CandidateSite;
  let uses: Record<string, ObservedUse[]>;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(90), mia: daysAgo(1) });
    await site.manager("ann", "mia");
    uses = {};
  });
  afterEach(() => site.close());

  const openSite = (async () => ({
    readLatestUse: async (account: string) => uses[account] ?? [],
    close() {},
  })) as unknown as JobParts["openSite"];
  async function run(parts: Partial<JobParts> = {}): Promise<string> {
    const { db, clock } = site;
    const all = jobParts({ db, clock, log: silentLog, openSite, ...parts });
    const end = await checkIns.execute(all, {} as never, new AbortController().signal);
    return end.message;
  }
  async function found(account: string, fields: Partial<Candidate> = {}, settings: Partial<ReclamationSettings> = {}) {
    const ruleId = fields.ruleId ?? (await site.rule(settings, { name: account }));
    return candidateFixture(site.db, site.acme.siteId, account, {
      state: "ready",
      lastUsedAt: daysAgo(90),
      ...fields,
      ruleId,
      settings: { ...DEFAULT_RECLAMATION_SETTINGS, ...settings },
    });
  }
  const kinds = async () => (await site.messages()).map(({ kind, recipient }) => `${kind} ${recipient}`);

  it("asks the holder by mail, with what was seen and when it is due", async () => {
    const { id } = await found("ann");

    const said = await run();

    const asked = await site.candidate(id);
    assert.equal(said, "Seats: 1 asked.");
    assert.deepEqual([asked.state, asked.askedAt, asked.dueAt], ["asking", OBSERVED_AT, daysAgo(-7)]);
    assert.deepEqual(await kinds(), ["check-in ann@acme.example"]);
    const [message] = await site.messages();
    assert.deepEqual(message?.data["says"], [
      "The latest use that was seen is of 23 August 2026, when pages were opened.",
      "What was looked at reaches from 21 November 2025 up to 21 November 2026.",
    ]);
  });

  it("tells whose seat was taken, also by an address that only a file about people has", async () => {
    await found("ann", { state: "reclaimed", dueAt: daysAgo(-30) });
    await found("bob", { state: "reclaimed", dueAt: daysAgo(-30) });
    await site.db.query(sql`update candidates set closed_at = ${OBSERVED_AT}`);
    await site.db.query(sql`update account_summaries set email = null`);
    await site.db.query(sql`update person_summaries set email = null where email = 'bob@acme.example'`);

    const said = await run();
    await run();

    assert.equal(said, "Seats: 1 told that they were taken.");
    assert.deepEqual(await kinds(), ["seat-reclaimed ann@acme.example"]);
  });

  it("asks nobody twice, and reminds on the days that the rule says", async () => {
    await found("ann");
    await run();
    await run();
    site.move(4);
    await run();
    await run();
    site.move(2);
    await run();

    assert.deepEqual(await kinds(), [
      "check-in ann@acme.example",
      "check-in-reminder ann@acme.example",
      "check-in-reminder ann@acme.example",
    ]);
  });

  it("leaves a seat alone that was used meanwhile, and keeps what it saw", async () => {
    const { id } = await found("ann");
    uses["ann"] = [{ kind: "viewed", source: "organization", at: daysAgo(2) }];

    const said = await run();

    assert.equal(said, "Seats: 1 canceled, because they were used.");
    assert.equal((await site.candidate(id)).state, "canceled");
    assert.deepEqual(await kinds(), []);
    const [fact] = await site.db.query<{ at: Date; knownUntil: Date }>(sql`
      select f.viewed_at as at, f.viewed_known_until as "knownUntil"
        from seat_facts f join accounts a on a.id = f.account_id where a.source_id = 'ann'
    `);
    assert.deepEqual(fact, { at: daysAgo(2), knownUntil: OBSERVED_AT });
  });

  it("asks on what is known where the site cannot be reached", async () => {
    await found("ann");

    const said = await run({ openSite: () => Promise.reject(new Error("no credential")) });

    assert.equal(said, "Seats: 1 asked.");
  });

  it("hands silence to the manager, then to the decider whom the rule names, then to whoever looks here", async () => {
    const { id } = await found("ann", {}, { decision: { by: "manager", email: "license@acme.example", days: 7 } });
    await run();
    site.move(8);
    await run();
    const atManager = await site.candidate(id);
    site.move(8);
    await run();
    const atNamed = await site.candidate(id);
    site.move(8);
    await run();
    const left = await site.candidate(id);

    assert.deepEqual([atManager.state, atManager.deciderPerson], ["deciding", await site.personOf("mia")]);
    assert.deepEqual([atNamed.state, atNamed.deciderEmail], ["deciding", "license@acme.example"]);
    assert.deepEqual([left.state, left.attention?.code], ["attention", "not-decided"]);
    assert.deepEqual((await kinds()).slice(1), [
      "decision-needed mia@acme.example",
      "decision-needed license@acme.example",
    ]);
  });

  it("says that no decider is known where none is", async () => {
    const { id } = await found("bob");
    await run();
    site.move(8);
    await run();

    const stuck = await site.candidate(id);

    assert.deepEqual([stuck.state, stuck.attention?.code], ["attention", "no-decider"]);
  });

  it("keeps on silence where the rule says so, and leaves the seat alone for the cool-down", async () => {
    const { id } = await found("ann", {}, { noAnswer: "keep" });
    await run();
    site.move(8);
    await run();

    const kept = await site.candidate(id);

    assert.deepEqual([kept.state, kept.answer, kept.keptUntil], ["kept", "none", daysAgo(-98)]);
  });

  it("schedules on silence where the rule says so, and tells the holder how to change that", async () => {
    const { id } = await found("ann", {}, { noAnswer: "reclaim" });
    await run();
    site.move(8);
    await run();

    assert.equal((await site.candidate(id)).state, "scheduled");
    assert.equal((await kinds()).at(-1), "seat-scheduled ann@acme.example");
  });

  it("takes no seat by silence whose reading nobody could observe, whatever the rule says", async () => {
    const { id } = await found("ann", { lacksEvidence: true }, { noAnswer: "reclaim", asksWithoutEvidence: true });
    await run();
    site.move(8);
    await run();

    assert.equal((await site.candidate(id)).state, "deciding");
  });

  it("asks nobody where the rule asks nobody", async () => {
    const { id } = await found(
      "ann",
      {},
      {
        checkIn: { asked: "nobody", silentReason: "They left", answerDays: 7, reminderDays: [] },
      },
    );

    await run();

    assert.equal((await site.candidate(id)).state, "scheduled");
    assert.deepEqual(await kinds(), []);
  });

  it("hands whoever must not be written to, or cannot, to the decider", async () => {
    await site.db.query(sql`
      insert into exclusion_rules (id, name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('exclusion_1', 'Board', '{}', '{no-notify}', 'Quiet', ${daysAgo(-90)}, ${OBSERVED_AT}, ${OBSERVED_AT})
    `);
    await site.db.query(sql`
      insert into exclusion_hits (rule_id, site_id, account_id, effects, since)
      select 'exclusion_1', site_id, id, '{no-notify}', ${OBSERVED_AT} from accounts where source_id = 'ann'
    `);
    const { id } = await found("ann");

    await run();

    assert.equal((await site.candidate(id)).state, "deciding");
    assert.deepEqual(await kinds(), ["decision-needed mia@acme.example"]);
  });

  it("asks no more a day than the rule takes, those found first before others", async () => {
    const limits = { ...DEFAULT_RECLAMATION_SETTINGS.limits, perRun: 1, perDay: 1 };
    const ruleId = await site.rule({ limits });
    await found("bob", { ruleId, detectedAt: daysAgo(2) }, { limits });
    await found("ann", { ruleId, detectedAt: daysAgo(1) }, { limits });

    await run();
    await run();
    const first = await kinds();
    site.move(1.1);
    await run();

    assert.deepEqual(first, ["check-in bob@acme.example"]);
    assert.equal((await kinds()).length, 2);
  });

  it("stands still while the rule is paused, though an answer still counts", async () => {
    const { id, ruleId } = await found("ann");
    await run();
    await site.db.query(sql`update reclamation_rules set status = 'paused' where id = ${ruleId}`);
    site.move(30);
    await run();
    const standing = await site.candidate(id);
    const actor = { operatorId: await site.personOf("ann"), through: "link" } as const;
    const answered = await answerCheckIn(site.context(actor), id, { answer: "give-back" });

    assert.equal(standing.state, "asking");
    assert.ok(answered.ok && answered.value.state === "scheduled");
  });
});
