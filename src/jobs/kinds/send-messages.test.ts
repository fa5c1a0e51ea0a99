import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Mailer } from "../../actions/messages/mailer.ts";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { ensureJob } from "../../store/jobs.ts";
import { queueMessage } from "../../store/messages.ts";
import { markRestoredCopy, unmarkRestoredCopy } from "../../store/restored-copy.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { createDispatcher } from "../dispatcher.ts";
import { jobParts } from "../testing/parts.ts";
import { sendMessages } from "./send-messages.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const takesAll: Mailer = {
  send: async () => ({ outcome: "sent", statusCode: 250, error: null }),
  close: async () => {},
};

describe("the job that sends messages", () => {
  let test: TestDatabase;
  let db: Database;
  const clock = manualClock(NOW);
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    await db.transaction((tx) => ensureJob(tx, sendMessages, NOW));
  });
  after(async () => {
    await db.close();
    await test.drop();
  });
  beforeEach(async () => {
    for (const table of ["message_attempts", "messages", "job_results", "leases"]) {
      await db.query(rawSql(`delete from ${table}`));
    }
  });

  function dispatcherWith(mailer: Mailer | null) {
    const executeRun = () => Promise.reject(new Error("There is no run in this test."));
    return createDispatcher({
      ...jobParts({ db, clock, log: silentLog, mailer }),
      kinds: [sendMessages],
      executeRun,
    });
  }

  const queue = () =>
    db.transaction((tx) =>
      queueMessage(tx, {
        channel: "mail",
        kind: "unheard-of",
        recipient: "emil@acme.example",
        subjectId: null,
        data: {},
        dedupeKey: null,
        at: NOW,
      }),
    );

  const results = () => db.query(sql`select trigger, state, message from job_results order by started_at, id`);

  it("begins when somebody looks and a message waits, and not otherwise", async () => {
    const dispatcher = dispatcherWith(takesAll);

    await dispatcher.look();
    await dispatcher.settled();
    const before = await results();
    await queue();
    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(before, []);
    assert.deepEqual(await results(), [{ trigger: "work", state: "failed", message: "Messages: 1 failed." }]);
  });

  it("says that no mail server is configured where messages wait for one", async () => {
    await queue();

    const parts = jobParts({ db, clock, log: silentLog });
    const end = await sendMessages.execute(parts, {} as never, new AbortController().signal);

    assert.equal(await sendMessages.hasWork?.(parts), false);
    assert.equal(end.state, "skipped");
    assert.match(end.message, /Waiting: 1\. No mail server is configured: set USHER_SMTP_URL and USHER_MAIL_FROM/);
  });

  it("sends nothing from a restored copy until somebody confirms it", async () => {
    await queue();
    await db.transaction((tx) => markRestoredCopy(tx, { madeAt: NOW, restoredAt: NOW }));

    const parts = jobParts({ db, clock, log: silentLog, mailer: takesAll });
    const hasWork = await sendMessages.hasWork?.(parts);
    const end = await sendMessages.execute(parts, {} as never, new AbortController().signal);
    await db.transaction(unmarkRestoredCopy);

    assert.deepEqual([hasWork, end.state, await sendMessages.hasWork?.(parts)], [false, "skipped", true]);
  });
});
