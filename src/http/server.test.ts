import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { defineList, manyOf, wholeNumber } from "../api/lists.ts";
import { defineRoute, idOf, instant, text } from "../api/contract.ts";
import { ok, refuse } from "../lib/result.ts";
import { sql } from "../store/sql.ts";
import { handle, handleEvents } from "./route.ts";
import { handleList } from "./lists.ts";
import { startTestServer, type TestServer } from "./testing/server.ts";

const At = z.object({ id: z.string(), at: instant, revision: z.int() });

const getThing = defineRoute({
  id: "things.get",
  method: "GET",
  path: "/things/{thingId}",
  summary: "One thing",
  scope: "inventory:read",
  params: z.strictObject({ thingId: idOf("thing") }),
  answer: At,
  refusals: { "no-such-thing": { status: 404, says: "There is no such thing." } },
  revisioned: true,
});

const changeThing = defineRoute({
  id: "things.change",
  method: "PATCH",
  path: "/things/{thingId}",
  summary: "Change a thing",
  scope: "connections:write",
  params: z.strictObject({ thingId: z.string() }),
  body: z.strictObject({ name: text(20), size: z.int().min(1).max(9).optional() }),
  answer: At,
  revisioned: true,
  needsIfMatch: true,
});

const breakContract = defineRoute({
  id: "things.break",
  method: "GET",
  path: "/broken",
  summary: "Breaks its contract",
  scope: "any-token",
  answer: At,
});

const Number_ = z.object({ number: z.int(), word: z.string(), even: instant.nullable() });

const listNumbers = defineList({
  id: "numbers.list",
  path: "/numbers",
  summary: "Numbers",
  scope: "inventory:read",
  item: Number_,
  sorts: ["number", "even"],
  filters: { upTo: wholeNumber(0, 10_000).optional(), word: manyOf(z.enum(["=odd", "even"])).optional() },
});

const followThings = defineRoute({
  id: "things.follow",
  method: "GET",
  path: "/things/{thingId}/events",
  summary: "Events of a thing",
  scope: "any-token",
  params: z.strictObject({ thingId: z.string() }),
  answer: z.object({ n: z.int() }),
  produces: "events",
});

const NOON = new Date("2026-05-03T12:00:00.000Z");

const handlers = [
  handle(getThing, async ({ params }) =>
    params.thingId === "thing_000000000001"
      ? ok({ id: params.thingId, at: NOON, revision: 7 })
      : refuse("no-such-thing"),
  ),
  handle(changeThing, async ({ ifMatch, params }) =>
    ifMatch === null || ifMatch === 7 ? ok({ id: params.thingId, at: NOON, revision: 8 }) : refuse("stale-revision"),
  ),
  handle(breakContract, async () => ok({ id: 1 } as never)),
  handleList(listNumbers, async ({ query }) => {
    const rows = sql`
      from generate_series(1, ${query.upTo ?? 500}) as n
     cross join lateral (select case when n % 2 = 0 then 'even' else '=odd' end as word,
                                case when n % 2 = 0 then timestamptz '2026-01-01 00:00Z' + (n / 4) * interval '1 day' end as even) w
     where (${query.word ?? null}::text[] is null or w.word = any(${query.word ?? null}))`;
    return ok({
      sorts: {
        number: { by: sql`n`, type: "bigint" },
        even: { by: sql`w.even`, type: "timestamptz", isNullable: true },
      },
      tie: { by: sql`n`, type: "bigint" },
      select: (page) => sql`select n as number, w.word, w.even, ${page.keys} ${rows} and ${page.after} ${page.order}`,
      count: sql`select count(*) as total ${rows}`,
      dataAsOf: NOON,
    });
  }),
  handleEvents(followThings, async ({ lastEventId }) =>
    ok(
      (async function* () {
        for (let n = Number(lastEventId ?? 0) + 1; n <= 3; n += 1) yield { id: String(n), event: "thing", data: { n } };
      })(),
    ),
  ),
];

