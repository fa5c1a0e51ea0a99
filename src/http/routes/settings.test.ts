import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("settings over HTTP", () => {
  let server: TestServer;
  let admin: string;

  before(async () => {
    server = await startTestServer();
    admin = await server.makeToken(["*"]);
  });
  after(() => server.close());

  async function send(
    method: "GET" | "PUT",
    path: string,
    { token = admin, payload, ifMatch }: { token?: string; payload?: object; ifMatch?: number } = {},
  ): Promise<{ status: number; body: Json }> {
    const headers = {
      ...server.authorization(token),
      ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    };
    const answer = await server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) });
    return { status: answer.statusCode, body: answer.json() };
  }

  it("names the installation once for everybody, and changes only what was read", async () => {
    const viewer = await server.makeToken(["inventory:read"]);
    const acme = { name: "Acme access", timeZone: "Europe/Berlin" };

    assert.deepEqual((await send("GET", "/settings/general", { token: viewer })).body, {
      name: "Usher",
      timeZone: "UTC",
      revision: 0,
    });
    assert.equal((await send("PUT", "/settings/general", { token: viewer, payload: acme, ifMatch: 0 })).status, 403);
    assert.equal((await send("PUT", "/settings/general", { payload: acme, ifMatch: 0 })).body["revision"], 1);
    assert.equal(
      (await send("PUT", "/settings/general", { payload: acme, ifMatch: 0 })).body["code"],
      "stale-revision",
    );
    assert.equal((await send("GET", "/settings")).body["general"].name, "Acme access");
    const nowhere = await send("PUT", "/settings/general", {
      payload: { ...acme, timeZone: "Moon/Crater" },
      ifMatch: 1,
    });
    assert.deepEqual([nowhere.status, nowhere.body["errors"][0].field], [400, "body.timeZone"]);
  });

  it("tells how it is set up and what it runs on, to whoever may ask the doctor", async () => {
    const viewer = await server.makeToken(["inventory:read"]);
    const { body: system } = await send("GET", "/settings/system");

    assert.equal((await send("GET", "/settings", { token: viewer })).status, 403);
    assert.equal((await send("GET", "/settings/system", { token: viewer })).status, 403);
    assert.match(system["database"].version, /^1[5-9]\.\d+$/);
    assert.equal(system["database"].schema, "as-known");
    assert.deepEqual(system["keys"], [{ id: "test", purpose: "encryption", isCurrent: true }]);
  });
});
