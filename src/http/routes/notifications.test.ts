import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ensureJob, findJob, insertJobResult, insertJobResultEvent, listJobsOfKinds } from "../../store/jobs.ts";
import { queueMessage } from "../../store/messages.ts";
import { sql } from "../../store/sql.ts";
import { startTestServer, TEST_NOW, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

let server: TestServer;
let headers: { authorization: string };
beforeEach(async () => {
  server = await startTestServer();
  headers = server.authorization(await server.makeToken(["notifications:write", "jobs:read"]));
});
afterEach(() => server.close());

async function send(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  { payload, ifMatch }: { payload?: object; ifMatch?: number } = {},
): Promise<{ status: number; body: Json }> {
  const answer = await server.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...headers, ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.body === "" ? {} : answer.json() };
}

describe("webhooks over the API", () => {
  const flows = { name: "Flows", url: "https://flows.example.com/usher", events: ["run-failed"] };

  it("show their secret when they are made and when it is rotated, and never else", async () => {
    const made = await send("POST", "/webhooks", { payload: flows });
    const { id } = made.body;
    const rotated = await send("POST", `/webhooks/${id}/rotate`, { payload: { overlapHours: 2 } });
    const read = await send("GET", `/webhooks/${id}`);
    const listed = await send("GET", "/webhooks");

    assert.equal(made.status, 201);
    assert.match(made.body["secret"], /^whsec_.{44}$/);
    assert.notEqual(rotated.body["secret"], made.body["secret"]);
    assert.equal(rotated.body["previousUntil"], "2026-05-03T14:00:00.000Z");
    assert.ok(!("secret" in read.body) && !("secret" in listed.body["items"][0]));
  });

  it("refuse an internal address with the field, what is wrong and what would be right; nothing is saved", async () => {
    const refused = await send("POST", "/webhooks", { payload: { ...flows, url: "https://10.0.0.7/usher" } });

    assert.equal(refused.status, 422);
    const [error] = refused.body["errors"];
    assert.equal(error.field, "url");
    assert.match(error.what, /10\.0\.0\.7 is an internal address.*USHER_WEBHOOK_ALLOW/);
    assert.equal((await send("GET", "/webhooks?total=true")).body["total"], 0);
  });

  it("are changed by whoever read the newest revision, and keep one name each", async () => {
    const { id, revision } = (await send("POST", "/webhooks", { payload: flows })).body;
    await send("POST", "/webhooks", { payload: { ...flows, name: "Other" } });

    const blind = await send("PATCH", `/webhooks/${id}`, { payload: { state: "disabled" } });
    const changed = await send("PATCH", `/webhooks/${id}`, { payload: { state: "disabled" }, ifMatch: revision });
    const stale = await send("PATCH", `/webhooks/${id}`, { payload: { name: "x" }, ifMatch: revision });
    const taken = await send("PATCH", `/webhooks/${id}`, { payload: { name: "OTHER" }, ifMatch: revision + 1 });

    assert.deepEqual([blind.status, changed.status, stale.status, taken.status], [428, 200, 412, 409]);
    assert.equal(changed.body["state"], "disabled");
    assert.equal(changed.body["disabledReason"], "Somebody switched it off.");
    assert.equal((await send("POST", `/webhooks/${id}/test`)).body["code"], "webhook-disabled");
  });

  it("list what they were told, also after a test; when they are deleted nothing waits any more", async () => {
    const { id } = (await send("POST", "/webhooks", { payload: flows })).body;
    const test = await send("POST", `/webhooks/${id}/test`);
    const deliveries = await send("GET", `/webhooks/${id}/deliveries`);
    const replay = await send("POST", `/webhooks/${id}/deliveries/${test.body["id"]}/replay`);

    const deleted = await send("DELETE", `/webhooks/${id}`);

    assert.equal(test.status, 202);
    assert.deepEqual([deliveries.body["items"].length, deliveries.body["items"][0].state], [1, "waiting"]);
    assert.deepEqual([replay.status, replay.body["code"]], [409, "still-waiting"]);
    assert.equal(deleted.status, 204);
    assert.equal((await send("GET", `/webhooks/${id}`)).status, 404);
    assert.equal((await send("GET", `/messages/${test.body["id"]}`)).body["state"], "dropped");
  });
});

