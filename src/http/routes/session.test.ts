import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InjectOptions } from "fastify";
import { createFirstAdminCode, createSignInLink } from "../../commands/sign-in/make-link.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

const WEB = { "usher-client": "web" };
const PASSWORD = "seven green umbrellas";
const ADA = { name: "Ada Byron", email: "ada@acme.example", password: PASSWORD };

describe("signing in by a password or a link", () => {
  let server: TestServer;
  let firstCode: string;

  before(async () => {
    server = await startTestServer();
    firstCode = (await createFirstAdminCode(server)) ?? "";
  });
  after(() => server.close());

  async function send(method: "GET" | "POST" | "DELETE", path: string, options: Partial<InjectOptions> = {}) {
    const response = await server.app.inject({ method, url: `/api/v1${path}`, ...options });
    const cookie = response.cookies.find(({ name }) => name.endsWith("usher-session"));
    const body = response.body === "" ? null : response.json();
    return { status: response.statusCode, headers: response.headers, body, cookie };
  }

  function withCookie(value: string | undefined, headers: object = WEB) {
    return { headers: { ...headers, cookie: `usher-session=${value}` } };
  }

  async function journal(entry: string) {
    const token = await server.makeToken(["*"]);
    const { body } = await send("GET", `/journal?entry=${entry}`, { headers: server.authorization(token) });
    return body.items as { detail: Record<string, unknown>; personal: Record<string, unknown> | null }[];
  }

  const signIn = (email: string, password: string) => send("POST", "/session", { payload: { email, password } });

  it("tells anybody how one signs in, and that nobody is an admin yet", async () => {
    const { status, body } = await send("GET", "/sign-in");

    assert.deepEqual([status, body], [200, { needsFirstAdmin: true, password: true, oidc: null }]);
  });

  it("takes the first admin's code only while it is right, and no password that everybody guesses", async () => {
    const wrong = await send("POST", "/setup/admin", { payload: { ...ADA, code: "x".repeat(43) } });
    const payload = { ...ADA, password: "ada@acme.example1", code: firstCode };
    const weak = await send("POST", "/setup/admin", { payload });

    assert.deepEqual([wrong.status, wrong.body.code], [403, "code-not-valid"]);
    assert.deepEqual([weak.status, weak.body.errors[0].field], [422, "body.password"]);
  });

  it("makes the first admin by the code of the start, once, and signs them in", async () => {
    const other = (await createFirstAdminCode(server)) ?? "";
    const made = await send("POST", "/setup/admin", { payload: { ...ADA, code: firstCode } });
    const again = await send("POST", "/setup/admin", { payload: { ...ADA, code: other } });

    assert.deepEqual([made.status, made.body.operator.email, made.body.roles], [201, ADA.email, ["admin"]]);
    assert.deepEqual([made.body.scopes, made.body.through], [["*"], "password"]);
    assert.deepEqual([made.cookie?.httpOnly, made.cookie?.sameSite, made.cookie?.secure], [true, "Lax", undefined]);
    assert.deepEqual([again.status, again.body.code], [409, "has-admin"]);
    assert.equal(await createFirstAdminCode(server), null);
    assert.equal((await send("GET", "/sign-in")).body.needsFirstAdmin, false);
  });

  it("signs in, tells who is signed in, and signs out for good", async () => {
    const { cookie, status } = await signIn("ADA@acme.example", PASSWORD);
    const here = await send("GET", "/session", withCookie(cookie?.value, {}));
    const read = await send("GET", "/operators", withCookie(cookie?.value, {}));
    const out = await send("DELETE", "/session", withCookie(cookie?.value));
    const after = await send("GET", "/session", withCookie(cookie?.value, {}));

    assert.deepEqual([status, here.status, read.status, out.status], [201, 200, 200, 200]);
    assert.equal(here.body.idleEndsAt, "2026-05-03T20:00:00.000Z");
    assert.equal(here.body.endsAt, "2026-05-10T12:00:00.000Z");
    assert.deepEqual([out.body, out.cookie?.value], [{ signOutUrl: null }, ""]);
    assert.deepEqual([after.status, after.body.code], [401, "session-ended"]);
  });

  it("refuses every wrong combination in the same words, and tells only the journal why", async () => {
    const wrong = await signIn(ADA.email, "something else entirely");
    const unknown = await signIn("nobody@acme.example", PASSWORD);

    assert.deepEqual([wrong.status, wrong.body.code], [401, "not-signed-in"]);
    assert.deepEqual([unknown.status, unknown.body.detail], [401, wrong.body.detail]);
    const entries = await journal("session.refused");
    assert.deepEqual(
      entries.slice(0, 2).map(({ detail, personal }) => [detail["reason"], personal?.["email"]]),
      [
        ["unknown-email", "nobody@acme.example"],
        ["wrong-password", ADA.email],
      ],
    );
  });

  it("lets an e-mail wait longer with each failure, says how long, and forgets them after a right one", async () => {
    const email = "max@acme.example";
    const statuses = [];
    for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await signIn(email, "wrong")).status);
    const waiting = await signIn(email, "wrong");
    server.clock.moveBy(10_000);
    const afterWait = await signIn(email, "wrong");
    const longer = await signIn(email, "wrong");

    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
    assert.match(waiting.body.detail, /Wait 10 seconds/);
    assert.equal(waiting.headers["retry-after"], "10");
    assert.deepEqual([afterWait.status, longer.status], [401, 429]);
    assert.match(longer.body.detail, /Wait 20 seconds/);
  });

  it("takes a change by the cookie only with our header, and from our own pages", async () => {
    const { cookie } = await signIn(ADA.email, PASSWORD);
    const own = { ...WEB, "sec-fetch-site": "same-origin", origin: "http://localhost" };
    const bare = await send("DELETE", "/session", withCookie(cookie?.value, {}));
    const foreign = await send(
      "DELETE",
      "/session",
      withCookie(cookie?.value, { ...WEB, origin: "https://evil.example" }),
    );
    const crossSite = await send(
      "DELETE",
      "/session",
      withCookie(cookie?.value, { ...WEB, "sec-fetch-site": "cross-site" }),
    );
    const signInFromElsewhere = await send("POST", "/session", {
      headers: { origin: "https://evil.example" },
      payload: { email: ADA.email, password: PASSWORD },
    });
    const ours = await send("DELETE", "/session", withCookie(cookie?.value, own));

    for (const refused of [bare, foreign, crossSite, signInFromElsewhere]) {
      assert.deepEqual([refused.status, refused.body.code], [403, "cross-site"]);
    }
    assert.equal(ours.status, 200);
  });

  it("lets a token win over the cookie, and asks no header of it", async () => {
    const { cookie } = await signIn(ADA.email, PASSWORD);
    const token = server.authorization(await server.makeToken(["runs:read"]));
    const here = await send("GET", "/session", withCookie(cookie?.value, token));
    const out = await send("DELETE", "/session", withCookie(cookie?.value, token));
    const wrong = await send("GET", "/session", withCookie(cookie?.value, { authorization: "Bearer usher_x" }));

    assert.deepEqual([here.body.through, here.body.scopes], ["token", ["runs:read"]]);
    assert.deepEqual([out.status, wrong.status], [200, 401]);
    assert.equal((await send("GET", "/session", withCookie(cookie?.value, {}))).status, 200);
  });

  it("ends a session that is not used for eight hours, and any after seven days", async () => {
    const idle = await signIn(ADA.email, PASSWORD);
    const used = await signIn(ADA.email, PASSWORD);
    const statusOf = async ({ cookie }: { cookie?: { value: string } }) =>
      (await send("GET", "/session", withCookie(cookie?.value, {}))).status;
    const statuses = [];
    for (let hours = 0; hours < 7 * 24; hours += 7) {
      statuses.push(await statusOf(used));
      server.clock.moveBy(7 * 3_600_000);
    }

    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.deepEqual([await statusOf(used), await statusOf(idle)], [401, 401]);
  });

  it("signs in by a link once, within its time", async () => {
    const demo = { name: "Demo admin", email: "demo@acme.example" };
    const code = await createSignInLink(server, demo);
    const late = await createSignInLink(server, demo);
    const first = await send("POST", "/session/link", { payload: { code } });
    const second = await send("POST", "/session/link", { payload: { code } });
    server.clock.moveBy(12 * 3_600_000);
    const tooLate = await send("POST", "/session/link", { payload: { code: late } });

    assert.deepEqual([first.status, first.body.through, first.body.roles], [201, "link", ["admin"]]);
    assert.deepEqual([second.status, tooLate.status, tooLate.body.code], [410, 410, "link-not-valid"]);
  });

  it("keeps no password, code or cookie readable, in the log or the database", async () => {
    const { cookie } = await signIn(ADA.email, PASSWORD);
    const rows = await server.db.query<{ row: string }>({
      text: `select to_jsonb(s)::text as row from sessions s
             union all select to_jsonb(p)::text from operator_passwords p
             union all select to_jsonb(l)::text from sign_in_links l
             union all select content from journal_personal`,
      values: [],
    });
    const kept = rows.map(({ row }) => row).join("\n") + server.logged();

    assert.ok(kept.length > 1000);
    for (const secret of [PASSWORD, cookie?.value ?? "?", firstCode]) assert.ok(!kept.includes(secret));
  });
});

