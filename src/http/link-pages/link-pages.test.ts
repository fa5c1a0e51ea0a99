import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { type CandidateSite, candidateSite } from "../../commands/candidates/testing/candidate-site.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import type { Candidate } from "../../model/candidates.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { daysAgo, OBSERVED_AT } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

const links = createLinkSigner([randomBytes(32)]);

describe("the pages behind a link in a mail", () => {
  let server: TestServer;
  let site: CandidateSite;
  let address = 0;
  before(async () => {
    server = await startTestServer({ services: { links } });
    server.clock.moveTo(OBSERVED_AT);
    site = await candidateSite({ db: server.db, clock: server.clock });
    await site.seats({ "<b>ann</b>": daysAgo(90), mia: daysAgo(1) });
  });
  after(() => server.close());
  beforeEach(async () => {
    server.clock.moveTo(OBSERVED_AT);
    // Each test comes from an address of its own: how often one may ask is counted over all of them.
    address += 1;
    for (const table of ["candidate_steps", "actions", "plan_rows", "candidates", "plans", "messages"])
      await site.db.query(rawSql(`delete from ${table}`));
  });

  const asked = (fields: Partial<Candidate> = {}) =>
    candidateFixture(site.db, site.acme.siteId, "<b>ann</b>", { state: "asking", dueAt: daysAgo(-7), ...fields });
  async function linkOf(id: string, options: { purpose?: string; holder?: string; expiresAt?: Date } = {}) {
    const { purpose = "check-in", expiresAt = daysAgo(-30) } = options;
    const holder = options.holder ?? (await site.personOf("<b>ann</b>"));
    return `/l/${purpose}/${links.sign({ purpose, subjectId: id, holder, expiresAt })}`;
  }
  const open = (url: string, method: "GET" | "HEAD" = "GET") =>
    server.app.inject({ method, url, remoteAddress: `10.0.0.${address}` });
  const answer = (url: string, form: Record<string, string>) =>
    server.app.inject({
      method: "POST",
      url,
      remoteAddress: `10.0.0.${address}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams(form).toString(),
    });

  it("decide nothing when they are only opened, as mail scanners do", async () => {
    const { id } = await asked();
    const url = await linkOf(id);

    const statuses = [await open(url), await open(url, "HEAD"), await open(url)].map(({ statusCode }) => statusCode);

    assert.deepEqual(statuses, [200, 200, 200]);
    const after = await site.candidate(id);
    assert.deepEqual([after.state, after.revision], ["asking", 1]);
  });

  it("run nothing, load nothing, and show what comes from outside as text", async () => {
    const { body, headers } = await open(await linkOf((await asked()).id));

    assert.match(
      String(headers["content-security-policy"]),
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
    );
    assert.doesNotMatch(body, /<script|src=|https?:|<b>ann/);
    assert.match(body, /&lt;b&gt;ann&lt;\/b&gt;, your account takes one of the paid places in acme/);
    assert.match(body, /The latest use that was seen is of 23 August 2026/);
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cache-control"], "no-store");
  });

  it("keep the seat for a reason, and say for how long", async () => {
    const { id } = await asked();
    const url = await linkOf(id);

    const answered = await answer(url, { answer: "keep", reason: "I am the backup of <i>Bob</i>." });
    const shown = await open(url);

    const kept = await site.candidate(id);
    assert.equal(answered.statusCode, 303);
    assert.deepEqual([kept.state, kept.answer, kept.keptUntil], ["kept", "keep", daysAgo(-90)]);
    assert.match(shown.body, /The seat stays\. Nobody asks again before 19 February 2027/);
  });

  it("ask for the reason where none is given, and keep the question open", async () => {
    const { id } = await asked();

    const answered = await answer(await linkOf(id), { answer: "keep", reason: "  " });

    assert.equal(answered.statusCode, 422);
    assert.match(answered.body, /role="alert">Please say why/);
    assert.equal((await site.candidate(id)).state, "asking");
  });

  it("schedule the seat that is not needed, under the name of its holder", async () => {
    const { id } = await asked({ lacksEvidence: true });

    await answer(await linkOf(id), { answer: "give-back" });

    const given = await site.candidate(id);
    assert.deepEqual([given.state, given.answer, given.scheduledFor], ["scheduled", "give-back", OBSERVED_AT]);
    const [entry] = await site.db.query<{ actor: string; through: string }>(sql`
      select actor_id as actor, through from journal_entries where entry = 'candidate.answered' and subject_id = ${id}
    `);
    assert.deepEqual(entry, { actor: await site.personOf("<b>ann</b>"), through: "link" });
  });

  it("leave a seat alone during a leave and a while after, within bounds", async () => {
    const { id } = await asked();
    const url = await linkOf(id);

    const tooLong = await answer(url, { answer: "on-leave", until: "2029-01-01" });
    const noDay = await answer(url, { answer: "on-leave", until: "2026-02-31" });
    await answer(url, { answer: "on-leave", until: "2027-03-01" });

    const kept = await site.candidate(id);
    assert.deepEqual([tooLong.statusCode, noDay.statusCode], [422, 422]);
    assert.deepEqual(
      [kept.state, kept.leaveUntil?.toISOString(), kept.keptUntil?.toISOString()],
      ["kept", "2027-03-01T23:59:59.000Z", "2027-03-31T23:59:59.000Z"],
    );
  });

  it("take another answer until it was acted on, and then say that it was", async () => {
    const { id } = await asked();
    const url = await linkOf(id);

    await answer(url, { answer: "keep", reason: "Perhaps" });
    await answer(url, { answer: "give-back" });
    const second = (await site.candidate(id)).state;
    await site.db.query(sql`update candidates set state = 'executing' where id = ${id}`);
    const late = await answer(url, { answer: "keep", reason: "No" });

    assert.equal(second, "scheduled");
    assert.equal(late.statusCode, 409);
    assert.match(late.body, /being given back at this moment/);
  });

  it("say so when the link is too old, was altered, is for another purpose or another holder", async () => {
    const { id } = await asked();
    const old = await open(await linkOf(id, { expiresAt: OBSERVED_AT }));
    const altered = await open((await linkOf(id)).slice(0, -2));
    const crossed = await open((await linkOf(id, { purpose: "decision" })).replace("/l/decision/", "/l/check-in/"));
    const other = await open(await linkOf(id, { holder: await site.personOf("mia") }));

    assert.deepEqual(
      [old, altered, crossed, other].map(({ statusCode }) => statusCode),
      [410, 404, 404, 404],
    );
    assert.match(old.body, /This link is too old/);
    assert.match(altered.body, /This link cannot be used/);
    assert.doesNotMatch(other.body, /&lt;b&gt;/);
  });

  it("answer an address that asks too often with a page", async () => {
    const url = await linkOf((await asked()).id);

    const statuses: number[] = [];
    for (let times = 0; times < 61; times += 1) statuses.push((await open(url)).statusCode);

    assert.deepEqual(statuses.slice(-2), [200, 429]);
    assert.match((await open(url)).body, /Please wait a minute/);
  });

  describe("of somebody whose seat was taken", () => {
    async function taken(): Promise<string> {
      const { id, accountId, siteId } = await asked({ state: "ready" });
      await site.db.query(sql`
        insert into plans (id, kind, state, reason, site_ids, counts, money, hash, created_by, created_at, expires_at,
                           applied_by, applied_at)
        values (${`plan_${id}`}, 'reclaim', 'applied', 'Idle', ${[siteId]}, '{}', '[]', 'x', 'system', ${OBSERVED_AT},
                ${OBSERVED_AT}, 'system', ${OBSERVED_AT})
      `);
      await site.db.query(sql`
        insert into plan_rows (plan_id, position, site_id, account_id, candidate_id, executor, memberships, loses, state)
        select ${`plan_${id}`}, 0, ${siteId}, ${accountId}, ${id}, 'group-memberships',
               jsonb_build_array(jsonb_build_object('groupId', g.id, 'groupSourceId', g.source_id, 'name', 'users',
                                                    'isExternal', false)), '{}', 'done'
          from groups g where g.source_id = 'users'
      `);
      await site.db.query(sql`
        insert into actions (plan_id, position, site_id, account_id, kind, target, state, next_at, planned_at, finished_at)
        values (${`plan_${id}`}, 0, ${siteId}, ${accountId}, 'remove-member', '{"groupSourceId":"users"}', 'done',
                ${OBSERVED_AT}, ${OBSERVED_AT}, ${OBSERVED_AT})
      `);
      await site.db.query(sql`
        update candidates set state = 'reclaimed', closed_at = ${OBSERVED_AT}, due_at = ${daysAgo(-30)},
                              plan_id = ${`plan_${id}`}
         where id = ${id}
      `);
      return id;
    }

    it("ask before they do anything, and then ask for the seat, once", async () => {
      const id = await taken();
      const url = await linkOf(id, { purpose: "restore" });

      const shown = await open(url);
      const [none] = await site.db.query<{ count: number }>(
        sql`select count(*) as count from plans where kind = 'restore'`,
      );
      const done = await answer(url, { reason: "Audit season" });
      const again = await answer(url, {});

      assert.match(shown.body, /Get it back/);
      assert.equal(none?.count, 0);
      assert.match(done.body, /Somebody decides about it/);
      assert.deepEqual([done.statusCode, again.statusCode], [200, 409]);
      const [plan] = await site.db.query<{ reason: string; by: string }>(sql`
        select reason, created_by as by from plans where kind = 'restore'
      `);
      assert.deepEqual(plan, { reason: "Audit season", by: await site.personOf("<b>ann</b>") });
    });

    it("say that there is nothing to give back where nothing was taken", async () => {
      const { id } = await asked();

      const done = await answer(await linkOf(id, { purpose: "restore" }), {});

      assert.equal(done.statusCode, 409);
      assert.match(done.body, /There is nothing to give back/);
    });
  });

  describe("of a decider", () => {
    const byMia = async (id: string) => linkOf(id, { purpose: "decision", holder: await site.personOf("mia") });
    const waiting = async (fields: Partial<Candidate> = {}) =>
      asked({
        state: "deciding",
        deciderPerson: await site.personOf("mia"),
        deciderEmail: "mia@acme.example",
        ...fields,
      });

    it("take the seat, or keep it until a day for a reason, and may think better of it", async () => {
      const { id } = await waiting();
      const url = await byMia(id);

      await answer(url, { decision: "take" });
      const taken = await site.candidate(id);
      const noReason = await answer(url, { decision: "keep", reason: "", until: "2027-01-31" });
      await answer(url, { decision: "keep", reason: "Audit", until: "2027-01-31" });
      const kept = await site.candidate(id);

      assert.deepEqual([taken.state, taken.decidedBy], ["scheduled", await site.personOf("mia")]);
      assert.equal(noReason.statusCode, 422);
      assert.deepEqual([kept.state, kept.keptUntil?.toISOString()], ["kept", "2027-01-31T23:59:59.000Z"]);
    });

    it("cannot take a seat whose reading nobody could observe", async () => {
      const { id } = await waiting({ lacksEvidence: true, answer: "none" });
      const url = await byMia(id);

      const shown = await open(url);
      const refused = await answer(url, { decision: "take" });
      await answer(url, { decision: "ask" });

      assert.doesNotMatch(shown.body, /value="take"/);
      assert.equal(refused.statusCode, 422);
      assert.equal((await site.candidate(id)).state, "ready");
    });

    it("is not asked any more once the holder has answered", async () => {
      const { id } = await waiting();

      await answer(await linkOf(id), { answer: "keep", reason: "Mine" });
      const late = await answer(await byMia(id), { decision: "take" });

      assert.equal(late.statusCode, 409);
      assert.equal((await site.candidate(id)).state, "kept");
    });

    it("works for one whom the rule names by an address, however long", async () => {
      const email = `${"license".repeat(9)}@${"acme.".repeat(30)}example`;
      const { id } = await waiting({ deciderPerson: null, deciderEmail: email });

      const done = await answer(await linkOf(id, { purpose: "decision", holder: email }), { decision: "take" });

      assert.equal(done.statusCode, 303);
      assert.equal((await site.candidate(id)).decidedBy, "named-decider");
    });
  });
});
