import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import type { Context } from "../../commands/context.ts";
import { sendAgain } from "../../commands/messages/send-again.ts";
import { changeWebhook } from "../../commands/webhooks/change-webhook.ts";
import { createWebhook } from "../../commands/webhooks/create-webhook.ts";
import { rotateWebhook } from "../../commands/webhooks/rotate-webhook.ts";
import { testWebhook } from "../../commands/webhooks/test-webhook.ts";
import { createAddressPolicy } from "../../lib/address-policy.ts";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createSecretBox } from "../../lib/secret-box.ts";
import { createLinkSigner } from "../../lib/signed-link.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { listMessageAttempts } from "../../store/message-lists.ts";
import { ensurePerson } from "../../store/operators.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { findWebhook } from "../../store/webhooks.ts";
import type { SentCounts } from "./send-messages.ts";
import { sendWebhooks } from "./send-webhooks.ts";
import { createWebhookPoster, type PosterOptions } from "./webhook-poster.ts";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

const allowed = createAddressPolicy(["127.0.0.1"]);

describe("webhooks", () => {
  let test: TestDatabase;
  let db: Database;
  let context: Context;
  let receiver: Server;
  let url: string;
  /** Statuses it answers next; 204 when there is none. */
  let answers: number[] = [];
  let received: Received[] = [];
  const now = new Date("2026-05-03T12:00:00.000Z");
  const clock = manualClock(now);

  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    const operator = await db.transaction((tx) =>
      ensurePerson(tx, { name: "Petra", email: "petra@acme.example" }, now),
    );
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    context = { db, clock, secrets, actor: { operatorId: operator.id, through: "api" } };
    receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        received.push({ headers: request.headers, body });
        const status = answers.shift() ?? 204;
        if (status === 0) return;
        response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end();
      });
    });
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/usher`;
  });
  after(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await db.close();
    await test.drop();
  });
  beforeEach(async () => {
    clock.moveTo(now);
    [answers, received] = [[], []];
    for (const table of ["message_attempts", "messages", "webhooks"]) await db.query(rawSql(`delete from ${table}`));
  });

  async function make(target = url) {
    const made = await createWebhook(context, allowed, { name: "Flows", url: target, events: ["run-failed"] });
    assert.ok(made.ok);
    return made.value;
  }

  async function queueTest(webhookId: string): Promise<string> {
    const queued = await testWebhook(context, webhookId);
    assert.ok(queued.ok);
    return queued.value.id;
  }

  async function send(options: Partial<PosterOptions> = {}): Promise<SentCounts> {
    const counts: SentCounts = { sent: 0, later: 0, failed: 0, dropped: 0, trouble: null };
    const world = {
      ...context,
      log: silentLog,
      links: createLinkSigner([randomBytes(32)]),
      publicUrl: "",
      holder: "me",
    };
    const webhooks = createWebhookPoster({ policy: allowed, ...options });
    await sendWebhooks({ ...world, webhooks }, counts, new AbortController().signal);
    return counts;
  }

  async function stateOf(id: string) {
    const [row] = await db.query<{ state: string; nextAt: Date; error: string | null }>(
      sql`select state, next_at as "nextAt", error from messages where id = ${id}`,
    );
    return row!;
  }

  /** The event, when one of its signatures was made with this secret. */
  function verified(secret: string, { body, headers }: Received): Record<string, unknown> {
    const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
    const expected = new Webhook(secret).sign(String(headers["webhook-id"]), at, body);
    assert.ok(String(headers["webhook-signature"]).split(" ").includes(expected), "not signed with this secret");
    return JSON.parse(body) as Record<string, unknown>;
  }

  it("are told in JSON that is signed as Standard Webhooks say", async () => {
    const { id, secret } = await make();
    const messageId = await queueTest(id);

    const counts = await send();

    assert.equal(counts.sent, 1);
    const [delivery] = received;
    assert.equal(delivery?.headers["webhook-id"], messageId);
    assert.deepEqual(verified(secret, delivery!), {
      type: "test",
      timestamp: now.toISOString(),
      data: { subjectId: id, says: "This is a test of the webhook." },
    });
    assert.throws(() => verified(`whsec_${randomBytes(32).toString("base64")}`, delivery!));
  });

  it("keep their secret sealed, and out of what is read later", async () => {
    const { id, secret } = await make();

    const [row] = await db.query<{ text: string }>(sql`select w::text as text from webhooks w where id = ${id}`);

    assert.ok(!row?.text.includes(secret));
    assert.ok(!JSON.stringify(await findWebhook(db, id)).includes(secret));
  });

  it("are signed with both secrets while one takes the place of the other", async () => {
    const { id, secret } = await make();
    const rotated = await rotateWebhook(context, id, 24);
    assert.ok(rotated.ok);

    await queueTest(id);
    await send();
    clock.moveBy(25 * 3_600_000);
    await queueTest(id);
    await send();

    assert.equal(verified(secret, received[0]!)["type"], "test");
    assert.equal(verified(rotated.value.secret, received[0]!)["type"], "test");
    assert.equal(String(received[1]?.headers["webhook-signature"]).split(" ").length, 1);
  });

  it("are tried again for about a day, later each time, and each try is kept", async () => {
    answers = Array.from({ length: 20 }, () => 500);
    const { id } = await make();
    const messageId = await queueTest(id);

    const delays: number[] = [];
    for (let state = await stateOf(messageId); state.state === "waiting" && delays.length < 20;) {
      clock.moveTo(state.nextAt);
      await send();
      const next = await stateOf(messageId);
      delays.push((next.nextAt.getTime() - state.nextAt.getTime()) / 60_000);
      state = next;
    }

    const attempts = await listMessageAttempts(db, messageId);
    assert.equal(attempts.length, 8);
    assert.deepEqual([attempts[0]?.statusCode, attempts.at(-1)?.outcome], [500, "failed"]);
    const hours = (attempts.at(-1)!.at.getTime() - now.getTime()) / 3_600_000;
    assert.ok(hours > 20 && hours < 28, String(hours));
    assert.match((await stateOf(messageId)).error ?? "", /It answered 500\. It was tried for long enough/);
  });

  it("can be told once more, with the same id", async () => {
    const { id, secret } = await make();
    const messageId = await queueTest(id);
    await send();

    const again = await sendAgain(context, messageId, id);
    await send();

    assert.ok(again.ok);
    assert.deepEqual(
      received.map((each) => each.headers["webhook-id"]),
      [messageId, messageId],
    );
    assert.equal(verified(secret, received[1]!)["type"], "test");
  });

  it("are not followed where they redirect to", async () => {
    answers = [302];
    const { id } = await make();
    const messageId = await queueTest(id);

    await send();

    assert.equal(received.length, 1);
    assert.match((await stateOf(messageId)).error ?? "", /302, a redirect, and redirects are not followed/);
  });

  it("that do not answer are waited for only so long", async () => {
    answers = [0];
    const { id } = await make();
    const messageId = await queueTest(id);

    await send({ timeoutMs: 50 });

    assert.match((await stateOf(messageId)).error ?? "", /did not answer within 0\.05 seconds/);
  });

  it("cannot be made for internal addresses, in whatever spelling, nor for plain http", async () => {
    const policy = createAddressPolicy([]);
    const targets = [
      "https://127.0.0.1/",
      "https://localhost/",
      "https://2130706433/",
      "https://0x7f.1/",
      "https://[::1]/",
      "https://[::ffff:10.0.0.1]/",
      "https://169.254.169.254/latest/meta-data",
      "http://flows.example.com/",
      "https://user:secret@flows.example.com/",
    ];
    for (const target of targets) {
      const made = await createWebhook(context, policy, { name: "x", url: target, events: ["run-failed"] });
      assert.deepEqual([target, made.ok], [target, false]);
    }
  });

  it("whose name leads to an internal address get nothing, also where only one of several does", async () => {
    const { id } = await make("https://flows.example.com/usher");
    const messageId = await queueTest(id);
    const resolved: string[] = [];
    const resolve = async (host: string) => {
      resolved.push(host);
      return [
        { address: "8.8.8.8", family: 4 },
        { address: "10.0.0.7", family: 4 },
      ];
    };

    await send({ policy: createAddressPolicy([]), resolve });

    assert.deepEqual(resolved, ["flows.example.com"]);
    assert.match((await stateOf(messageId)).error ?? "", /is an internal address.*USHER_WEBHOOK_ALLOW/);
  });

  it("are reached at the address that was checked, whatever their name leads to afterwards", async () => {
    const port = (receiver.address() as AddressInfo).port;
    const policy = createAddressPolicy(["flows.acme.internal"]);
    const made = await createWebhook(context, policy, {
      name: "Inside",
      url: `http://flows.acme.internal:${port}/usher`,
      events: ["run-failed"],
    });
    assert.ok(made.ok);
    await queueTest(made.value.id);

    const counts = await send({ policy, resolve: async () => [{ address: "127.0.0.1", family: 4 }] });

    assert.equal(counts.sent, 1);
    assert.equal(received[0]?.headers.host, `flows.acme.internal:${port}`);
  });

  it("that fail for three days are disabled, and their owner is told", async () => {
    answers = Array.from({ length: 9 }, () => 503);
    const { id } = await make();
    await queueTest(id);
    await send();
    clock.moveBy(3 * 86_400_000 + 1);
    await queueTest(id);

    await send();

    const webhook = await findWebhook(db, id);
    assert.equal(webhook?.state, "disabled");
    assert.match(webhook?.disabledReason ?? "", /Nothing was delivered since .* It answered 503/);
    const told = await db.query(sql`select recipient, kind from messages where channel = 'mail'`);
    assert.deepEqual(told, [{ recipient: "petra@acme.example", kind: "webhook-disabled" }]);
    assert.deepEqual(await testWebhook(context, id), { ok: false, error: "webhook-disabled" });
  });

  it("that answer 410 want no more", async () => {
    answers = [410];
    const { id } = await make();
    await queueTest(id);

    await send();
    const enabled = await changeWebhook(context, allowed, id, null, { state: "active" });

    assert.ok(enabled.ok);
    assert.deepEqual([enabled.value.state, enabled.value.disabledReason], ["active", null]);
  });

  it("recover when one delivery arrives", async () => {
    answers = [503];
    const { id } = await make();
    await queueTest(id);
    await send();
    const failing = (await findWebhook(db, id))?.failingSince;
    clock.moveBy(60_000);

    await send();

    assert.deepEqual(failing, now);
    assert.equal((await findWebhook(db, id))?.failingSince, null);
  });
});
