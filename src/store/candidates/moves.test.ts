import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import { type Database, openDatabase } from "../database.ts";
import { sql } from "../sql.ts";
import { candidateFixture } from "../testing/candidates.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../testing/facts.ts";
import { findCandidate } from "./candidates.ts";
import { type CandidateMove, moveCandidate } from "./moves.ts";

describe("moving a candidate", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    acme = await siteFixture(db);
    await acme.account("ann");
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const move = (candidateId: string, to: CandidateState, fields: Partial<CandidateMove> = {}) =>
    db.transaction((tx) =>
      moveCandidate(tx, {
        candidateId,
        to,
        actorId: "system",
        reason: null,
        evidence: null,
        detail: {},
        at: OBSERVED_AT,
        ...fields,
      }),
    );
  const steps = (id: string) =>
    db.query<{
      seq: number;
      from: string | null;
      to: string;
      actor: string;
      reason: string | null;
      evidence: object;
    }>(sql`
      select seq, from_state as "from", to_state as "to", actor_id as actor, reason, evidence
        from candidate_steps
       where candidate_id = ${id}
       order by seq
    `);

  it("keeps each step with its actor, its reason and the evidence it saw", async () => {
    const { id } = await candidateFixture(db, acme.siteId, "ann", { state: "ready" });
    await db.transaction((tx) =>
      tx.execute(sql`
        insert into seat_facts (site_id, account_id, person_id, granted_at, granted_origin, account_class, account_type,
                                groups_count, viewed_at, viewed_known_since, viewed_known_until)
        select site_id, id, person_id, ${daysAgo(300)}, 'first-seen', 'licensed', 'atlassian', 1, ${daysAgo(90)},
               '-infinity', ${OBSERVED_AT}
          from accounts
      `),
    );

    await move(id, "kept", { actorId: "person_1", reason: "I need it in spring." });

    const [, step] = await steps(id);
    assert.deepEqual(step, {
      seq: 2,
      from: "ready",
      to: "kept",
      actor: "person_1",
      reason: "I need it in spring.",
      evidence: {
        lastUse: { viewed: daysAgo(90).toISOString(), contributed: null, administered: null, authenticated: null },
        reading: [{ kind: "viewed", knownSince: null, knownUntil: OBSERVED_AT.toISOString() }],
        grantedAt: daysAgo(300).toISOString(),
        seatStatus: null,
      },
    });
  });

  it("closes what is over, ends what belongs to the state, and counts revisions", async () => {
    const { id } = await candidateFixture(db, acme.siteId, "ann", { state: "asking", dueAt: OBSERVED_AT });

    await move(id, "kept", { set: { keptUntil: daysAgo(-90), answer: "keep", answeredAt: OBSERVED_AT } });

    const kept = await findCandidate(db, id);
    assert.deepEqual(
      [kept?.state, kept?.revision, kept?.closedAt, kept?.dueAt, kept?.keptUntil, kept?.answer],
      ["kept", 2, OBSERVED_AT, null, daysAgo(-90), "keep"],
    );
  });

  it("leaves everything as it was when the move is not allowed", async () => {
    const { id } = await candidateFixture(db, acme.siteId, "ann", { state: "asking", dueAt: OBSERVED_AT });

    const moved = await move(id, "executing");

    assert.deepEqual(moved, { ok: false, error: "move-not-allowed" });
    assert.equal((await findCandidate(db, id))?.revision, 1);
    assert.equal((await steps(id)).length, 1);
  });

  it("schedules a seat that lacks evidence only by its holder's own answer", async () => {
    const { id } = await candidateFixture(db, acme.siteId, "ann", { state: "asking", lacksEvidence: true });

    const refused = await move(id, "scheduled", { set: { answer: "none" } });
    const moved = await move(id, "scheduled", { set: { answer: "give-back" } });

    assert.deepEqual(refused, { ok: false, error: "own-answer-needed" });
    assert.ok(moved.ok);
  });

  it("lets two that move one candidate follow one another", async () => {
    const { id } = await candidateFixture(db, acme.siteId, "ann", { state: "asking" });

    const both = await Promise.all([move(id, "kept"), move(id, "canceled")]);

    assert.deepEqual(both.map(({ ok }) => ok).toSorted(), [false, true]);
    assert.equal((await steps(id)).length, 2);
  });
});
