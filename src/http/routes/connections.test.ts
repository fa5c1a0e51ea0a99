import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("the routes of connections and sites", () => {
  let server: TestServer;
  let authorization: { authorization: string };

  before(async () => {
    server = await startTestServer();
    authorization = server.authorization(await server.makeToken(["*"]));
  });
  after(() => server.close());

  async function call(method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: object, headers = {}) {
    const answer = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...authorization, ...headers },
      ...(body ? { payload: body } : {}),
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.payload };
  }

  async function make(name: string): Promise<{ id: string; revision: number }> {
    const { status, text } = await call("POST", "/connections", {
      name,
      owners: ["petra@acme.example"],
      sites: ["acme"],
    });
    assert.equal(status, 201, text);
    return JSON.parse(text);
  }

  it("make a draft, give it back with its revision, and list it", async () => {
    const { id } = await make("Listed");

    const got = await call("GET", `/connections/${id}`);
    const listed = await call("GET", "/connections?q=listed&total=true");

    assert.equal(got.headers["etag"], '"1"');
    const connection = JSON.parse(got.text);
    assert.equal(connection.redirectUrl, "http://127.0.0.1/oauth/callback");
    assert.deepEqual(connection.wantedSites, [{ typed: "acme", problem: null }]);
    const page = JSON.parse(listed.text);
    assert.equal(page.total, 1);
    assert.deepEqual(page.items[0].sites, []);
  });

  it("say what would be right where an e-mail, an id or an instant is none", async () => {
    const { id } = await make("Formats");
    const key = { kind: "organization-key", key: "a-key-of-some-length" };

    const answers = [
      await call("POST", "/connections", { name: "Nobody's", owners: ["nobody"] }),
      await call("POST", `/connections/${id}/credentials`, { ...key, organizationId: "acme" }),
      await call("POST", `/connections/${id}/credentials`, { ...key, expiresAt: "next year" }),
    ];

    assert.deepEqual(
      answers.map(({ text }) => JSON.parse(text).errors.map((each: { expected: string }) => each.expected)),
      [["an e-mail address"], ["a UUID"], ["an instant such as 2026-05-03T12:00:00Z"]],
    );
  });

  it("refuse a scope that was made to keep the server busy, at once", async () => {
    const { id } = await make("Hostile scope");
    const secret = { kind: "oauth", clientId: "client", clientSecret: "a-client-secret" };

    const hostile = await call("POST", `/connections/${id}/credentials`, {
      ...secret,
      askedScopes: [`a${".a".repeat(40_000)}!`],
    });
    const honest = await call("POST", `/connections/${id}/credentials`, {
      ...secret,
      askedScopes: ["read:space.permission:confluence", "read:confluence-content.all", "offline_access"],
    });

    assert.deepEqual([hostile.status, honest.status], [400, 201]);
  });

  it("change only the revision that was meant", async () => {
    const { id, revision } = await make("Changed");
    const path = `/connections/${id}`;

    const none = await call("PATCH", path, { name: "Changed twice" });
    const stale = await call("PATCH", path, { name: "Changed twice" }, { "if-match": `"${revision + 1}"` });
    const right = await call("PATCH", path, { settings: { idleAfterDays: 90 } }, { "if-match": `"${revision}"` });

    assert.deepEqual([none.status, stale.status, right.status], [428, 412, 200]);
    assert.equal(right.headers["etag"], '"2"');
    assert.equal(JSON.parse(right.text).settings.idleAfterDays, 90);
  });

  it("refuse capabilities that do not exist yet, in words", async () => {
    const { status, text } = await call("POST", "/connections", {
      name: "Too early",
      owners: ["petra@acme.example"],
      capabilities: ["roster", "provision"],
    });

    assert.equal(status, 422);
    const problem = JSON.parse(text);
    assert.equal(problem.code, "capability-not-offered");
    assert.match(problem.detail, /provision cannot be chosen\. Choose from roster, activity, permissions, reclaim/);
  });

  it("refuse to publish what was not checked, and to pause what was not published", async () => {
    const { id } = await make("Unchecked");

    const published = await call("POST", `/connections/${id}/publish`);
    const paused = await call("POST", `/connections/${id}/pause`);

    assert.deepEqual([published.status, paused.status], [409, 409]);
    assert.equal(JSON.parse(published.text).code, "not-validated");
  });

  it("take a secret and never give it back, in no answer, problem or log", async () => {
    const { id } = await make("Secret");
    const path = `/connections/${id}/credentials`;
    const token = { kind: "api-token", accountEmail: "petra@acme.example", token: "very-secret-token" };

    const answers = [
      await call("POST", path, token),
      await call("POST", path, { ...token, token: "very-secret-token with blanks" }),
      await call("POST", path, { ...token, accountEmail: "very-secret-token" }),
      await call("POST", path, { kind: "very-secret-token" }),
      await call("POST", path, { ...token, clientSecret: "very-secret-token" }),
      await call("GET", `/connections/${id}`),
      await call("GET", "/journal"),
    ];

    assert.deepEqual(
      answers.map((each) => each.status),
      [201, 400, 400, 400, 400, 200, 200],
    );
    for (const { text } of answers) assert.doesNotMatch(text, /very-secret-token/);
    assert.doesNotMatch(server.logged(), /very-secret-token/);
    const rows = await server.db.query<{ text: string }>(sql`select credentials::text as text from credentials`);
    assert.ok(rows.every((row) => !row.text.includes("very-secret-token")));
  });

  it("take a token or a user name with its password for Data Center, and say what is wrong with others", async () => {
    const body = { name: "Wiki", source: "confluence-data-center", owners: ["petra@acme.example"] };
    const { id } = JSON.parse((await call("POST", "/connections", body)).text);
    const path = `/connections/${id}/credentials`;
    const password = { kind: "basic", username: "petra", password: "not printable: ä" };

    const token = await call("POST", path, { kind: "personal-access-token", token: "a-personal-token" });
    const basic = await call("POST", path, password);
    const nameless = await call("POST", path, { ...password, username: "petra:novak" });
    const cloud = await call("POST", path, { kind: "organization-key", key: "key-of-the-organization" });
    const rotate = `${path}/${JSON.parse(basic.text).id}/rotate`;
    const both = await call("POST", rotate, { secret: "one-of-them", password: "the other" });

    assert.deepEqual(
      [token, basic, nameless, cloud, both].map((each) => each.status),
      [201, 201, 400, 422, 400],
    );
    const { kind, username, accountEmail, label } = JSON.parse(basic.text);
    assert.deepEqual([kind, username, accountEmail, label], ["basic", "petra", null, "User name and password"]);
    assert.match(nameless.text, /"field":"body\.username"[^}]*without a colon/);
    assert.equal(JSON.parse(cloud.text).code, "credential-not-for-source");
    assert.match(JSON.parse(cloud.text).detail, /personal-access-token or basic/);
    assert.match(both.text, /"field":"body\.secret"/);
  });

  it("remove a credential and a site that was only wanted", async () => {
    const { id } = await make("Emptied");
    const key = { kind: "organization-key", key: "key-of-the-organization" };
    const { id: credentialId } = JSON.parse((await call("POST", `/connections/${id}/credentials`, key)).text);

    const credential = await call("DELETE", `/connections/${id}/credentials/${credentialId}`);
    const again = await call("DELETE", `/connections/${id}/credentials/${credentialId}`);
    const site = await call("DELETE", `/connections/${id}/wanted-sites?site=acme`);

    assert.deepEqual([credential.status, again.status, site.status], [204, 404, 204]);
    const { credentials, wantedSites } = JSON.parse((await call("GET", `/connections/${id}`)).text);
    assert.deepEqual([credentials, wantedSites], [[], []]);
  });

  it("answer 404 for what is not there", async () => {
    const missing = [
      await call("GET", "/connections/connection_000000000000"),
      await call("POST", "/connections/connection_000000000000/publish"),
      await call("GET", "/sites/site_000000000000"),
      await call("GET", "/sites/site_000000000000/product-access-groups"),
      await call("PUT", "/sites/site_000000000000/mode", { mode: "act" }),
      await call("GET", "/connections/connection_000000000000/authorization/attempt_000000000000"),
    ];

    assert.deepEqual(
      missing.map((each) => each.status),
      Array.from({ length: missing.length }, () => 404),
    );
  });

  it("let a token read connections that may not change them", async () => {
    const reading = server.authorization(await server.makeToken(["connections:read"]));

    const read = await call("GET", "/connections", undefined, reading);
    const written = await call("POST", "/connections", { name: "No" }, reading);

    assert.deepEqual([read.status, written.status], [200, 403]);
  });

  it("list sites with the connections that reach them", async () => {
    const { id } = await make("With a site");
    await server.db.transaction(async (tx) => {
      await tx.execute(sql`
        with made as (
          insert into sites (source, source_key, base_url, name, created_at)
          values ('confluence-cloud', 'cloud-1', 'https://acme.example', 'acme', now())
          returning id
        )
        insert into connection_sites (connection_id, site_id, added_at) select ${id}, id, now() from made
      `);
    });

    const listed = JSON.parse((await call("GET", `/sites?connectionId=${id}`)).text);
    const [site] = listed.items;
    const got = JSON.parse((await call("GET", `/sites/${site.id}`)).text);
    const groups = await call("GET", `/sites/${site.id}/product-access-groups?format=csv`);
    const mode = await call("PUT", `/sites/${site.id}/mode`, { mode: "act" });

    assert.equal(site.mode, "observe");
    assert.deepEqual(got, site);
    assert.deepEqual(
      site.connections.map((each: { name: string }) => each.name),
      ["With a site"],
    );
    assert.equal(groups.status, 200);
    assert.equal(mode.status, 403);
    assert.equal(JSON.parse(mode.text).code, "person-needed");
  });

  describe("the pending revision of a published connection", () => {
    async function published(name: string): Promise<{ id: string; path: string; revision: number }> {
      const { id } = await make(name);
      await server.db.transaction((tx) => tx.execute(sql`update connections set state = 'published' where id = ${id}`));
      return { id, path: `/connections/${id}`, revision: 1 };
    }

    it("takes what a change of the connection asks for, field by field, and leaves the rest running", async () => {
      const { path, revision } = await published("Pending");

      const change = { name: "Pending renamed", settings: { idleAfterDays: 30 } };
      const changed = await call("PATCH", path, change, { "if-match": `"${revision}"` });
      const pending = await call("GET", `${path}/pending-revision`);

      const connection = JSON.parse(changed.text);
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual([connection.name, connection.settings.idleAfterDays], ["Pending renamed", 60]);
      const difference = { field: "settings.idleAfterDays", before: 60, after: 30 };
      assert.deepEqual(connection.pendingRevision.differences, [difference]);
      assert.equal(pending.headers["etag"], '"1"');
      assert.deepEqual(JSON.parse(pending.text).differences, [difference]);
      assert.equal(JSON.parse(pending.text).state, "pending");
    });

    it("is changed, applied and discarded with the revision that was read", async () => {
      const { path } = await published("Guarded");
      const pending = `${path}/pending-revision`;
      const body = { settings: { idleAfterDays: 30 } };

      const answers = [
        await call("GET", pending),
        await call("PATCH", pending, body),
        await call("PATCH", pending, body, { "if-match": '"1"' }),
        await call("PATCH", pending, body, { "if-match": '"0"' }),
        await call("POST", `${pending}/apply`, {}),
        await call("POST", `${pending}/apply`, {}, { "if-match": '"2"' }),
        await call("POST", `${pending}/apply`, {}, { "if-match": '"1"' }),
        await call("DELETE", pending),
        await call("DELETE", pending, undefined, { "if-match": '"2"' }),
        await call("DELETE", pending, undefined, { "if-match": '"1"' }),
        await call("DELETE", pending, undefined, { "if-match": "*" }),
      ];

      assert.deepEqual(
        answers.map((each) => each.status),
        [404, 428, 412, 200, 428, 412, 409, 428, 412, 204, 404],
      );
      assert.equal(JSON.parse(answers[6]?.text ?? "").code, "not-checked");
    });

    it("takes a credential and never gives its secret back", async () => {
      const { path } = await published("Waiting secret");
      const token = { kind: "api-token", accountEmail: "petra@acme.example", token: "very-hidden-token" };

      const added = await call("POST", `${path}/pending-revision/credentials`, { credential: token });
      const shown = await call("GET", `${path}/pending-revision`);
      const listed = JSON.parse((await call("GET", path)).text).credentials;
      const { id } = JSON.parse(added.text);
      const removed = await call("DELETE", `${path}/pending-revision/credentials/${id}`);

      assert.equal(added.status, 201, added.text);
      assert.doesNotMatch(added.text + shown.text, /very-hidden-token/);
      assert.equal(JSON.parse(shown.text).credentials[0].id, id);
      assert.deepEqual(listed, []);
      assert.equal(removed.status, 204);
      assert.equal((await call("GET", `${path}/pending-revision`)).status, 404);
    });

    it("is not for a draft", async () => {
      const { id } = await make("Still a draft");

      const { status, text } = await call(
        "PATCH",
        `/connections/${id}/pending-revision`,
        { settings: { idleAfterDays: 30 } },
        { "if-match": '"0"' },
      );

      assert.equal(status, 409);
      assert.equal(JSON.parse(text).code, "not-in-service");
    });
  });

  it("tell and choose which connection reads a capability of a site", async () => {
    const ids = [(await make("Reads first")).id, (await make("Reads second")).id];
    const [site] = await server.db.transaction(async (tx) => {
      const made = await tx.query<{ id: string }>(sql`
        insert into sites (source, source_key, base_url, name, created_at)
        values ('confluence-cloud', 'cloud-read', 'https://read.example', 'read', now())
        returning id
      `);
      await tx.execute(sql`
        insert into connection_sites (connection_id, site_id, added_at)
        select id, ${made[0]?.id ?? ""}, now() from connections where id = any (${ids})
      `);
      await tx.execute(sql`update connections set state = 'published' where id = any (${ids})`);
      return made;
    });
    const path = `/sites/${site?.id}/capabilities`;

    const chosen = await call("PUT", `${path}/activity`, { connectionId: ids[1] });
    const nobody = await call("PUT", `${path}/roster`, { connectionId: null });
    const strange = await call("PUT", `${path}/gardening`, { connectionId: ids[1] });
    const unknown = await call("PUT", `${path}/activity`, { connectionId: "connection_000000000000" });
    const got = JSON.parse((await call("GET", `/sites/${site?.id}`)).text);

    assert.equal(chosen.status, 200, chosen.text);
    const activity = got.readBy.find((each: { capability: string }) => each.capability === "activity");
    assert.deepEqual([activity.connectionName, activity.isServed, activity.isChosen], ["Reads second", true, true]);
    assert.deepEqual(JSON.parse(chosen.text).readBy, got.readBy);
    assert.deepEqual([nobody.status, strange.status, unknown.status], [422, 400, 404]);
  });
});
