import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { AnyRoute } from "../../src/api/contract.ts";
import { Problem } from "../../src/api/problems.ts";
import { routes } from "../../src/api/routes.ts";
import { startTestServer, type TestServer } from "../../src/http/testing/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createSources } from "../../src/sources/index.ts";
import { createConnectService } from "../../src/sync/connect/service.ts";
import { prefixesOf, sampleOf, type FuzzRequest } from "./requests.ts";
import type { IdPool } from "./values.ts";
import { makeWorld, SECRETS } from "./world.ts";

/** Malformed requests to each route: the gate's number; the bench asks for more with USHER_FUZZ_INPUTS. */
const INPUTS = Number(process.env["USHER_FUZZ_INPUTS"] ?? 500);
const SEED = Number(process.env["USHER_FUZZ_SEED"] ?? 20_261_121);
/** Those that take 10 ms and more when they do what they are asked; of these, few well-formed requests are enough. */
const SLOW = new Set([
  "accounts.match",
  "backups.create",
  "connections.check",
  "connections.validate-pending-revision",
  "credentials.create",
  "doctor.get",
  "plans.create",
  "position.compute",
  "sites.serve-capability",
]);

/** Requests under way at once; they share the server's ten database connections. */
const AT_ONCE = 8;

/** So many files share the routes, and so the processors the work. */
const PARTS = 6;

/** Sends malformed and well-formed requests to each route of one part; which part that is follows from its id. */
export function fuzzPart(part: number): void {
  const own = routes.filter(({ id }) => partOf(id) === part);
  describe(`the API asked with malformed requests, part ${part} of ${PARTS}`, () => describeFuzz(own));
}

function partOf(id: string): number {
  return (createHash("sha256").update(id).digest().readUInt32BE() % PARTS) + 1;
}

function describeFuzz(own: readonly AnyRoute[]): void {
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
    ids = await makeWorld(server, token);
  });

  after(() => server.close());

  it("has a file for each part, so that no route is left out", () => {
    const files = readdirSync(new URL("..", import.meta.url)).filter((name) => /^api-fuzz-\d+\.test\.ts$/.test(name));

    assert.equal(files.length, PARTS);
  });

  it("knows something of every kind that is asked for", () => {
    const wanted = [...new Set(own.flatMap(prefixesOf))];

    assert.deepEqual(
      wanted.filter((prefix) => !ids[prefix]?.length),
      [],
    );
  });

  for (const route of own.toSorted(inOrder)) {
    it(`${route.id} refuses what is malformed and never fails, over ${INPUTS} malformed requests`, async () => {
      const share = SLOW.has(route.id) ? 50 : 5;
      const requests = sampleOf(route, ids, { malformed: INPUTS, others: Math.ceil(INPUTS / share), seed: SEED });

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

/** What only reads comes first, then what acts, what makes more of it, and what ends it: so each finds little, but something. */
function inOrder(left: AnyRoute, right: AnyRoute): number {
  return stageOf(left) - stageOf(right);
}

function stageOf({ id, method, status }: AnyRoute): number {
  if (method === "GET") return 0;
  if (method === "DELETE" || id === "connections.archive") return 3;
  return status === 201 ? 2 : 1;
}
