import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import type { MessageTemplate } from "../../rules/messages/template.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { queueMessage } from "../../store/messages.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { createMailer, type Mailer } from "./mailer.ts";
import { sendMails, type SendParts } from "./send-messages.ts";
import { startMailServer, type MailServer } from "./testing/mail-server.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const greeting: MessageTemplate = {
  kind: "greeting",
  write: ({ name }, links) => ({
    subject: `Hello ${String(name)}`,
    parts: [
      { kind: "paragraph", text: "Good day." },
      { kind: "link", label: "Open", url: links.page("/people") },
    ],
  }),
};

describe("mails", () => {
  let test: TestDatabase;
  let db: Database;
  let server: MailServer;
  let mailer: Mailer;
  const clock = manualClock(NOW);
  const never = new AbortController().signal;

  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    server = await startMailServer({
      onRcptTo({ address }, _, callback) {
        if (address.startsWith("nobody@"))
          return callback(Object.assign(new Error("No such box"), { responseCode: 550 }));
        if (address.startsWith("full@")) return callback(Object.assign(new Error("Try later"), { responseCode: 452 }));
        callback();
      },
    });
    mailer = createMailer({ smtpUrl: server.url, from: "Usher <usher@acme.example>" }, silentLog);
  });
  after(async () => {
    await mailer.close();
    await server.close();
    await db.close();
    await test.drop();
  });
  beforeEach(async () => {
    clock.moveTo(NOW);
    server.received.splice(0);
    for (const table of ["message_attempts", "messages"]) await db.query(rawSql(`delete from ${table}`));
  });

  function partsWith(given: Partial<SendParts> = {}): SendParts {
    const links = createLinkSigner([randomBytes(32)]);
    const findTemplate = (kind: string) => (kind === "greeting" ? greeting : null);
    const world = { db, clock, log: silentLog, links, publicUrl: "https://usher.example", holder: "this process" };
    return { ...world, mailer, findTemplate, ...given };
  }

  async function queue(recipient: string, kind = "greeting", dedupeKey: string | null = null): Promise<string> {
    await db.transaction((tx) =>
      queueMessage(tx, {
        channel: "mail",
        kind,
        recipient,
        subjectId: null,
        data: { name: "Emil" },
        dedupeKey,
        at: clock.now(),
      }),
    );
    const [row] = await db.query<{ id: string }>(
      sql`select id from messages order by created_at desc, id desc limit 1`,
    );
    return row!.id;
  }

  async function messageOf(id: string) {
    const [row] = await db.query<{ state: string; attempts: number; nextAt: Date; error: string | null }>(sql`
      select state, attempts, next_at as "nextAt", error from messages where id = ${id}
    `);
    return row!;
  }

  it("leave by SMTP as text and HTML, with an id by which a repeat is known", async () => {
    const id = await queue("emil@acme.example");

    const counts = await sendMails(partsWith(), never);

    assert.deepEqual(counts, { sent: 1, later: 0, failed: 0, dropped: 0, trouble: null });
    const [mail] = server.received;
    assert.deepEqual([mail?.from, mail?.to], ["usher@acme.example", ["emil@acme.example"]]);
    assert.match(mail?.raw ?? "", new RegExp(`^Message-ID: <${id}@acme\\.example>\\r$`, "m"));
    assert.match(mail?.raw ?? "", /^Subject: Hello Emil\r$/m);
    assert.match(mail?.raw ?? "", /^Auto-Submitted: auto-generated\r$/m);
    assert.match(
      mail?.raw ?? "",
      /Content-Type: text\/plain[^]*https:\/\/usher\.example\/people[^]*Content-Type: text\/html/,
    );
    assert.equal((await messageOf(id)).state, "sent");
    const [entry] = await db.query(sql`select entry, detail from journal_entries order by seq desc limit 1`);
    assert.deepEqual(entry, { entry: "messages.sent", detail: { messageIds: [id] } });
  });

  it("that are queued twice for the same thing leave once", async () => {
    await queue("emil@acme.example", "greeting", "hello/emil");
    await queue("emil@acme.example", "greeting", "hello/emil");

    await sendMails(partsWith(), never);

    assert.equal(server.received.length, 1);
  });

  it("that the server refuses for good end as failed in its words, and stop no other", async () => {
    const id = await queue("nobody@acme.example");
    await queue("emil@acme.example");

    const counts = await sendMails(partsWith(), never);

    assert.deepEqual([counts.sent, counts.failed, counts.trouble], [1, 1, null]);
    const { state, error } = await messageOf(id);
    assert.equal(state, "failed");
    assert.match(error ?? "", /does not take it\. It answered: 550 No such box/);
  });

  it("that the server refuses for now are tried again, later each time, and given up after four days", async () => {
    const id = await queue("full@acme.example");

    await sendMails(partsWith(), never);
    const first = await messageOf(id);
    await sendMails(partsWith(), never);
    const early = await messageOf(id);
    clock.moveTo(first.nextAt);
    await sendMails(partsWith(), never);
    const second = await messageOf(id);
    clock.moveBy(5 * 86_400_000);
    await sendMails(partsWith(), never);

    assert.deepEqual([first.state, early.attempts, second.attempts], ["waiting", 1, 2]);
    assert.equal(first.nextAt.getTime() - NOW.getTime(), 60_000);
    assert.equal(second.nextAt.getTime() - first.nextAt.getTime(), 120_000);
    const last = await messageOf(id);
    assert.equal(last.state, "failed");
    assert.match(last.error ?? "", /452 Try later It was tried for long enough/);
    assert.equal((await db.query(sql`select attempt from message_attempts where message_id = ${id}`)).length, 3);
  });

  it("that a process took and did not end are sent by another, with the same id", async () => {
    const id = await queue("emil@acme.example");
    await db.query(sql`
      update messages set holder = 'one that died', attempts = 1, next_at = ${new Date(NOW.getTime() + 900_000)}
    `);

    const atOnce = await sendMails(partsWith(), never);
    clock.moveBy(900_000);
    const then = await sendMails(partsWith(), never);

    assert.deepEqual([atOnce.sent, then.sent], [0, 1]);
    assert.match(server.received[0]?.raw ?? "", new RegExp(`<${id}@`));
  });

  it("wait for a mail server that takes none, all of them, and say why", async () => {
    const strict = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_, __, callback) => callback(new Error("Wrong password")),
    });
    const url = `smtp://usher:wrong@127.0.0.1:${strict.port}?tls=off`;
    const refused = createMailer({ smtpUrl: url, from: "usher@acme.example" }, silentLog);
    const ids = [await queue("emil@acme.example"), await queue("olga@acme.example")];

    const counts = await sendMails(partsWith({ mailer: refused }), never);
    await refused.close();
    await strict.close();

    assert.equal(counts.sent, 0);
    assert.match(counts.trouble ?? "", /does not take the user and password of USHER_SMTP_URL/);
    assert.doesNotMatch(counts.trouble ?? "", /wrong/);
    for (const id of ids) assert.equal((await messageOf(id)).state, "waiting");
  });

  it("never leave in the clear unless told so: a server without TLS, or with one that is not trusted, gets none", async () => {
    const untrusted = await startMailServer({ disabledCommands: [] });
    const troubles: (string | null)[] = [];
    for (const { port } of [server, untrusted]) {
      const strict = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: "usher@acme.example" }, silentLog);
      await queue("emil@acme.example");
      troubles.push((await sendMails(partsWith({ mailer: strict }), never)).trouble);
      await strict.close();
      clock.moveBy(1);
    }
    await untrusted.close();

    assert.match(troubles[0] ?? "", /offers no TLS, and nothing is sent in the clear/);
    assert.match(troubles[1] ?? "", /certificate that this machine does not trust.*NODE_EXTRA_CA_CERTS/);
    assert.deepEqual([server.received.length, untrusted.received.length], [0, 0]);
  });

  it("to an account that an exclusion leaves alone are left out, also where no server is set", async () => {
    const accountId = await excludedAccount(db);
    await db.transaction((tx) =>
      queueMessage(tx, {
        channel: "mail",
        kind: "greeting",
        recipient: "emil@acme.example",
        subjectId: accountId,
        data: {},
        dedupeKey: null,
        at: NOW,
      }),
    );

    const counts = await sendMails(partsWith({ mailer: null }), never);

    assert.deepEqual([counts.dropped, counts.sent], [1, 0]);
    assert.equal(server.received.length, 0);
  });

  it("whose kind nothing can write end as failed and say so", async () => {
    const id = await queue("emil@acme.example", "unheard-of");

    await sendMails(partsWith(), never);

    const { state, error } = await messageOf(id);
    assert.deepEqual([state, /kind "unheard-of"/.test(error ?? "")], ["failed", true]);
  });
});

/** An account with an exclusion from messages over it. */
async function excludedAccount(db: Database): Promise<string> {
  const [row] = await db.query<{ id: string }>(sql`
    with site as (
      insert into sites (source, source_key, base_url, name, created_at)
      values ('confluence-cloud', 'key', 'https://acme.example', 'acme', ${NOW})
      returning id
    ), person as (
      insert into people (first_seen_at) values (${NOW}) returning id
    ), account as (
      insert into accounts (site_id, source_id, person_id, first_seen_at)
      select site.id, 'a1', person.id, ${NOW} from site, person
      returning site_id, id
    )
    select site_id as "siteId", id from account
  `);
  await db.query(sql`
    with rule as (
      insert into exclusion_rules (name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('On leave', '{}', '{no-notify}', 'They asked', ${new Date("2027-01-01")}, ${NOW}, ${NOW})
      returning id
    )
    insert into exclusion_hits (rule_id, site_id, account_id, effects, since)
    select rule.id, a.site_id, a.id, '{no-notify}', ${NOW} from rule, accounts a where a.id = ${row!.id}
  `);
  return row!.id;
}
