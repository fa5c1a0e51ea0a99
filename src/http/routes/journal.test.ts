import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("entries of the journal over HTTP", () => {
  let server: TestServer;
  let headers: { authorization: string };
  before(async () => {
    server = await startTestServer();
    headers = server.authorization(await server.makeToken(["journal:read"]));
    const entry = { actorId: "system", through: "job", subjectId: "plan_000000000001" } as const;
    await server.db.transaction(async (tx) => {
      tx.record({ ...entry, entry: "plan.paused" });
      tx.record({ ...entry, entry: "plan.finished" });
      tx.record({ ...entry, entry: "planet.seen" });
    });
  });
  after(() => server.close());

  async function get(path: string) {
    const response = await server.app.inject({ url: `/api/v1${path}`, headers });
    return { status: response.statusCode, body: JSON.parse(response.payload) };
  }
  const entriesOf = (body: { items: { entry: string }[] }) => body.items.map(({ entry }) => entry);

  it("finds a family of entries beside single ones, and nothing that only begins alike", async () => {
    const family = await get("/journal?entry=plan.*");
    const both = await get("/journal?entry=plan.paused,planet.*");

    assert.deepEqual(entriesOf(family.body), ["plan.finished", "plan.paused"]);
    assert.deepEqual(entriesOf(both.body), ["planet.seen", "plan.paused"]);
  });

  it("searches who, what and about what, and takes a day for a window", async () => {
    const today = server.clock.now().toISOString().slice(0, 10);

    assert.deepEqual(entriesOf((await get("/journal?q=plan.f")).body), ["plan.finished"]);
    assert.equal((await get("/journal?q=plan_000000000001")).body.items.length, 3);
    assert.equal((await get(`/journal?q=plan.&from=${today}`)).body.items.length, 2);
    assert.equal((await get(`/journal?q=plan.&until=${today}`)).body.items.length, 0);
    assert.equal((await get("/journal?from=yesterday")).status, 400);
  });

  it("gives one entry without a checkpoint while none was signed, and says when there is no such entry", async () => {
    const { body: list } = await get("/journal?entry=plan.paused");

    const one = await get(`/journal/entries/${list.items[0].seq}`);

    assert.equal(one.body.hash, list.items[0].hash);
    assert.equal(one.body.checkpoint, null);
    assert.equal((await get("/journal/entries/999999")).status, 404);
  });
});
