import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { silentLog } from "../../lib/log.ts";
import { sql } from "../../store/sql.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import { jobParts } from "../testing/parts.ts";
import { findReclamationCandidates } from "./find-candidates.ts";

interface Found {
  account: string;
  state: string;
  why: string | null;
}

describe("the job that finds candidates", () => {
  let site: CandidateSite;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: daysAgo(3) });
  });
  afterEach(() => site.close());

  async function run(): Promise<string> {
    const { db, clock } = site;
    const parts = jobParts({ db, clock, log: silentLog });
    return (await findReclamationCandidates.execute(parts, {} as never, new AbortController().signal)).message;
  }
  /** Each candidate with what its newest step says. */
  const candidates = () =>
    site.db.query<Found>(sql`
      select a.source_id as account, c.state,
             (select s.detail ->> 'why' from candidate_steps s where s.candidate_id = c.id order by seq desc limit 1) as why
        from candidates c
        join accounts a on a.id = c.account_id
       order by c.detected_at, a.source_id, c.id
    `);
  const states = async () => (await candidates()).map(({ account, state }) => `${account} ${state}`);
  async function exclude(account: string): Promise<void> {
    const [found] = await site.db.query<{ id: string }>(sql`select id from accounts where source_id = ${account}`);
    const condition = { is: "account", accounts: [found?.id] };
    await site.db.query(sql`
      insert into exclusion_rules (id, name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('exclusion_1', 'Board', ${JSON.stringify(condition)}, '{no-reclaim}', 'VIP', ${daysAgo(-90)},
              ${OBSERVED_AT}, ${OBSERVED_AT})
    `);
  }
  async function use(account: string): Promise<void> {
    await site.db.query(sql`
      update evidence set last_at = ${daysAgo(1)}
       where account_id = (select id from accounts where source_id = ${account})
    `);
    await site.summarize();
  }

  it("shows what a rule that reports finds, and asks nobody", async () => {
    await site.rule({}, { status: "report-only" });

    const said = await run();

    assert.equal(said, "Candidates: 2 found.");
    assert.deepEqual(await states(), ["ann detected", "bob detected"]);
  });

  it("makes ready what a rule that acts finds, with why, what was known and what it saves", async () => {
    await site.rule();

    await run();

    const [first] = await site.db.query<{
      because: { says: string }[];
      minor: number;
      steps: string[];
      seen: string;
    }>(sql`
      select c.because, c.saves_minor as minor, c.settings ->> 'graceDays' as grace,
             array(select s.to_state from candidate_steps s where s.candidate_id = c.id order by seq) as steps,
             (select s.evidence -> 'lastUse' ->> 'viewed' from candidate_steps s where s.candidate_id = c.id and seq = 1) as seen
        from candidates c join accounts a on a.id = c.account_id where a.source_id = 'ann'
    `);
    assert.deepEqual(first?.because.map(({ says }) => says).length, 1);
    assert.deepEqual(first?.steps, ["detected", "ready"]);
    assert.equal(first?.seen, daysAgo(90).toISOString());
    assert.ok((first?.minor ?? 0) > 0);
  });

  it("finds a seat once, however often it looks", async () => {
    await site.rule();

    await run();
    const said = await run();

    assert.equal(said, "Nothing changed.");
    assert.equal((await states()).length, 2);
  });

  it("does not find a seat again that was taken since the site was read last", async () => {
    await site.rule();
    await run();
    await site.db.query(sql`
      update candidates set state = 'reclaimed', state_since = ${daysAgo(-1)}, closed_at = ${daysAgo(-1)}
    `);

    await run();

    assert.deepEqual(await states(), ["ann reclaimed", "bob reclaimed"]);
  });

  it("leaves out seats that are excluded, new, or cooling down", async () => {
    await exclude("ann");
    await site.db.query(sql`
      insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since, kept_until, closed_at)
      select site_id, id, '{}', 'kept', '[]', ${daysAgo(1)}, ${daysAgo(1)}, ${daysAgo(-30)}, ${daysAgo(1)}
        from accounts where source_id = 'bob'
    `);
    await site.rule();

    await run();
    const before = await states();
    site.move(31);
    await site.db.query(sql`update evidence set known_until = ${daysAgo(-31)}`);
    await site.summarize();
    await run();

    assert.deepEqual(before, ["bob kept"]);
    assert.deepEqual(await states(), ["bob kept", "bob ready"]);
  });

  it("leaves a seat alone that was asked back, though it was not used since", async () => {
    await exclude("bob");
    await site.db.query(sql`
      insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since, closed_at)
      select site_id, id, '{}', 'restored', '[]', ${daysAgo(40)}, ${daysAgo(1)}, ${daysAgo(20)}
        from accounts where source_id = 'ann'
    `);
    await site.rule();

    await run();

    assert.deepEqual(await states(), ["ann restored"]);
  });

  it("closes those that were used, excluded or given up since, each with why", async () => {
    await site.seats({ dia: daysAgo(90) });
    await site.rule();
    await run();

    await use("ann");
    await exclude("bob");
    await site.acme.leave("users", "dia", OBSERVED_AT);
    await site.summarize();
    const said = await run();

    assert.equal(said, "Candidates: 1 canceled, because they were used or changed, 1 excluded, 1 gone.");
    assert.deepEqual(await candidates(), [
      { account: "ann", state: "canceled", why: "activity" },
      { account: "bob", state: "excluded", why: "excluded" },
      { account: "dia", state: "gone", why: "seat-gone" },
    ]);
  });

  it("takes no silence for proof where reading is not observed: such a seat is only asked, where the rule allows that", async () => {
    await site.seats({ rea: daysAgo(200) }, { reading: false });
    await site.rule({}, { name: "Silent" });
    await run();
    const silent = await states();
    await site.rule({ asksWithoutEvidence: true }, { name: "Asks" });
    await run();

    const [rea] = await site.db.query<{ lacks: boolean; because: { is: string }[] }>(sql`
      select c.lacks_evidence as lacks, c.because from candidates c join accounts a on a.id = c.account_id
       where a.source_id = 'rea'
    `);
    assert.deepEqual(silent, ["ann ready", "bob ready"]);
    assert.deepEqual([rea?.lacks, rea?.because[0]?.is], [true, "lacks-evidence"]);
  });

  it("lets a rule that acts take over what one that reports has found", async () => {
    await site.rule({}, { name: "Reports", status: "report-only" });
    await run();
    await site.rule({}, { name: "Acts" });

    await run();

    assert.deepEqual((await states()).toSorted(), ["ann ready", "ann superseded", "bob ready", "bob superseded"]);
  });

  it("follows the status of its rule: back to found, still while paused, closed when it ends", async () => {
    const ruleId = await site.rule();
    const become = (status: string) =>
      site.db.query(sql`update reclamation_rules set status = ${status} where id = ${ruleId}`);
    await run();
    await become("report-only");
    await run();
    const reported = await states();
    await become("paused");
    await use("ann");
    await run();
    const paused = await states();
    await site.db.query(sql`update reclamation_rules set ended_at = ${OBSERVED_AT} where id = ${ruleId}`);
    await run();

    assert.deepEqual(reported, ["ann detected", "bob detected"]);
    assert.deepEqual(paused, ["ann detected", "bob detected"]);
    assert.deepEqual(await states(), ["ann superseded", "bob superseded"]);
  });

  it("keeps the word of a holder who gave the seat back, unless it was used after that", async () => {
    await site.rule();
    await run();
    await site.db.query(sql`
      update candidates set state = 'scheduled', answer = 'give-back', answered_at = ${OBSERVED_AT} where closed_at is null
    `);
    await use("ann");
    await run();
    const before = await states();
    await site.db.query(sql`update candidates set answered_at = ${daysAgo(2)}`);
    await run();

    assert.deepEqual(before, ["ann scheduled", "bob scheduled"]);
    assert.deepEqual(await states(), ["ann canceled", "bob scheduled"]);
  });
});
