import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hashToken, makeToken } from "../../commands/tokens/token-text.ts";
import { ensurePerson } from "../../store/operators.ts";
import { sql } from "../../store/sql.ts";
import { insertToken } from "../../store/tokens.ts";
import { startTestServer, TEST_NOW, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("saved views over HTTP", () => {
  let server: TestServer;
  let ann: string;
  let bob: string;
  let admin: string;

  before(async () => {
    server = await startTestServer();
    ann = await tokenOf("Ann", ["inventory:read"]);
    bob = await tokenOf("Bob", ["inventory:read"]);
    admin = await tokenOf("Ada", ["*"]);
  });
  after(() => server.close());

  function tokenOf(name: string, scopes: string[]): Promise<string> {
    return server.db.transaction(async (tx) => {
      const text = makeToken();
      const roles = scopes.includes("*") ? ["admin"] : ["auditor"];
      const { id: operatorId } = await ensurePerson(tx, { name, email: `${name}@acme.example`, roles }, TEST_NOW);
      const tokenHash = hashToken(text);
      await insertToken(tx, { operatorId, name, tokenHash, scopes, createdAt: TEST_NOW, expiresAt: null });
      return text;
    });
  }

  async function send(
    token: string,
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    payload?: object,
    ifMatch?: number,
  ): Promise<{ status: number; body: Json }> {
    const headers = {
      ...server.authorization(token),
      ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    };
    const answer = await server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) });
    return { status: answer.statusCode, body: answer.body === "" ? {} : answer.json() };
  }
  const view = (name: string, more: object = {}) => ({ page: "people", name, state: "status=idle&sort=name", ...more });
  const names = async (token: string) =>
    (await send(token, "GET", "/views?page=people")).body["items"].map((each: Json) => each["name"]);

  it("keeps a private view to its owner, who alone can find, change and delete it", async () => {
    const { body: made, status } = await send(ann, "POST", "/views", view("Mine"));

    assert.equal(status, 201);
    assert.deepEqual(
      [made["visibility"], made["mayChange"], made["owner"], made["revision"]],
      ["private", true, "Ann", 1],
    );
    assert.ok((await names(ann)).includes("Mine"));
    assert.ok(!(await names(bob)).includes("Mine"));
    for (const [other, method] of [
      [bob, "GET"],
      [bob, "DELETE"],
      [admin, "DELETE"],
    ] as const) {
      assert.equal((await send(other, method, `/views/${made["id"]}`)).status, 404);
    }
    assert.equal((await send(ann, "DELETE", `/views/${made["id"]}`)).status, 204);
  });

  it("shows a shared view to everybody, and lets its owner and admins change it", async () => {
    const { body: made } = await send(ann, "POST", "/views", view("Shared", { visibility: "shared" }));
    const path = `/views/${made["id"]}`;

    assert.ok((await names(bob)).includes("Shared"));
    assert.equal((await send(bob, "PATCH", path, { name: "Bob's" }, 1)).body["code"], "not-your-view");
    assert.equal((await send(bob, "DELETE", path)).status, 403);
    assert.equal((await send(ann, "PATCH", path, { state: "status=active" }, 7)).body["code"], "stale-revision");
    assert.equal((await send(ann, "PATCH", path, { state: "status=active" }, 1)).body["state"], "status=active");
    assert.equal((await send(admin, "PATCH", path, { name: "Everybody's" }, 2)).body["name"], "Everybody's");
    assert.equal((await send(admin, "PATCH", path, { visibility: "private" }, 3)).body["code"], "not-your-view");
    assert.equal((await send(admin, "DELETE", path)).status, 204);
  });

  it("lets only admins say what a role sees first, one view each", async () => {
    const first = view("First", { visibility: "shared", defaultRole: "auditor" });

    assert.equal((await send(ann, "POST", "/views", first)).body["code"], "not-your-view");
    assert.equal((await send(admin, "POST", "/views", { ...first, visibility: "private" })).status, 422);
    const { body: made } = await send(admin, "POST", "/views", first);
    assert.equal(made["defaultRole"], "auditor");
    assert.equal((await send(admin, "POST", "/views", { ...first, name: "Second" })).body["code"], "default-taken");
    const taken = await send(admin, "PATCH", `/views/${made["id"]}`, { visibility: "private" }, 1);
    assert.deepEqual([taken.body["visibility"], taken.body["defaultRole"]], ["private", null]);
  });

  it("refuses a name that is there already, and what is no part of an address", async () => {
    await send(ann, "POST", "/views", view("Twice"));

    assert.equal((await send(ann, "POST", "/views", view("TWICE"))).body["code"], "name-taken");
    assert.equal((await send(bob, "POST", "/views", view("Twice"))).status, 201);
    assert.equal((await send(ann, "POST", "/views", view("Bad", { state: "a=b#c" }))).status, 400);
  });

  it("writes each into the journal, names and filters apart from it", async () => {
    const entries = await server.db.query<{ entry: string; detail: Json }>(sql`
      select entry, detail from journal_entries where entry like 'view.%' order by seq limit 2
    `);

    assert.deepEqual(entries, [
      { entry: "view.created", detail: { page: "people", visibility: "private", defaultRole: null } },
      { entry: "view.deleted", detail: { page: "people", visibility: "private", defaultRole: null } },
    ]);
  });
});
