import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AnyRoute } from "../src/api/contract.ts";
import { routes } from "../src/api/routes.ts";
import { createSignInLink } from "../src/commands/sign-in/make-link.ts";
import { startTestServer, type TestServer } from "../src/http/testing/server.ts";
import type { Role } from "../src/model/roles.ts";
import { sql } from "../src/store/sql.ts";
import { siteFixture } from "../src/store/testing/facts.ts";
import { createConnectService } from "../src/sync/connect/service.ts";
import { createSources } from "../src/sources/index.ts";

/**
 * Whoever owns a connection may ask these about it, its runs, its jobs and its sites, whatever their roles. Of another's
 * they are told that there is none. Written by hand: a route that joins them is a change of this list.
 */
const AN_OWNERS = [
  "authorizations.get",
  "authorizations.start",
  "connections.add-pending-credential",
  "connections.add-site",
  "connections.apply-pending-revision",
  "connections.archive",
  "connections.change",
  "connections.change-pending-revision",
  "connections.check",
  "connections.decide-detected-groups",
  "connections.detected-groups",
  "connections.discard-pending-revision",
  "connections.get",
  "connections.get-pending-revision",
  "connections.pause",
  "connections.proveWrites",
  "connections.publish",
  "connections.reachable-sites",
  "connections.remove-pending-credential",
  "connections.remove-site",
  "connections.remove-wanted-site",
  "connections.resume",
  "connections.timeline",
  "connections.validate-pending-revision",
  "consent-links.create",
  "consent-links.list",
  "consent-links.revoke",
  "credentials.create",
  "credentials.remove",
  "credentials.rotate",
  "job-results.get",
  "job-results.log",
  "jobs.change",
  "jobs.get",
  "jobs.logs",
  "jobs.results",
  "jobs.run",
  "product-access-groups.decide",
  "product-access-groups.list",
  "runs.accept",
  "runs.cancel",
  "runs.discard",
  "runs.events",
  "runs.get",
  "runs.held-difference",
  "runs.held-difference-summary",
  "runs.listings",
  "runs.log",
  "sites.get",
];

/** Anybody asks these about what is their own; another's is not there for them. */
const EVERYBODYS = ["search.resolve", "sessions.end", "views.change", "views.delete", "views.get"];

/** What a route takes so that nothing but the id can be wrong with the request. */
const BODIES: Readonly<Record<string, object>> = {
  "connections.decide-detected-groups": { drop: [] },
  "credentials.rotate": { secret: "client-secret-2" },
  "product-access-groups.decide": { decision: "confirm" },
  "views.change": { name: "Taken over" },
};

/** The order in which an owner may use everything of their connection once: what removes comes last. */
const NESTED = [
  "authorizations.get",
  "jobs.logs",
  "product-access-groups.decide",
  "connections.detected-groups",
  "connections.decide-detected-groups",
  "connections.proveWrites",
  "credentials.rotate",
  "consent-links.revoke",
  "connections.remove-pending-credential",
  "credentials.remove",
  "connections.remove-site",
];

type Ids = Readonly<Record<string, string>>;
type Headers = Record<string, string>;

const paramsOf = ({ path }: AnyRoute) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
const isRead = ({ method, produces }: AnyRoute) => method === "GET" && produces !== "events";
const withIds = routes.filter((route) => paramsOf(route).some((name) => /id$/i.test(name)));

/** What stands in a path for something that is not among these is well-formed, and nothing. */
function pathOf(route: AnyRoute, ids: Ids): string {
  const own = route.id === "connections.remove-pending-credential" ? { credentialId: ids["pendingCredentialId"] } : {};
  const all: Record<string, string | undefined> = { ...ids, ...own };
  const path = route.path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => all[name] ?? (name.endsWith("Id") ? `${name.slice(0, -2)}_000000000000` : "x"),
  );
  return route.id === "connections.remove-wanted-site" ? `${path}?site=acme.example` : path;
}

function routeOf(id: string): AnyRoute {
  return routes.find((route) => route.id === id) ?? assert.fail(`There is no route ${id}.`);
}