describe("the HTTP server", () => {
  let server: TestServer;
  let app: FastifyInstance;
  let reader: Record<string, string>;

  before(async () => {
    server = await startTestServer({ handlers });
    app = server.app;
    reader = server.authorization(await server.makeToken(["inventory:read"]));
  });
  after(() => server.close());

  async function allNumbers(query: string): Promise<number[]> {
    const seen: number[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 40; page += 1) {
      const url: string = `/api/v1/numbers?${query}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const answer = await app.inject({ url, headers: reader });
      assert.equal(answer.statusCode, 200, answer.body);
      const body = answer.json<{ items: { number: number }[]; next: string | null }>();
      seen.push(...body.items.map((item) => item.number));
      cursor = body.next;
      if (cursor === null) return seen;
    }
    throw new Error("The list did not end.");
  }

  it("tells nobody without a token anything but its health", async () => {
    const health = await app.inject({ url: "/health" });
    const known = await app.inject({ url: "/api/v1/things/thing_000000000001" });
    const unknown = await app.inject({ url: "/api/v1/nowhere" });

    assert.deepEqual(health.json(), { status: "ok" });
    assert.equal(known.statusCode, 401);
    assert.equal(unknown.statusCode, 401);
    assert.match(String(known.headers["www-authenticate"]), /^Bearer/);
    assert.equal(known.json().code, "no-token");
    assert.match(String(known.headers["content-type"]), /^application\/problem\+json/);
    assert.equal(known.headers["x-request-id"], known.json().requestId);
  });

  it("says which scope a token lacks", async () => {
    const answer = await app.inject({
      method: "PATCH",
      url: "/api/v1/things/thing_000000000001",
      headers: { ...reader, "if-match": '"7"' },
      payload: { name: "x" },
    });

    assert.equal(answer.statusCode, 403);
    assert.match(answer.json().detail, /needs the scope connections:write; the token has inventory:read/);
  });

  it("takes no token that was revoked or has expired", async () => {
    const revoked = await server.makeToken(["*"], { revoked: true });
    const expired = await server.makeToken(["*"], { expiresAt: new Date(server.clock.now().getTime() - 1) });

    const first = await app.inject({ url: "/api/v1/numbers", headers: server.authorization(revoked) });
    const second = await app.inject({ url: "/api/v1/numbers", headers: server.authorization(expired) });

    assert.deepEqual([first.statusCode, first.json().code], [401, "token-not-valid"]);
    assert.deepEqual([second.statusCode, second.json().code], [401, "token-expired"]);
  });

  it("sends instants as text and the revision as ETag", async () => {
    const answer = await app.inject({ url: "/api/v1/things/thing_000000000001", headers: reader });

    assert.deepEqual(answer.json(), { id: "thing_000000000001", at: "2026-05-03T12:00:00.000Z", revision: 7 });
    assert.equal(answer.headers.etag, '"7"');
  });

  it("refuses with the status and words of the contract", async () => {
    const answer = await app.inject({ url: "/api/v1/things/thing_000000000002", headers: reader });

    assert.equal(answer.statusCode, 404);
    assert.deepEqual([answer.json().code, answer.json().detail], ["no-such-thing", "There is no such thing."]);
  });

  it("needs to know which revision a change is for, and refuses an older one", async () => {
    const headers = server.authorization(await server.makeToken(["connections:write"]));
    const send = (ifMatch?: string) =>
      app.inject({
        method: "PATCH",
        url: "/api/v1/things/thing_000000000001",
        headers: { ...headers, ...(ifMatch === undefined ? {} : { "if-match": ifMatch }) },
        payload: { name: "x" },
      });

    const answers = [await send(), await send("7"), await send('"6"'), await send('"7"'), await send("*")];

    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      [428, 400, 412, 200, 200],
    );
  });

  it("names each wrong field, what is wrong and what would be right", async () => {
    const headers = { ...server.authorization(await server.makeToken(["*"])), "if-match": "*" };
    const send = (payload: unknown) =>
      app.inject({
        method: "PATCH",
        url: "/api/v1/things/thing_000000000001",
        headers: { ...headers, "content-type": "application/json" },
        payload: typeof payload === "string" ? payload : JSON.stringify(payload),
      });

    const wrong = await send({ name: "", size: 10, color: "red" });
    const missing = await send({ size: "9" });

    assert.equal(wrong.statusCode, 400);
    assert.deepEqual(wrong.json().errors, [
      { field: "body.name", what: "is too small or too short", expected: "at least 1 character" },
      { field: "body.size", what: "is too large or too long", expected: "at most 9" },
      { field: "body.color", what: "is not a field here", expected: "only the fields that the documentation names" },
    ]);
    assert.deepEqual(missing.json().errors, [
      { field: "body.name", what: "is missing", expected: "a string" },
      { field: "body.size", what: "is of another type", expected: "a number" },
    ]);
    for (const payload of [
      "{",
      "",
      "null",
      "[]",
      '"x"',
      '{"name":"a\\u0000b"}',
      '{"name":"a\\ud800b"}',
      `{"name":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    ]) {
      const answer = await send(payload);
      assert.equal(answer.statusCode, 400, payload.slice(0, 40));
    }
  });

  it("refuses other content types, bodies that are too large, and methods that a path does not take", async () => {
    const headers = { ...server.authorization(await server.makeToken(["*"])), "if-match": "*" };
    const url = "/api/v1/things/thing_000000000001";

    const xml = await app.inject({
      method: "PATCH",
      url,
      headers: { ...headers, "content-type": "text/xml" },
      payload: "<a/>",
    });
    const large = await app.inject({ method: "PATCH", url, headers, payload: { name: "x".repeat(2_000_000) } });
    const method = await app.inject({ method: "DELETE", url, headers });

    assert.deepEqual([xml.statusCode, xml.json().code], [415, "unsupported-content-type"]);
    assert.deepEqual([large.statusCode, large.json().code], [413, "body-too-large"]);
    assert.deepEqual([method.statusCode, method.headers.allow], [405, "GET, PATCH"]);
  });

  it("does not send an answer that breaks its contract, and tells nothing of why", async () => {
    const answer = await app.inject({ url: "/api/v1/broken", headers: reader });

    assert.equal(answer.statusCode, 500);
    assert.equal(answer.json().code, "internal");
    assert.doesNotMatch(answer.body, /expected|stack/);
    assert.match(server.logged(), /The answer of things\.break breaks its contract/);
  });

  for (const sort of ["number", "-number", "even", "-even"]) {
    it(`pages by key through every row once, sorted by ${sort}`, async () => {
      const seen = await allNumbers(`sort=${sort}&limit=37`);
      const whole = await app.inject({ url: `/api/v1/numbers?sort=${sort}&format=json`, headers: reader });

      assert.equal(seen.length, 500);
      assert.equal(new Set(seen).size, 500);
      assert.deepEqual(
        seen,
        whole.json<{ items: { number: number }[] }>().items.map((item) => item.number),
      );
    });
  }

  it("filters by several values, counts when asked, and says how old the rows are", async () => {
    const answer = await app.inject({
      url: "/api/v1/numbers?word=even,%3Dodd&upTo=30&limit=2&total=true",
      headers: reader,
    });

    const { items, total, dataAsOf } = answer.json();
    assert.deepEqual([items.length, total, dataAsOf], [2, 30, "2026-05-03T12:00:00.000Z"]);
  });

  it("refuses a cursor of another list, filter or hand, and filters it does not know", async () => {
    const first = await app.inject({ url: "/api/v1/numbers?limit=5", headers: reader });
    const cursor = String(first.json().next);
    const forged = Buffer.from(JSON.stringify([JSON.parse(Buffer.from(cursor, "base64url").toString())[0], "x", "1"]));
    const urls = [
      `limit=5&sort=-number&cursor=${cursor}`,
      `limit=5&upTo=9&cursor=${cursor}`,
      `cursor=${forged.toString("base64url")}`,
      "cursor=nonsense",
      "limit=0",
      "limit=201",
      "limit=1&limit=2",
      "sort=color",
      "word=neither",
      "colour=red",
      "upTo=1e3",
    ];

    for (const query of urls) {
      const answer = await app.inject({ url: `/api/v1/numbers?${query}`, headers: reader });
      assert.equal(answer.statusCode, 400, `${query} ${answer.body}`);
      assert.match(answer.json().errors[0].field, /^query\./);
      assert.notEqual(answer.json().errors[0].what, "is missing", query);
    }
  });

  it("exports every matching row as CSV, in which no cell is a formula", async () => {
    const answer = await app.inject({ url: "/api/v1/numbers?format=csv&limit=1", headers: reader });
    const lines = answer.body.trimEnd().split("\n");

    assert.equal(lines.length, 501);
    assert.deepEqual(lines.slice(0, 3), ["number,word,even", "1,'=odd,", "2,even,2026-01-01T00:00:00.000Z"]);
    assert.match(String(answer.headers["content-disposition"]), /filename="numbers-2026-05-03\.csv"/);
    assert.equal(answer.headers["usher-data-as-of"], "2026-05-03T12:00:00.000Z");
  });

  it("streams events and goes on after the last one that the client saw", async () => {
    const answer = await app.inject({ url: "/api/v1/things/a/events", headers: { ...reader, "last-event-id": "1" } });

    assert.equal(answer.headers["content-type"], "text/event-stream; charset=utf-8");
    assert.equal(
      answer.body,
      'retry: 2000\n\nid: 2\nevent: thing\ndata: {"n":2}\n\nid: 3\nevent: thing\ndata: {"n":3}\n\n',
    );
  });

  it("lets a browser run nothing that is not its own", async () => {
    const answer = await app.inject({ url: "/api/v1/numbers", headers: reader });

    assert.match(String(answer.headers["content-security-policy"]), /default-src 'none'/);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.equal(answer.headers["cache-control"], "no-store");
  });

  it("makes an address wait after many refused tokens, but never a valid token", async () => {
    const headers = { authorization: "Bearer usher_wrong" };
    let last = await app.inject({ url: "/api/v1/numbers", headers });
    for (let attempt = 0; attempt < 40 && last.statusCode === 401; attempt += 1) {
      last = await app.inject({ url: "/api/v1/numbers", headers });
    }
    const valid = await app.inject({ url: "/api/v1/numbers", headers: reader });

    assert.equal(last.statusCode, 429);
    assert.ok(Number(last.headers["retry-after"]) > 0);
    assert.equal(valid.statusCode, 200);
  });

  it("writes neither tokens nor paths with their values into its log", async () => {
    const token = await server.makeToken(["*"]);
    await app.inject({ url: `/api/v1/nowhere/${token}?token=${token}`, headers: server.authorization(token) });

    assert.doesNotMatch(server.logged(), new RegExp(token));
    assert.match(server.logged(), /no such path/);
  });
});
