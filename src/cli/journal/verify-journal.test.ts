import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { signCheckpoint } from "../../lib/checkpoint.ts";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { checkpointKeys } from "../../lib/signing.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { exportJournal } from "../../store/journal-export.ts";
import { insertCheckpoint, readJournalHead } from "../../store/journal-checkpoints.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { rechain, recordEntries, tamper } from "../../store/testing/journal.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const VERIFIER = fileURLToPath(new URL("verify-journal.mjs", import.meta.url));
const run = promisify(execFile);

describe("the standalone verifier", () => {
  let test: TestDatabase;
  let db: Database;
  let folder: string;
  /** Lines of an export of 40 entries with a checkpoint at 20 and at 40. */
  let lines: string[];
  /** The two checkpoints, as they were kept apart. */
  let kept: string[];
  let publicKey: string;
  const [key, stranger] = checkpointKeys(["own", "stranger"].map((id) => ({ id, key: randomBytes(32) })));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-verifier-"));
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog });
    kept = [];
    for (const _ of [1, 2]) {
      await recordEntries(db, 20);
      const checkpoint = signCheckpoint({ ...(await readJournalHead(db)), at: NOW }, key!);
      await db.transaction((tx) => insertCheckpoint(tx, checkpoint));
      kept.push(JSON.stringify(checkpoint));
      publicKey = checkpoint.publicKey;
    }
    lines = await exported(true);
  });
  after(async () => {
    await db.close();
    await test.drop();
    await rm(folder, { recursive: true });
  });

  async function exported(withPersonal: boolean): Promise<string[]> {
    const pieces: string[] = [];
    for await (const piece of exportJournal(db, { at: NOW, withPersonal })) pieces.push(piece);
    return pieces.join("").trimEnd().split("\n");
  }

  /** In a Node of its own, in a folder without anything else. */
  async function verified(given: readonly string[], ...options: string[]): Promise<{ code: number; says: string }> {
    await writeFile(join(folder, "export.jsonl"), given.join("\n"));
    await writeFile(join(folder, "kept.jsonl"), `${kept.join("\n")}\n`);
    const world = { cwd: folder, env: {} };
    try {
      const { stdout } = await run(process.execPath, [VERIFIER, "export.jsonl", ...options], world);
      return { code: 0, says: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, says: stdout + stderr };
    }
  }

  function changed(index: number, change: (entry: Record<string, unknown>) => object): string[] {
    return lines.with(index, JSON.stringify(change(JSON.parse(lines[index]!))));
  }

  it("finds an export intact, and says what that proves and what it does not", async () => {
    const alone = await verified(lines);
    const byFile = await verified(lines, "--checkpoints", "kept.jsonl");
    const byKey = await verified(lines, "--key", publicKey);
    const withoutNames = await verified(await exported(false), "--checkpoints", "kept.jsonl");

    assert.deepEqual([alone.code, byFile.code, byKey.code, withoutNames.code], [0, 0, 0, 0]);
    assert.match(alone.says, /INTACT: 40 entries .*\nNOT PROVED/);
    assert.match(byFile.says, /PROVED up to entry 40: it agrees with the checkpoint of .* in kept\.jsonl/);
    assert.match(byKey.says, /PROVED up to entry 40: .* signed by a key you gave/);
  });

  it("holds personal parts only where they were asked for", async () => {
    assert.ok(lines.some((line) => line.includes("person0@acme.example")));
    assert.ok(!(await exported(false)).some((line) => line.includes("@acme.example")));
  });

  it("finds entries that were altered, reordered, removed, cut off", async () => {
    const cases: [name: string, given: string[], says: RegExp][] = [
      ["altered", changed(5, (entry) => ({ ...entry, actorId: "somebody" })), /entry 5 was altered/],
      [
        "a name",
        changed(1, (entry) => ({ ...entry, personal: { salt: "x", content: "{}" } })),
        /personal part of entry 1/,
      ],
      ["reordered", lines.with(3, lines[4]!).with(4, lines[3]!), /entry 3 is missing: 4 stands/],
      ["removed", lines.toSpliced(7, 1), /entry 7 is missing/],
      ["its last entry removed", lines.toSpliced(40, 1), /entries were removed at the end/],
      ["a checkpoint removed", lines.toSpliced(41, 1), /checkpoints were removed/],
      ["cut off", lines.slice(0, 30), /cut off: its last line is missing/],
      ["half a line", [...lines.slice(0, 30), lines[30]!.slice(0, 20)], /line 31 cannot be read/],
      ["no export", ['{"type":"other"}'], /not an export/],
    ];
    for (const [name, given, says] of cases) {
      const found = await verified(given, "--checkpoints", "kept.jsonl");
      assert.equal(found.code, 1, name);
      assert.match(found.says, says, name);
    }
  });

  it("finds forged checkpoints, and ones that somebody else signed", async () => {
    const forged = changed(41, (checkpoint) => ({ ...checkpoint, at: "2026-05-04T12:00:00.000Z" }));
    const theirs = changed(42, (checkpoint) => ({
      type: "checkpoint",
      ...signCheckpoint({ seq: 40, hash: String(checkpoint["hash"]), at: NOW }, stranger!),
    }));

    assert.match((await verified(forged)).says, /signature of the checkpoint at entry 20 is not right/);
    assert.match((await verified(theirs, "--key", publicKey)).says, /entry 40, is signed by another key/);
  });

  it("says what the kept checkpoints know that the export does not have, whatever it says of when it was made", async () => {
    const first = JSON.parse(lines[0]!);
    const head = { seq: 20, hash: JSON.parse(lines[20]!).hash };
    const earlier = (exportedAt: string) => [
      JSON.stringify({ ...first, exportedAt, head }),
      ...lines.slice(1, 21),
      lines[41]!,
      JSON.stringify({ type: "end", entries: 20, checkpoints: 1 }),
    ];

    const cut = await verified(earlier("2026-05-03T14:00:00.000+01:00"), "--checkpoints", "kept.jsonl");
    const older = await verified(earlier("2026-05-03T11:00:00.000Z"), "--checkpoints", "kept.jsonl");

    assert.deepEqual([cut.code, older.code], [1, 0]);
    assert.match(cut.says, /entry 40 .* says there were more entries than 20/);
    assert.match(older.says, /NOT IN THIS FILE: entries 21 to 40/);
  });

  it("says that a kept checkpoint is not right whatever is wrong with it", async () => {
    const right = kept;
    kept = [JSON.stringify({ ...JSON.parse(right[0]!), at: "soon" })];
    const noTime = await verified(lines, "--checkpoints", "kept.jsonl");
    kept = ["null"];
    const nothing = await verified(lines, "--checkpoints", "kept.jsonl");
    kept = right;

    assert.match(noTime.says, /^BROKEN: the signature on line 1 of kept.jsonl is not right/);
    assert.match(nothing.says, /^BROKEN: .*line 1 of kept.jsonl/);
  });

  it("finds a journal that was made anew and signed anew, by the checkpoints that were kept apart", async () => {
    await tamper(
      db,
      `update journal_entries set detail = '{"number": 99}' where seq = 4`,
      "delete from journal_checkpoints",
    );
    await rechain(db);
    const anew = await exported(false);

    assert.equal((await verified(anew)).code, 0);
    const found = await verified(anew, "--checkpoints", "kept.jsonl");
    assert.deepEqual([found.code, /entry up to 20 was changed after the checkpoint/.test(found.says)], [1, true]);
  });

  it("says how it is called where it was called in a wrong way", async () => {
    assert.deepEqual([(await verified(lines, "--what")).code], [2]);
  });
});
