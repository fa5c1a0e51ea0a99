import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { AnyRoute } from "../../src/api/contract.ts";
import { Problem } from "../../src/api/problems.ts";
import { startTestServer, type TestServer } from "../../src/http/testing/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createSources } from "../../src/sources/index.ts";
import { sql } from "../../src/store/sql.ts";
import { siteFixture } from "../../src/store/testing/facts.ts";
import { createConnectService } from "../../src/sync/connect/service.ts";
import { requestsOf, type FuzzRequest } from "./requests.ts";
import type { IdPool } from "./values.ts";

/** The gate's number; the bench asks for more with USHER_FUZZ_INPUTS. */
const INPUTS = Number(process.env["USHER_FUZZ_INPUTS"] ?? 500);
const SEED = Number(process.env["USHER_FUZZ_SEED"] ?? 20_261_121);
/** Requests under way at once; they share the server's ten database connections. */
const AT_ONCE = 8;

/** Secrets that are in the database before the run; none of them may come back or be logged. */
const SECRETS = ["ATATT3xFfGF0-fuzz-classic-secret", "ATCTT3xFfGN0-fuzz-organization-key", "fuzz-oauth-client-secret"];

/** Sends malformed and well-formed requests to each route, in two files so that two processors share the work. */
export function fuzzRoutes(title: string, routes: readonly AnyRoute[]): void {
  describe(title, () => describeFuzz(routes));
}

function describeFuzz(routes: readonly AnyRoute[]): void {
  let server: TestServer;
  let token: string;
  let ids: IdPool;
  const leaks: string[] = [];

  before(async () => {
    server = await startTestServer({
      // Streams wait by it between heartbeats; the sources below never do.
      clock: systemClock,
      servicesOf: async ({ db, clock, log, secrets }) => {
        // The source refuses every credential, at once.
        const refuse = async () => Response.json({ code: 401, message: "Unauthorized" }, { status: 401 });
        const sources = createSources({ fetch: refuse, clock, random: () => 0 });
        const { service } = createConnectService({
          db,
          clock,
          log,
          secrets,
          sources,
          publicUrl: "https://usher.example",
        });
        return { connect: service };
      },
    });
    token = await server.makeToken(["*"]);
    ids = await fill(server, token);
  });

  after(() => server.close());

  for (const route of routes.toSorted(inOrder)) {
    it(`${route.id} refuses what is malformed and never fails, over ${INPUTS} requests`, async () => {
      const requests = fc.sample(requestsOf(route, ids), { numRuns: INPUTS, seed: SEED });

      const wrong: string[] = [];
      for (let start = 0; start < requests.length; start += AT_ONCE) {
        const batch = requests.slice(start, start + AT_ONCE);
        const found = await Promise.all(batch.map((request) => flawOf(request)));
        wrong.push(...found.filter((flaw) => flaw !== null));
      }

      assert.deepEqual(wrong.slice(0, 5), []);
    });
  }

  it("gave no secret away, in no answer and in no line of its log", () => {
    const logged = server.logged();

    assert.deepEqual(leaks, []);
    assert.deepEqual(
      [...SECRETS, token].filter((secret) => logged.includes(secret)),
      [],
    );
  });

  function lastFailure(): string {
    const lines = server.logged().split("\n");
    return lines.findLast((line) => line.includes("a request failed")) ?? "";
  }

  /** What is wrong with the answer to a request, or null. */
  async function flawOf(request: FuzzRequest): Promise<string | null> {
    const { isMalformed, ...rest } = request;
    const response = await server.app.inject({ ...rest, headers: { ...rest.headers, ...server.authorization(token) } });
    const told = `${rest.method} ${rest.url} ${JSON.stringify(rest.headers)} ${rest.payload?.slice(0, 500) ?? ""}`;
    const { statusCode: status, body } = response;
    if (SECRETS.some((secret) => body.includes(secret)) || body.includes(token)) leaks.push(told);
    if (status >= 500) return `${status} ${told}\n${body}\n${lastFailure()}`;
    if (isMalformed && status < 400) return `${status} although malformed: ${told}`;
    if (status >= 400 && !Problem.safeParse(JSON.parse(body)).success) return `${status} is not a problem: ${told}`;
    return null;
  }
}

/** What only reads comes first and what ends things last, so that the routes between still find something. */
function inOrder(left: AnyRoute, right: AnyRoute): number {
  return stageOf(left) - stageOf(right);
}

function stageOf({ id, method }: AnyRoute): number {
  if (method === "GET") return 0;
  return method === "DELETE" || id === "connections.archive" ? 2 : 1;
}

/** Something of each noun, so that well-formed requests reach further than "no such". */
async function fill(server: TestServer, token: string): Promise<IdPool> {
  const { db, clock } = server;
  const site = await siteFixture(db);
  await site.account("ann", { email: "ann@acme.example" });
  await site.group("users", { gives: "user", members: ["ann"] });
  await site.space("DOCS");
  const credentials = [
    { kind: "api-token", accountEmail: "petra@acme.example", token: SECRETS[0] },
    { kind: "organization-key", key: SECRETS[1] },
    { kind: "oauth", clientId: "fuzz-client", clientSecret: SECRETS[2] },
  ];
  const made = await post("/connections", { name: "fuzz", owners: ["petra@acme.example"] });
  for (const credential of credentials) await post(`/connections/${String(made["id"])}/credentials`, credential);
  await server.makeToken(["runs:read"]);
  await db.query(sql`
    insert into jobs (name, kind, connection_id, site_id, cron, created_at)
    values ('Refresh acme', 'refresh-site', ${site.connectionId}, ${site.siteId}, '17 3 * * *', ${clock.now()})
  `);
  // A run that has ended: one that goes on would be followed for ever.
  await site.run(clock.now(), "full", [{ kind: "groups", state: "complete" }]);

  const pool = new Map<string, string[]>();
  const tables = [
    "connections",
    "credentials",
    "sites",
    "runs",
    "jobs",
    "api_tokens",
    "accounts",
    "groups",
    "spaces",
    "people",
  ];
  for (const table of tables) {
    const rows = await db.query<{ id: string }>({ text: `select id from ${table} order by id`, values: [] });
    // The token of the run itself is the first; it must not be revoked.
    const found = rows.map(({ id }) => id).slice(table === "api_tokens" ? 1 : 0);
    const prefix = found[0]?.split("_", 1)[0];
    if (prefix !== undefined) pool.set(prefix, found);
  }
  return Object.fromEntries(pool);

  async function post(path: string, payload: object): Promise<Record<string, unknown>> {
    const headers = server.authorization(token);
    const response = await server.app.inject({ method: "POST", url: `/api/v1${path}`, headers, payload });
    assert.equal(response.statusCode, 201, response.body);
    return response.json();
  }
}
