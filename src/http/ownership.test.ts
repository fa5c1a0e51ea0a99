import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createSignInLink } from "../commands/sign-in/make-link.ts";
import { sql } from "../store/sql.ts";
import { siteFixture } from "../store/testing/facts.ts";
import { startTestServer, type TestServer } from "./testing/server.ts";

describe("owners of connections", () => {
  let server: TestServer;
  let admin: Record<string, string>;
  let olga: Record<string, string>;
  let mine: { id: string; revision: number };
  let other: { id: string };
  let runId: string;
  let otherRunId: string;

  before(async () => {
    server = await startTestServer();
    admin = server.authorization(await server.makeToken(["*"]));
    olga = await signIn("Olga@acme.example");
    mine = await createConnection("Mine", ["olga@acme.example"]);
    other = await createConnection("Other", ["petra@acme.example"]);
    const { siteId } = await siteFixture(server.db);
    runId = await insertRun(siteId, mine.id);
    otherRunId = await insertRun(siteId, other.id);
  });
  after(() => server.close());

  async function send(method: "GET" | "POST" | "PATCH", path: string, headers: object, payload?: object) {
    const response = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...headers },
      ...(payload ? { payload } : {}),
    });
    const body = response.body === "" ? null : response.json();
    return { status: response.statusCode, body, code: body?.code };
  }

  /** A member, who has no role that may do anything. */
  async function signIn(email: string) {
    const code = await createSignInLink(server, { name: "x", email });
    const url = "/api/v1/session/link";
    const response = await server.app.inject({ method: "POST", url, payload: { code } });
    await server.db.transaction((tx) =>
      tx.execute(sql`update operators set roles = '{member}' where email = ${email}`),
    );
    return { cookie: `usher-session=${response.cookies[0]?.value}`, "usher-client": "web" };
  }

  async function createConnection(name: string, owners: string[]) {
    const { body } = await send("POST", "/connections", admin, { name, source: "confluence-cloud", owners });
    return { id: body.id as string, revision: body.revision as number };
  }

  async function insertRun(siteId: string, connectionId: string, at = server.clock.now()): Promise<string> {
    const rows = await server.db.transaction((tx) =>
      tx.query<{ id: string }>(sql`
        insert into runs (site_id, connection_id, scope, trigger, state, requested_by, requested_at, finished_at)
        values (${siteId}, ${connectionId}, 'full', 'person', 'succeeded', 'system', ${at}, ${at})
        returning id
      `),
    );
    return rows[0]!.id;
  }

  it("see their own in the list and by its id, whatever the case of their e-mail, and change it", async () => {
    const list = await send("GET", "/connections", olga);
    const read = await send("GET", `/connections/${mine.id}`, olga);
    const wrong = await send("PATCH", `/connections/${mine.id}`, { ...olga, "if-match": '"1"' }, { name: 7 });
    const changed = await send("PATCH", `/connections/${mine.id}`, { ...olga, "if-match": '"1"' }, { name: "Ours" });

    assert.deepEqual(
      list.body.items.map((each: { id: string }) => each.id),
      [mine.id],
    );
    assert.deepEqual([read.status, wrong.status, changed.status, changed.body?.name], [200, 400, 200, "Ours"]);
  });

  it("find nothing where a connection, run or job of others is", async () => {
    const answers = [
      await send("GET", `/connections/${other.id}`, olga),
      await send("PATCH", `/connections/${other.id}`, { ...olga, "if-match": "*" }, { name: "x" }),
      await send("POST", `/connections/${other.id}/archive`, olga),
      await send("GET", "/connections/connection_000000000000", olga),
      await send("GET", `/runs/${otherRunId}`, olga),
      await send("GET", `/runs?connectionId=${other.id}`, olga),
      await send("GET", "/jobs/job_000000000000", olga),
    ];

    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([404]));
    assert.deepEqual(answers.map(({ code }) => code).slice(3), [
      "no-such-connection",
      "no-such-run",
      "no-such-connection",
      "no-such-job",
    ]);
  });

  it("see the runs of their connection, one by one and as a list of it", async () => {
    const run = await send("GET", `/runs/${runId}`, olga);
    const runs = await send("GET", `/runs?connectionId=${mine.id}`, olga);
    const jobs = await send("GET", `/jobs?connectionId=${mine.id}`, olga);
    const outcomes = await send("GET", `/job-results?connectionId=${mine.id}`, olga);
    const all = await send("GET", "/runs", olga);

    assert.deepEqual([run.status, runs.status, jobs.status, outcomes.status, all.status], [200, 200, 200, 200, 403]);
    assert.deepEqual(
      runs.body.items.map((each: { id: string }) => each.id),
      [runId],
    );
    assert.deepEqual(
      outcomes.body.items.map((each: { runId: string }) => each.runId),
      [runId],
    );
  });

  it("are told of no run of another connection that reads their site too", async () => {
    const { siteId } = await siteFixture(server.db, { name: "shared" });
    const at = server.clock.now().getTime();
    const before = await insertRun(siteId, other.id, new Date(at - 60_000));
    const after = await insertRun(siteId, mine.id);

    assert.equal((await send("GET", `/runs/${after}`, admin)).body.earlier.id, before);
    assert.equal((await send("GET", `/runs/${after}`, olga)).body.earlier, null);
    assert.equal((await send("GET", `/runs/${before}`, olga)).status, 404);
  });

  it("are told of no run of another connection by the result of their job", async () => {
    const { siteId } = await siteFixture(server.db, { name: "led by another" });
    const theirs = await insertRun(siteId, other.id);
    const at = server.clock.now();
    const [result] = await server.db.transaction((tx) =>
      tx.query<{ id: string }>(sql`
        with job as (
          insert into jobs (name, kind, connection_id, site_id, cron, created_at)
          values ('Refresh', 'refresh-site', ${mine.id}, ${siteId}, '0 3 * * *', ${at}) returning id
        )
        insert into job_results (job_id, state, trigger, run_id, started_at, finished_at)
        select id, 'succeeded', 'person', ${theirs}, ${at}, ${at} from job
        returning id
      `),
    );

    assert.equal((await send("GET", `/job-results/${result?.id}`, admin)).status, 200);
    assert.equal((await send("GET", `/job-results/${result?.id}`, olga)).code, "no-such-result");
  });

  it("have nothing of a site until their connection is in service and a check has reached it", async () => {
    const { siteId, connectionId } = await siteFixture(server.db, { name: "somebody's" });
    const draft = await createConnection("Named the same site", ["olga@acme.example"]);
    const change = (statement: ReturnType<typeof sql>) => server.db.transaction((tx) => tx.execute(statement));
    const at = server.clock.now();
    await change(sql`
      insert into connection_sites (connection_id, site_id, added_at) values (${draft.id}, ${siteId}, ${at})
    `);
    const asked = async () => {
      const site = await send("GET", `/sites/${siteId}`, olga);
      const groups = await send("GET", `/sites/${siteId}/product-access-groups`, olga);
      return [site.status, groups.status];
    };

    assert.deepEqual(await asked(), [404, 404]);
    await change(sql`update connection_sites set validated_at = ${at} where connection_id = ${draft.id}`);
    assert.deepEqual(await asked(), [404, 404]);
    await change(sql`update connections set state = 'published' where id = ${draft.id}`);
    assert.deepEqual(await asked(), [200, 200]);
    await change(sql`update connections set state = 'archived' where id = ${draft.id}`);
    assert.deepEqual(await asked(), [404, 404]);
    assert.notEqual(connectionId, draft.id);
  });

  it("have no other right by it, and nobody has any by owning nothing", async () => {
    const max = await signIn("max@acme.example");
    const answers = [
      await send("GET", "/people", olga),
      await send("POST", "/connections", olga, { name: "New", source: "confluence-cloud" }),
      await send("GET", `/connections/${mine.id}`, max),
      await send("GET", "/connections", max),
    ];

    assert.deepEqual(
      answers.map(({ status }) => status),
      [403, 403, 403, 403],
    );
    assert.equal((await send("GET", "/session", olga)).body.ownsConnections, true);
    assert.equal((await send("GET", "/session", max)).body.ownsConnections, false);
  });

  it("reach no further by a token than its scopes say", async () => {
    const person = { name: "Olga", email: "olga@acme.example" };
    const token = async (scopes: string[]) => {
      const { body } = await send("POST", "/tokens", admin, { name: "x", scopes, person });
      return server.authorization(body.token);
    };
    const reading = await token(["connections:read"]);
    const another = await token(["inventory:read"]);

    assert.equal((await send("GET", `/connections/${mine.id}`, reading)).status, 200);
    assert.equal((await send("POST", `/connections/${mine.id}/archive`, reading)).status, 403);
    assert.equal((await send("GET", `/connections/${mine.id}`, another)).status, 403);
  });
});