describe("what belongs to somebody else", () => {
  let server: TestServer;
  let admin: Headers;
  let olga: Headers;
  let petra: Headers;
  let max: Headers;
  let hers: Ids;
  let others: Ids;

  before(async () => {
    server = await startTestServer({
      servicesOf: async ({ db, clock, log, secrets }) => {
        // The source refuses every credential, at once.
        const refuse = async () => Response.json({ code: 401, message: "Unauthorized" }, { status: 401 });
        const sources = createSources({ fetch: refuse, clock, random: () => 0 });
        const publicUrl = "https://usher.example";
        return { connect: createConnectService({ db, clock, log, secrets, sources, publicUrl }).service };
      },
    });
    admin = server.authorization(await server.makeToken(["*"]));
    petra = await signIn("petra", "member");
    olga = await signIn("olga", "member");
    max = await signIn("max", "member");
    others = { ...(await connectionOf("petra")), ...(await belongingsOf("petra", petra)) };
    // Of the one route that takes any id.
    others = { ...others, id: others["connectionId"] ?? "" };
    hers = await connectionOf("olga");
  });
  after(() => server.close());

  async function send(method: string, path: string, headers: Headers, payload?: object) {
    const response = await server.app.inject({
      method: method as "GET",
      url: `/api/v1${path}`,
      headers: { ...headers, "if-match": "*" },
      ...(payload ? { payload } : {}),
    });
    const type = String(response.headers["content-type"]);
    const body = type.includes("json") ? response.json() : null;
    return { status: response.statusCode, code: body?.code as string | undefined, body, text: response.body };
  }

  function ask(route: AnyRoute, ids: Ids, headers: Headers) {
    return send(route.method, pathOf(route, ids), headers, BODIES[route.id]);
  }

  async function made(path: string, payload: object): Promise<string> {
    const { status, body, text } = await send("POST", path, admin, payload);
    assert.equal(status, 201, text);
    return body.id ?? body.attemptId;
  }

  async function insert(statement: ReturnType<typeof sql>): Promise<string> {
    const rows = await server.db.transaction((tx) => tx.query<{ id: string }>(statement));
    return rows[0]?.id ?? assert.fail("Nothing was inserted.");
  }

  async function signIn(name: string, role: Role): Promise<Headers> {
    const email = `${name}@acme.example`;
    const code = await createSignInLink(server, { name, email });
    const url = "/api/v1/session/link";
    const response = await server.app.inject({ method: "POST", url, payload: { code } });
    await insert(sql`update operators set roles = ${[role]} where email = ${email} returning id`);
    return { cookie: `usher-session=${response.cookies[0]?.value}`, "usher-client": "web" };
  }

  /** A published connection that this person owns, with one of everything that can belong to one. */
  async function connectionOf(name: string): Promise<Ids> {
    const site = await siteFixture(server.db, { name });
    const { connectionId, siteId } = site;
    const groupId = await site.group("users", { gives: "user" });
    await insert(sql`
      insert into connection_owners (connection_id, email, added_at)
      values (${connectionId}, ${`${name}@acme.example`}, ${server.clock.now()})
      returning connection_id as id
    `);
    await server.db.transaction((tx) =>
      tx.execute(sql`
        update connection_sites set validated_at = ${server.clock.now()} where connection_id = ${connectionId}
      `),
    );
    const path = `/connections/${connectionId}`;
    const oauth = { kind: "oauth", clientId: `client-of-${name}`, clientSecret: "client-secret-1" };
    const credentialId = await made(`${path}/credentials`, oauth);
    await made(`${path}/credentials`, { ...oauth, label: "Second" });
    const attemptId = await made(`${path}/authorization`, { credentialId });
    const linkId = await made(`${path}/consent-links`, { kind: "oauth", credentialId });
    const pendingCredentialId = await made(`${path}/pending-revision/credentials`, { credential: oauth });
    const runId = await site.run(server.clock.now(), "full", []);
    const jobId = await insert(sql`
      insert into jobs (name, kind, connection_id, site_id, cron, created_at)
      values (${`Refresh ${name}`}, 'refresh-site', ${connectionId}, ${siteId}, '0 3 * * *', ${server.clock.now()})
      returning id
    `);
    const resultId = await insert(sql`
      insert into job_results (job_id, state, trigger, started_at, finished_at)
      values (${jobId}, 'succeeded', 'person', ${server.clock.now()}, ${server.clock.now()})
      returning id
    `);
    return {
      connectionId,
      siteId,
      groupId,
      credentialId,
      attemptId,
      linkId,
      pendingCredentialId,
      runId,
      jobId,
      resultId,
    };
  }

  /** What is a person's own, and what only roles give a right to. */
  async function belongingsOf(name: string, headers: Headers): Promise<Ids> {
    const view = await send("POST", "/views", headers, { page: "people", name: "Mine", state: "" });
    assert.equal(view.status, 201, view.text);
    const { body: sessions } = await send("GET", "/sessions", headers);
    const person = { name, email: `${name}@acme.example` };
    const { body: token } = await send("POST", "/tokens", admin, { name: `Token of ${name}`, scopes: ["*"], person });
    const [session] = sessions.items;
    return { viewId: view.body.id, sessionId: session.id, operatorId: session.operatorId, tokenId: token.id };
  }

  it("is not there for the owner of another connection, and roles alone give the rest", async () => {
    const wrong = [];
    for (const route of withIds) {
      const { status, code } = await ask(route, others, olga);
      const expected = [...AN_OWNERS, ...EVERYBODYS].includes(route.id) ? 404 : 403;
      if (status !== expected) wrong.push(`${route.id}: ${status} ${code}`);
    }

    assert.deepEqual(wrong, []);
  });

  it("is nothing that somebody without rights is told of", async () => {
    const wrong = [];
    for (const route of withIds) {
      const { status, code } = await ask(route, others, max);
      const expected = EVERYBODYS.includes(route.id) ? 404 : 403;
      if (status !== expected) wrong.push(`${route.id}: ${status} ${code}`);
    }

    assert.deepEqual(wrong, []);
  });

  it("is not reached through a connection, job or site of one's own", async () => {
    const wrong = [];
    for (const id of NESTED) {
      const route = routeOf(id);
      const { connectionId = "", jobId = "", siteId = "" } = hers;
      const own: Ids = route.path.startsWith("/sites/") ? { siteId } : { connectionId, jobId };
      const { status, code } = await ask(route, { ...others, ...own }, olga);
      if (status !== 404 || code === "no-such-connection") wrong.push(`${id}: ${status} ${code}`);
    }
    const nested = withIds.filter((route) => AN_OWNERS.includes(route.id) && paramsOf(route).length > 1);

    assert.deepEqual(wrong, []);
    assert.deepEqual(nested.map(({ id }) => id).toSorted(), NESTED.toSorted());
  });

  it("is not reached by naming it in a request about one's own", async () => {
    const { connectionId } = hers;
    const { siteId, credentialId } = others;
    const path = `/connections/${connectionId}`;
    const credential = { kind: "oauth", clientId: "client", clientSecret: "client-secret-1" };
    const asked: [string, string, object][] = [
      ["POST", "/runs", { connectionId, siteId, scope: "full" }],
      ["POST", `${path}/authorization`, { credentialId }],
      ["POST", `${path}/consent-links`, { kind: "oauth", credentialId }],
      ["PATCH", `${path}/pending-revision`, { removeSites: [siteId] }],
      ["PATCH", `${path}/pending-revision`, { removeCredentials: [credentialId] }],
      ["POST", `${path}/pending-revision/credentials`, { credential, replaces: credentialId }],
    ];
    const answers = [];
    for (const [method, where, payload] of asked) answers.push(await send(method, where, olga, payload));

    assert.deepEqual(
      answers.map(({ status, code }) => `${status} ${code}`),
      [
        "404 no-such-site",
        "404 no-such-credential",
        "404 no-such-credential",
        "404 no-such-site",
        "404 no-such-credential",
        "404 no-such-credential",
      ],
    );
  });

  it("is in no list that one may ask", async () => {
    const { connectionId } = hers;
    const { connectionId: otherId, siteId, tokenId, runId, operatorId } = others;
    const open = routes.filter((route) => route.scope === "any-token" && isRead(route) && paramsOf(route).length === 0);
    const found = [
      `/connections?siteId=${siteId}`,
      "/connections?owner=petra@acme.example",
      `/connections/${connectionId}/timeline?siteId=${siteId}`,
      `/runs?connectionId=${connectionId}&siteId=${siteId}`,
      `/jobs?connectionId=${connectionId}&siteId=${siteId}`,
      `/sessions?operatorId=${operatorId}`,
      "/sessions?everyone=true",
      ...[otherId, siteId, runId, tokenId].flatMap((id) => [`/search?q=${id}`, `/resolve?q=${id}`]),
      "/search?q=petra",
      ...open.map(({ path }) => `${path}?q=petra`).filter((path) => !/^.(search|resolve)/.test(path)),
    ];
    const told = [];
    for (const path of found) {
      const { status, text } = await send("GET", path, olga);
      const leaks = Object.entries(others).filter(([, id]) => text.includes(id));
      if (status >= 500 || leaks.length > 0) told.push(`${path}: ${status} ${leaks.map(([name]) => name).join()}`);
    }

    assert.deepEqual(told, []);
  });

  it("is told to its owner: the same requests are answered", async () => {
    const reads = withIds.filter((route) => AN_OWNERS.includes(route.id) && isRead(route));
    const requests = [...reads.filter(({ id }) => !NESTED.includes(id)), ...NESTED.map((id) => routeOf(id))];
    const wrong = [];
    for (const route of requests) {
      const { status, code } = await ask(route, hers, olga);
      if ([400, 403, 404].includes(status) || status >= 500) wrong.push(`${route.id}: ${status} ${code}`);
    }

    assert.deepEqual(wrong, []);
  });

  it("is not told by an id that is pasted, also where a role may read one's own of the kind", async () => {
    const rita = await signIn("rita", "review-owner");
    const statuses = async (headers: Headers) => {
      const found = [];
      for (const where of ["tokens", "resolve"])
        found.push(await send("GET", `/${where}/${others["tokenId"]}`, headers));
      return found.map(({ status }) => status);
    };

    assert.deepEqual(await statuses(rita), [404, 404]);
    assert.deepEqual(await statuses(admin), [200, 200]);
  });
});
