import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { Receiver } from "../../model/notifications.ts";
import { openDatabase, type Database } from "../database.ts";
import { ensurePerson } from "../operators.ts";
import { rawSql, sql } from "../sql.ts";
import { siteFixture, type SiteFixture } from "../testing/facts.ts";
import { testDatabase, type TestDatabase } from "../testing/database.ts";
import { queueDigests } from "./digests.ts";
import { notify, type Notification } from "./notify.ts";
import { saveNotificationSetting } from "./settings.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");

describe("an event", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  let rosaId: string;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog });
    acme = await siteFixture(db);
    await db.query(rawSql("delete from connection_owners"));
    await db.query(sql`
      insert into connection_owners (connection_id, email, added_at)
      values (${acme.connectionId}, 'petra@acme.example', ${NOW}), (${acme.connectionId}, 'sam@acme.example', ${NOW})
    `);
    rosaId = await db.transaction(
      async (tx) => (await ensurePerson(tx, { name: "Rosa", email: "Rosa@acme.example" }, NOW)).id,
    );
    await db.query(sql`update operators set roles = '{admin}' where id = ${rosaId}`);
  });
  after(async () => {
    await db.close();
    await test.drop();
  });
  beforeEach(async () => {
    for (const table of ["digest_items", "messages", "notification_settings", "webhooks"]) {
      await db.query(rawSql(`delete from ${table}`));
    }
  });

  const tell = (event: Partial<Notification<"run-failed">> = {}) =>
    db.transaction((tx) =>
      notify(tx, {
        kind: "run-failed",
        subjectId: acme.siteId,
        data: { site: "acme", runId: "run_1", reason: "No answer." },
        at: NOW,
        connectionId: acme.connectionId,
        dedupeKey: "run-failed/acme",
        ...event,
      }),
    );
  const set = (...receivers: Receiver[]) =>
    db.transaction((tx) => saveNotificationSetting(tx, { kind: "run-failed", receivers, by: rosaId, at: NOW }));
  const mailed = async () =>
    (await db.query<{ recipient: string }>(sql`select recipient from messages where channel = 'mail'`))
      .map((row) => row.recipient)
      .sort();
  const kept = async () =>
    (await db.query<{ recipient: string }>(sql`select recipient from digest_items where message_id is null`))
      .map((row) => row.recipient)
      .sort();

  it("is mailed to owners at once and to administrators with the day, unless somebody says otherwise", async () => {
    await tell();

    assert.deepEqual(await mailed(), ["petra@acme.example", "sam@acme.example"]);
    assert.deepEqual(await kept(), ["rosa@acme.example"]);
  });

  it("is told to whoever the setting names, and to nobody where it names nobody", async () => {
    await set({ to: "address:Ops@acme.example", how: "now" }, { to: "owner", how: "digest" });
    await tell({ ownerId: rosaId });
    const named = [await mailed(), await kept()];
    await set();
    await tell({ dedupeKey: "another" });

    assert.deepEqual(named, [["ops@acme.example"], ["rosa@acme.example"]]);
    assert.equal((await mailed()).length, 1);
  });

  it("is told once to who is named twice, at once rather than with the day", async () => {
    await set(
      { to: "role:admin", how: "digest" },
      { to: "address:rosa@acme.example", how: "now" },
      { to: "owner", how: "digest" },
    );
    await tell({ ownerId: rosaId });

    assert.deepEqual([await mailed(), await kept()], [["rosa@acme.example"], []]);
  });

  it("is told once however often it is noticed", async () => {
    await tell();
    await tell();

    assert.deepEqual([(await mailed()).length, (await kept()).length], [2, 1]);
  });

  it("leaves out who did it, and finds owners by the sites", async () => {
    await db.query(sql`update connections set state = 'published' where id = ${acme.connectionId}`);

    await tell({ connectionId: null, siteIds: [acme.siteId], except: ["Petra@acme.example"] });

    assert.deepEqual(await mailed(), ["sam@acme.example"]);
  });

  it("goes to webhooks that asked for its kind and are active", async () => {
    await db.query(sql`
      insert into webhooks (id, name, url, events, secret, state, created_at, updated_at)
      values ('webhook_a', 'a', 'https://a.example', '{run-failed}', 's', 'active', ${NOW}, ${NOW}),
             ('webhook_b', 'b', 'https://b.example', '{run-held}', 's', 'active', ${NOW}, ${NOW}),
             ('webhook_c', 'c', 'https://c.example', '{run-failed}', 's', 'disabled', ${NOW}, ${NOW})
    `);

    await tell();

    assert.deepEqual(await db.query(sql`select recipient, kind from messages where channel = 'webhook'`), [
      { recipient: "webhook_a", kind: "run-failed" },
    ]);
  });

  it("that waits for the digest leaves in one mail for each address, once", async () => {
    await set({ to: "address:a@acme.example", how: "digest" }, { to: "address:b@acme.example", how: "digest" });
    for (const dedupeKey of ["one", "two", "three"]) await tell({ dedupeKey });

    const first = await db.transaction((tx) => queueDigests(tx, NOW));
    const second = await db.transaction((tx) => queueDigests(tx, NOW));

    assert.deepEqual([first, second], [2, 0]);
    const [digest] = await db.query<{ data: { total: number; items: { kind: string; at: string }[] } }>(
      sql`select data from messages where kind = 'digest' and recipient = 'a@acme.example'`,
    );
    assert.deepEqual([digest?.data.total, digest?.data.items.length], [3, 3]);
    assert.equal(digest?.data.items[0]?.at, "2026-05-03T12:00:00Z");
  });
});
