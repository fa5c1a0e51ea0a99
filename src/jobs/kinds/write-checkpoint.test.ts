import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { verifyJournal } from "../../commands/journal/verify-journal.ts";
import { isSigned, publicKeyOf, readCheckpointLines, signCheckpoint } from "../../lib/checkpoint.ts";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { checkpointKeys } from "../../lib/signing.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { listCheckpoints, readJournalHead } from "../../store/journal-checkpoints.ts";
import { sql } from "../../store/sql.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { rechain, recordEntries, tamper } from "../../store/testing/journal.ts";
import type { JobWork } from "../kinds.ts";
import { jobParts } from "../testing/parts.ts";
import { writeCheckpoint } from "./write-checkpoint.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const never = new AbortController().signal;
const newKey = (id: string) => ({ id, key: randomBytes(32) });

describe("checkpoints of the journal", () => {
  let test: TestDatabase;
  let db: Database;
  let parts: JobWork;
  const clock = manualClock(NOW);
  beforeEach(async () => {
    clock.moveTo(NOW);
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    parts = jobParts({ db, clock, log: silentLog });
    await recordEntries(db, 10);
  });
  afterEach(async () => {
    await rm(parts.checkpointFile, { force: true });
    await db.close();
    await test.drop();
  });

  async function sign(given: JobWork = parts) {
    const end = await writeCheckpoint.execute(given, {} as never, never);
    clock.moveBy(3_600_000);
    return end;
  }

  const knownKeys = (given: JobWork) => given.checkpointKeys.map(({ privateKey }) => publicKeyOf(privateKey));
  const verify = (given: JobWork = parts) =>
    verifyJournal({ db }, { file: given.checkpointFile, knownKeys: knownKeys(given) });

  it("are signed, and leave the database to a file, the log and whoever is told", async () => {
    const lines: object[] = [];
    const log = { ...silentLog, info: (fields: object) => void lines.push(fields) };
    await db.query(sql`
      insert into webhooks (name, url, events, secret, created_at, updated_at)
      values ('Archive', 'https://archive.example', '{journal-checkpoint}', 's', ${NOW}, ${NOW})
    `);

    const end = await sign({ ...parts, log });

    assert.equal(end.state, "succeeded");
    const [inside] = await listCheckpoints(db);
    const [outside] = readCheckpointLines(await readFile(parts.checkpointFile, "utf8")).checkpoints;
    assert.ok(inside && isSigned(inside));
    assert.deepEqual(outside, inside);
    assert.deepEqual(lines, [{ checkpoint: inside }]);
    const [told] = await db.query<{ kind: string; data: object }>(sql`select kind, data from messages`);
    assert.deepEqual(told, { kind: "journal-checkpoint", data: { ...inside, at: inside.at.toISOString() } });
  });

  it("prove every entry up to the newest one that is kept outside, and say where that is", async () => {
    await sign();
    await recordEntries(db, 5);

    const found = await verify();

    assert.equal(found.intact, true);
    assert.deepEqual([found.checked, found.proven?.seq, found.proven?.place], [15, 10, parts.checkpointFile]);
    assert.deepEqual(found.checkpoints, { inDatabase: 1, outside: 1 });
  });

  it("are not written where nothing happened since, and not of a journal that is broken", async () => {
    await sign();
    const idle = await sign();
    await recordEntries(db, 5);
    await tamper(db, "update journal_entries set actor_id = 'somebody' where seq = 12");

    const refused = await sign();

    assert.equal(idle.message, "No entry since the last checkpoint.");
    assert.equal(refused.state, "failed");
    assert.match(refused.message, /broken at entry 12: it was altered/);
    assert.equal((await listCheckpoints(db)).length, 1);
  });

  it("are not written of a journal whose newest entries were cut off, nor of a head that is not its newest entry", async () => {
    await recordEntries(db, 5);
    await sign();
    await tamper(
      db,
      "delete from journal_personal where seq > 12",
      "delete from journal_entries where seq > 12",
      "update journal_head set seq = 12, hash = (select hash from journal_entries where seq = 12)",
    );
    const cut = await sign();
    await tamper(db, "delete from journal_checkpoints", "update journal_head set seq = 13");
    const swapped = await sign();

    assert.match(cut.message, /broken at entry 13: the newest entries were cut off/);
    assert.match(swapped.message, /broken at entry 13: the newest entries were cut off/);
    assert.deepEqual([cut.state, swapped.state], ["failed", "failed"]);
  });

  it("find a chain that was made anew, though it agrees with itself and with the database's own checkpoints", async () => {
    await sign();
    await tamper(db, `update journal_entries set detail = '{"number": 99}' where seq = 4`);
    await rechain(db);
    await tamper(db, "delete from journal_checkpoints");

    const found = await verify();
    const blind = await verifyJournal({ db }, { file: `${parts.checkpointFile}.none`, knownKeys: knownKeys(parts) });

    assert.deepEqual([found.intact, found.brokenAt, found.proven], [false, 10, null]);
    assert.match(found.reason ?? "", /differs from the checkpoint at entry 10 .* an entry up to here was changed/);
    // Which is why checkpoints leave the database.
    assert.deepEqual([blind.intact, blind.proven], [true, null]);
  });

  it("find entries that were reordered or taken out and closed up", async () => {
    await sign();
    await recordEntries(db, 5);
    await sign();
    await tamper(
      db,
      "delete from journal_personal where seq in (3, 4)",
      "delete from journal_checkpoints",
      "update journal_entries set seq = 1000 where seq = 3",
      "update journal_entries set seq = 3 where seq = 4",
      "update journal_entries set seq = 4 where seq = 1000",
    );
    const plain = await verify();
    await rechain(db);
    const closed = await verify();
    await tamper(db, "delete from journal_entries where seq = 2", "delete from journal_personal where seq = 2");
    const missing = await verify();

    assert.deepEqual([plain.brokenAt, closed.brokenAt, missing.brokenAt], [3, 10, 3]);
    assert.equal(missing.reason, "entry 2 is missing");
  });

  it("find entries that were cut off at the end", async () => {
    await recordEntries(db, 5);
    await sign();
    await tamper(
      db,
      "delete from journal_checkpoints",
      "delete from journal_personal where seq > 12",
      "delete from journal_entries where seq > 12",
      "update journal_head set seq = 12, hash = (select hash from journal_entries where seq = 12)",
    );

    const found = await verify();

    assert.deepEqual([found.intact, found.brokenAt], [false, 13]);
    assert.match(found.reason ?? "", /cut off: the checkpoint at entry 15 .* says there were more/);
  });

  it("are refused where the signature is wrong, or by a key of somebody else", async () => {
    await sign();
    const [checkpoint] = await listCheckpoints(db);
    await appendFile(parts.checkpointFile, `${JSON.stringify({ ...checkpoint, hash: "0".repeat(64) })}\n`);
    const forged = await verify();
    await recordEntries(db, 5);
    const [stranger] = checkpointKeys([newKey("stranger")]);
    const theirs = signCheckpoint({ ...(await readJournalHead(db)), at: NOW }, stranger!);
    await writeFile(parts.checkpointFile, `${JSON.stringify(theirs)}\n`);
    const strange = await verify();

    assert.match(forged.reason ?? "", /signature of the checkpoint at entry 10 .* is not right/);
    assert.match(strange.reason ?? "", /signed by the key stranger, which is not in this installation's key file/);
  });

  it("stay right when keys are rotated, also when the old one is gone from the key file", async () => {
    const [old, fresh] = [newKey("old"), newKey("fresh")];
    const before = { ...parts, checkpointKeys: checkpointKeys([old]) };
    await sign(before);
    await recordEntries(db, 5);
    const both = { ...parts, checkpointKeys: checkpointKeys([fresh, old]) };
    const hasWork = await writeCheckpoint.hasWork?.(both);
    await sign(both);

    const alone = await verify({ ...parts, checkpointKeys: checkpointKeys([fresh]) });

    assert.equal(hasWork, true);
    assert.deepEqual([alone.intact, alone.proven?.seq, alone.proven?.keyId], [true, 15, "fresh"]);
  });

  it("are due after ten thousand entries, whatever the hour", async () => {
    await sign();
    const few = await writeCheckpoint.hasWork?.(parts);
    await recordEntries(db, 10_000, 5000);

    assert.deepEqual([few, await writeCheckpoint.hasWork?.(parts)], [false, true]);
    assert.equal((await verify()).checked, 10_010);
  });

  it("that half a line was written of do not hide the others", async () => {
    await sign();
    await appendFile(parts.checkpointFile, '{"seq":11,"ha');

    assert.deepEqual([(await verify()).intact, (await verify()).proven?.seq], [true, 10]);
    await recordEntries(db, 5);
    await sign();
    assert.deepEqual([(await verify()).intact, (await verify()).proven?.seq], [true, 15]);
  });
});

describe("the journal of a transaction", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  it("is appended in the order in which it was recorded, however much it is", async () => {
    await recordEntries(db, 2500, 2500);

    const rows = await db.query<{ number: number }>(sql`
      select (detail ->> 'number')::integer as number from journal_entries order by seq
    `);
    assert.deepEqual(
      rows.map((row) => row.number),
      Array.from({ length: 2500 }, (_, index) => index),
    );
    const [personal] = await db.query<{ count: number }>(sql`select count(*) as count from journal_personal`);
    assert.equal(personal?.count, 1250);
  });
});