describe("who is told of what, over the API", () => {
  it("is there for every kind, and changes for the next event of it", async () => {
    const before = await send("GET", "/notifications/run-held");
    const set = await send("PUT", "/notifications/run-held", {
      payload: { receivers: [{ to: "address:ops@acme.example", how: "now" }] },
      ifMatch: 0,
    });
    const back = await send("PUT", "/notifications/run-held", { payload: { receivers: null }, ifMatch: 1 });

    assert.deepEqual([before.body["isDefault"], before.body["revision"]], [true, 0]);
    assert.deepEqual([set.body["isDefault"], set.body["revision"], set.body["receivers"].length], [false, 1, 1]);
    assert.deepEqual(back.body["receivers"], before.body["receivers"]);
    assert.ok((await send("GET", "/notifications")).body["items"].length >= 15);
  });

  it("refuses a receiver that nobody could be", async () => {
    const refused = await send("PUT", "/notifications/run-held", {
      payload: { receivers: [{ to: "everybody", how: "now" }] },
      ifMatch: 0,
    });

    assert.equal(refused.status, 400);
    assert.match(JSON.stringify(refused.body["errors"]), /receivers.*connection-owners, owner, role:/);
  });
});

describe("messages over the API", () => {
  it("are listed, shown with each try, and sent again where they failed", async () => {
    const id = await server.db.transaction((tx) =>
      queueMessage(tx, {
        channel: "mail",
        kind: "run-failed",
        recipient: "emil@acme.example",
        subjectId: null,
        data: {},
        dedupeKey: null,
        at: TEST_NOW,
      }),
    );
    const waiting = await send("POST", `/messages/${id}/send-again`);
    await server.db.query(sql`
      update messages set state = 'failed', attempts = 1, ended_at = ${TEST_NOW}, error = 'No such box'
    `);
    await server.db.query(sql`
      insert into message_attempts (message_id, attempt, at, took_ms, outcome, status_code, error)
      values (${id}, 1, ${TEST_NOW}, 12, 'failed', 550, 'No such box')
    `);

    const listed = await send("GET", "/messages?state=failed&channel=mail&recipient=EMIL@acme.example");
    const shown = await send("GET", `/messages/${id}`);
    const again = await send("POST", `/messages/${id}/send-again`);

    assert.deepEqual([waiting.status, waiting.body["code"]], [409, "still-waiting"]);
    assert.deepEqual([listed.body["items"].length, listed.body["items"][0].statusCode], [1, 550]);
    assert.deepEqual(
      shown.body["tries"].map((each: Json) => [each["attempt"], each["outcome"], each["error"]]),
      [[1, "failed", "No such box"]],
    );
    assert.deepEqual([again.status, again.body["state"], again.body["error"]], [202, "waiting", null]);
  });
});

describe("the log of a job over the API", () => {
  it("is what it told, in order, and only under its own job", async () => {
    const { db } = server;
    for (const kind of ["one", "two"]) {
      await db.transaction((tx) => ensureJob(tx, { kind, name: kind, cron: "1 1 * * *" }, TEST_NOW));
    }
    const [one = "", two = ""] = await listJobsOfKinds(db, ["one", "two"]);
    const { id: resultId } = await db.transaction((tx) =>
      insertJobResult(tx, { jobId: one, state: "running", trigger: "work", runId: null, at: TEST_NOW, message: null }),
    );
    for (const message of ["began", "went on"]) {
      await db.transaction((tx) => insertJobResultEvent(tx, { resultId, at: TEST_NOW, message }));
    }

    const log = await send("GET", `/jobs/${one}/results/${resultId}/log`);
    const other = await send("GET", `/jobs/${two}/results/${resultId}/log`);

    assert.deepEqual(
      log.body["items"].map((each: Json) => each["message"]),
      ["began", "went on"],
    );
    assert.equal(other.status, 404);
    assert.equal((await findJob(db, one))?.lastResult?.trigger, "work");
  });
});
