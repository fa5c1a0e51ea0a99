import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { type CallInput, type Client, createClient } from "../src/api/client.ts";
import { startAuthorization } from "../src/api/authorizations.ts";
import { createConnection, getConnection } from "../src/api/connections.ts";
import { createConsentLink, listConsentLinks, revokeConsentLink } from "../src/api/consent-links.ts";
import { addCredential } from "../src/api/credentials.ts";
import { listJournal } from "../src/api/journal.ts";
import { understandSite } from "../src/api/sources.ts";
import { ensureFirstToken } from "../src/commands/tokens/create-first-token.ts";
import { createServer } from "../src/http/server.ts";
import { createAddressPolicy } from "../src/lib/address-policy.ts";
import { manualClock, type ManualClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { QUIET_SETTINGS } from "../src/http/testing/quiet-settings.ts";
import { createLinkSigner } from "../src/lib/signed-link.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { sql } from "../src/store/sql.ts";
import { type TestDatabase, testDatabase } from "../src/store/testing/database.ts";
import { createConnectService } from "../src/sync/connect/service.ts";

const PUBLIC_URL = "http://usher.example";
const APP = { kind: "oauth", clientId: "sim-client-usher", clientSecret: "sim-client-secret-usher" } as const;
const PETRA = "petra@acme.example";
const TOKEN = "sim-classic-token-of-petra";

describe("connecting by a link that needs no sign-in", () => {
  let simulator: Simulator;
  let test: TestDatabase;
  let db: Database;
  let server: FastifyInstance;
  let client: Client;
  let clock: ManualClock;
  let names = 0;

  before(async () => {
    simulator = await startSimulator({ scale: "small", callbackUrls: [`${PUBLIC_URL}/oauth/callback`] });
    test = await testDatabase();
    clock = manualClock(new Date());
    db = openDatabase(test.connection, { clock, log: silentLog });
    const hosts = {
      authUrl: `${simulator.url}/auth`,
      apiUrl: `${simulator.url}/api`,
      siteUrl: (name: string) => `${simulator.url}/site/${name}`,
    };
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    const shared = { db, clock, log: silentLog, secrets };
    const { service: connect } = createConnectService({
      ...shared,
      sources: createSources({ hosts }),
      publicUrl: PUBLIC_URL,
    });
    const token = (await ensureFirstToken(shared)) ?? "";
    server = await createServer({
      ...shared,
      publicUrl: PUBLIC_URL,
      services: {
        connect,
        installation: { version: "0.0.0", database: "embedded", startedAt: clock.now() },
        runSignals: { subscribe: () => () => {}, close: async () => {} },
        links: createLinkSigner([randomBytes(32)]),
        checkpoints: { file: "/no/such/file", knownKeys: [] },
        webhookPolicy: createAddressPolicy([]),
        isMailSet: true,
        settings: QUIET_SETTINGS,
      },
    });
    client = createClient({ baseUrl: PUBLIC_URL, token, clock, fetch: inject });
  });
  after(async () => {
    await server.close();
    await db.close();
    await test.drop();
    await simulator.close();
  });

  function inject(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = "GET", headers, body } = init;
    const payload = typeof body === "string" ? { payload: body } : {};
    const request = { method: method as "GET", url: `${url.pathname}${url.search}`, ...payload };
    return server
      .inject({ ...request, headers: Object.fromEntries(new Headers(headers)) })
      .then(({ statusCode, payload: text, headers: answered }) => {
        const type = { "content-type": String(answered["content-type"] ?? "") };
        return new Response(statusCode === 204 ? null : text, { status: statusCode, headers: type });
      });
  }

  async function draft(): Promise<string> {
    names += 1;
    const body = { name: `Acme ${names}`, owners: [PETRA], sites: ["acme"] };
    return (await client.call(createConnection, { body })).id;
  }

  async function ask(connectionId: string, body: CallInput<typeof createConsentLink>["body"]) {
    const link = await client.call(createConsentLink, { params: { connectionId }, body });
    return { ...link, path: new URL(link.url).pathname };
  }

  const open = (path: string) => server.inject({ url: path });
  const send = (path: string, fields: Record<string, string>) =>
    server.inject({
      method: "POST",
      url: path,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams(fields).toString(),
    });

  async function linkOf(connectionId: string) {
    const { items } = await client.call(listConsentLinks, { params: { connectionId } });
    return items[0];
  }

  /** Consents as Petra to the simulator's page for acme; gives the answer that brings the browser back. */
  async function consent(url: string, answer: "accept" | "cancel") {
    const form = await fetch(url).then((page) => page.text());
    const filled = new URLSearchParams();
    const plain = (text = "") =>
      text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
      filled.append(plain(name), plain(value));
    }
    filled.append("site", simulator.world.sites.find((each) => each.name === "acme")?.cloudId ?? "");
    filled.append("account", /<option value="(\d+)">/.exec(form)?.[1] ?? "");
    filled.append("answer", answer);
    const action = /<form method="post" action="([^"]*)"/.exec(form)?.[1] ?? "";
    const posted = await fetch(action, { method: "POST", body: filled, redirect: "manual" });
    await posted.body?.cancel();
    const back = new URL(posted.headers.get("location") ?? "");
    return server.inject({ url: `${back.pathname}${back.search}` });
  }

  it("shows what is asked in words, and runs nothing", async () => {
    const connectionId = await draft();
    const { path } = await ask(connectionId, { kind: "scoped-api-token", note: "For the <audit>" });

    const page = await open(path);

    assert.equal(page.statusCode, 200);
    assert.match(page.payload, /See groups and who is in them <small>\(read:confluence-groups\)/);
    assert.match(page.payload, /For the &lt;audit&gt;/);
    assert.match(page.payload, /<li>acme<\/li>/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
    assert.equal(page.headers["referrer-policy"], "no-referrer");
  });

  it("takes a token that works, once, and says thanks", async () => {
    const connectionId = await draft();
    const { path, id } = await ask(connectionId, { kind: "api-token" });

    const sent = await send(path, { email: PETRA, token: TOKEN });
    const shown = await open(path);
    const again = await send(path, { email: PETRA, token: TOKEN });

    assert.equal(sent.statusCode, 303, sent.payload);
    assert.match(shown.payload, /Thank you/);
    assert.equal(again.statusCode, 409);
    const { credentials } = await client.call(getConnection, { params: { connectionId } });
    assert.deepEqual(
      credentials.map(({ kind, accountEmail }) => [kind, accountEmail]),
      [["api-token", PETRA]],
    );
    assert.equal((await linkOf(connectionId))?.state, "used");
    const { items } = await client.call(listJournal, { query: { entry: ["credential.added", "consent-link.used"] } });
    assert.deepEqual(
      items.map(({ entry, through }) => [entry, through]),
      [
        ["consent-link.used", "link"],
        ["credential.added", "link"],
      ],
    );
    assert.equal(items[0]?.subjectId, id);
  });

  it("refuses a token that does not work, tells both sides why, and goes on to count", async () => {
    const connectionId = await draft();
    const { path } = await ask(connectionId, { kind: "api-token" });

    const wrong = await send(path, { email: PETRA, token: "sim-no-such-token" });
    const blank = await send(path, { email: PETRA, token: "has blanks in it" });

    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.payload, /did not work, so nothing was stored/);
    assert.doesNotMatch(wrong.payload, /sim-no-such-token/);
    assert.equal(blank.statusCode, 422);
    const link = await linkOf(connectionId);
    assert.equal(link?.state, "open");
    assert.ok(link.problem);
    const { credentials } = await client.call(getConnection, { params: { connectionId } });
    assert.deepEqual(credentials, []);
    assert.equal((await send(path, { email: PETRA, token: TOKEN })).statusCode, 303);
  });

  it("leads to the consent of the connection's OAuth app, and counts until one was given", async () => {
    const connectionId = await draft();
    await client.call(addCredential, { params: { connectionId }, body: APP });
    const { path } = await ask(connectionId, { kind: "oauth" });
    const consentUrl = async () => {
      const page = await send(path, {});
      assert.equal(page.statusCode, 200, page.payload);
      return (/<a href="([^"]*)"/.exec(page.payload)?.[1] ?? "").replaceAll("&amp;", "&");
    };

    const declined = await consent(await consentUrl(), "cancel");
    const afterwards = await linkOf(connectionId);
    const accepted = await consent(await consentUrl(), "accept");

    assert.match(declined.payload, /You declined/);
    assert.deepEqual([afterwards?.state, typeof afterwards?.problem], ["open", "string"]);
    assert.match(accepted.payload, /Whoever asked you sees how it went/);
    assert.equal((await linkOf(connectionId))?.state, "used");
    const { credentials, sites } = await client.call(getConnection, { params: { connectionId } });
    assert.deepEqual([credentials[0]?.isAuthorized, sites[0]?.name], [true, "acme"]);
  });

  it("opens nothing once it is revoked, nor after three days", async () => {
    const connectionId = await draft();
    const revoked = await ask(connectionId, { kind: "api-token" });
    const late = await ask(connectionId, { kind: "api-token" });
    await client.call(revokeConsentLink, { params: { connectionId, linkId: revoked.id } });

    const taken = await send(revoked.path, { email: PETRA, token: TOKEN });
    clock.moveBy(73 * 3_600_000);
    const expired = await send(late.path, { email: PETRA, token: TOKEN });
    const altered = await open(`${late.path}x`);

    assert.deepEqual([taken.statusCode, expired.statusCode, altered.statusCode], [410, 410, 404]);
    assert.equal((await linkOf(connectionId))?.state, "expired");
    const { credentials } = await client.call(getConnection, { params: { connectionId } });
    assert.deepEqual(credentials, []);
  });

  it("goes out by mail where somebody is named, and the address is in no answer but the asker's", async () => {
    const connectionId = await draft();
    const { id } = await ask(connectionId, { kind: "organization-key", email: "ada@acme.example" });

    const [message] = await db.query<{ kind: string; recipient: string }>(
      sql`select kind, recipient from messages where subject_id = ${id}`,
    );

    assert.deepEqual(message, { kind: "consent-asked", recipient: "ada@acme.example" });
  });

  it("brings a consent that the web began back to where it was begun", async () => {
    const connectionId = await draft();
    const { id: credentialId } = await client.call(addCredential, { params: { connectionId }, body: APP });
    const params = { connectionId };
    const returnTo = `/setup/${connectionId}?step=sites`;
    const begun = await client.call(startAuthorization, { params, body: { credentialId, returnTo } });

    const back = await consent(begun.url, "accept");

    assert.equal(back.statusCode, 303);
    assert.equal(
      back.headers["location"],
      `${PUBLIC_URL}${returnTo}&authorization=${begun.attemptId}&outcome=authorized`,
    );
    for (const elsewhere of ["//evil.example", "https://evil.example", "/\\evil.example", "/a/../../b", "/%2f/evil"]) {
      const refused = client.call(startAuthorization, { params, body: { credentialId, returnTo: elsewhere } });
      await assert.rejects(refused, /field is not right/);
    }
  });

  it("says what an address means, and which connections reach it already", async () => {
    const connectionId = await draft();
    await client.call(addCredential, {
      params: { connectionId },
      body: { kind: "api-token", accountEmail: PETRA, token: TOKEN },
    });

    const { items } = await client.call(understandSite, { body: { typed: "acme" } });
    const page = await client.call(understandSite, {
      body: { typed: "https://wiki.acme.example/confluence/display/X" },
    });

    assert.deepEqual(
      items.map(({ source, siteName }) => [source, siteName]),
      [
        ["confluence-cloud", "acme"],
        ["confluence-data-center", null],
      ],
    );
    assert.ok(items[0]?.known?.connections.length);
    assert.deepEqual(
      page.items.map(({ source, baseUrl, known }) => [source, baseUrl, known]),
      [["confluence-data-center", "https://wiki.acme.example/confluence", null]],
    );
    await assert.rejects(client.call(understandSite, { body: { typed: "not an address" } }), /address/);
  });
});