describe("signing in behind a proxy", () => {
  it("makes each visitor wait for themselves where the proxy is trusted, and for the proxy where it is not", async () => {
    const waits = async (trustedProxies: string[]) => {
      const server = await startTestServer({ trustedProxies });
      try {
        const guess = async (address: string) => {
          const response = await server.app.inject({
            method: "POST",
            url: "/api/v1/session/link",
            payload: { code: "x".repeat(43) },
            headers: { "x-forwarded-for": address },
            remoteAddress: "10.1.0.9",
          });
          return response.statusCode;
        };
        for (let attempt = 0; attempt < 30; attempt += 1) await guess("203.0.113.7");
        return [await guess("203.0.113.7"), await guess("203.0.113.8")];
      } finally {
        await server.close();
      }
    };

    assert.deepEqual(await waits(["10.1.0.0/16"]), [429, 410]);
    assert.deepEqual(await waits([]), [429, 429]);
  });
});

describe("signing in over https", () => {
  it("binds the cookie to this host and to https", async () => {
    const server = await startTestServer({ publicUrl: "https://usher.acme.example" });
    try {
      const code = await createSignInLink(server, { name: "Ada", email: "ada@acme.example" });
      const response = await server.app.inject({
        method: "POST",
        url: "/api/v1/session/link",
        payload: { code },
        headers: { origin: "https://usher.acme.example" },
      });
      const [cookie] = response.cookies;

      assert.equal(response.statusCode, 201);
      assert.deepEqual([cookie?.name, cookie?.secure, cookie?.path], ["__Host-usher-session", true, "/"]);
    } finally {
      await server.close();
    }
  });
});
