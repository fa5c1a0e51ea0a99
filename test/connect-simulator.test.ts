import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ApiProblem, type CallInput, type Client, createClient } from "../src/api/client.ts";
import { addCredential, removeCredential, rotateCredential } from "../src/api/credentials.ts";
import { changeConnection, createConnection, getConnection } from "../src/api/connections.ts";
import { checkConnection, proveWrites, publishConnection } from "../src/api/connection-life.ts";
import { getAuthorization, startAuthorization } from "../src/api/authorizations.ts";
import {
  applyPendingRevision,
  changePendingRevision,
  validatePendingRevision,
} from "../src/api/connection-revisions.ts";
import type { WireOf } from "../src/api/contract.ts";
import { listJobs } from "../src/api/jobs.ts";
import { listJournal } from "../src/api/journal.ts";
import { createToken } from "../src/api/tokens.ts";
import { ensureFirstToken } from "../src/commands/tokens/create-first-token.ts";
import { createServer } from "../src/http/server.ts";
import { QUIET_SETTINGS } from "../src/http/testing/quiet-settings.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createAddressPolicy } from "../src/lib/address-policy.ts";
import { createLinkSigner } from "../src/lib/signed-link.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { sql } from "../src/store/sql.ts";
import { type TestDatabase, testDatabase } from "../src/store/testing/database.ts";
import { createConnectService } from "../src/sync/connect/service.ts";

const PUBLIC_URL = "http://usher.example";
const CLIENT = { kind: "oauth", clientId: "sim-client-usher", clientSecret: "sim-client-secret-usher" } as const;
const SECRETS = ["sim-client-secret", "sim-classic-token", "sim-scoped-token", "sim-organization-key", "sim.refresh."];
const FLEXERA_SCOPES = ["read:content-details:confluence", "read:audit-log:confluence"];
const SERVICENOW_SCOPES = [
  "read:confluence-groups",
  "read:confluence-user",
  "search:confluence",
  "write:confluence-groups",
];

type Entered = CallInput<typeof addCredential>["body"];

describe("connecting to the simulator through the API", () => {
  let simulator: Simulator;
  let test: TestDatabase;
  let db: Database;
  let server: FastifyInstance;
  let petra: string;
  let organizationId: string;
  let client: Client;
  let names = 0;
  /** Every answer of the API, to look for what must not be in it. */
  const seen: string[] = [];

  before(async () => {
    simulator = await startSimulator({ scale: "small", callbackUrls: [`${PUBLIC_URL}/oauth/callback`] });
    petra = simulator.sim.credentials.apiTokens.find((each) => each.name === "classic-admin")?.email ?? "";
    const info = await fetch(`${simulator.url}/__sim/info`).then((answer) => answer.json());
    organizationId = z.object({ organizationId: z.string() }).parse(info).organizationId;
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    const hosts = {
      authUrl: `${simulator.url}/auth`,
      apiUrl: `${simulator.url}/api`,
      siteUrl: (name: string) => `${simulator.url}/site/${name}`,
    };
    const shared = { db, clock: systemClock, log: silentLog, secrets };
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
        installation: { version: "0.0.0", database: "embedded", startedAt: new Date() },
        runSignals: { subscribe: () => () => {}, close: async () => {} },
        links: createLinkSigner([randomBytes(32)]),
        checkpoints: { file: "/no/such/file", knownKeys: [] },
        webhookPolicy: createAddressPolicy([]),
        isMailSet: false,
        settings: QUIET_SETTINGS,
      },
    });
    client = createClient({ baseUrl: PUBLIC_URL, token, clock: systemClock, fetch: inject });
  });
  after(async () => {
    await server.close();
    await db.close();
    await test.drop();
    await simulator.close();
  });

  /** The typed client over the server without a socket between them. */
  function inject(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = "GET", headers, body } = init;
    return server
      .inject({
        method: method as "GET",
        url: `${url.pathname}${url.search}`,
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === "string" ? { payload: body } : {}),
      })
      .then((answer) => {
        seen.push(answer.payload);
        const hasBody = answer.statusCode !== 204;
        return new Response(hasBody ? answer.payload : null, {
          status: answer.statusCode,
          headers: { "content-type": String(answer.headers["content-type"] ?? "") },
        });
      });
  }

  async function draft(
    sites: string[],
    entered: Entered[],
  ): Promise<{ connectionId: string; credentialIds: string[] }> {
    names += 1;
    const body = { name: `Acme ${names}`, owners: ["petra@acme.example"], sites };
    const { id: connectionId } = await client.call(createConnection, { body });
    const credentialIds: string[] = [];
    for (const each of entered) {
      const { id } = await client.call(addCredential, { params: { connectionId }, body: each });
      credentialIds.push(id);
    }
    return { connectionId, credentialIds };
  }

  function check(connectionId: string) {
    return client.call(checkConnection, { params: { connectionId } });
  }

  /** Opens the link, fills the form in as a person would, and follows the browser back to Usher. */
  async function consent(
    { connectionId, credentialIds: [credentialId = ""] }: { connectionId: string; credentialIds: string[] },
    wish: { answer: "accept" | "cancel"; sites: string[]; as?: "petra" | "rita" },
  ) {
    const params = { connectionId };
    const started = await client.call(startAuthorization, { params, body: { credentialId } });
    const form = await fetch(started.url).then((answer) => answer.text());
    const filled = new URLSearchParams();
    for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
      filled.append(unescape(name), unescape(value));
    }
    for (const site of wish.sites) filled.append("site", cloudIdOf(site));
    const accounts = [...form.matchAll(/<option value="(\d+)">/g)].map((each) => each[1] ?? "");
    filled.append("account", accounts[wish.as === "rita" ? 1 : 0] ?? "");
    filled.append("answer", wish.answer);
    const posted = await fetch(new URL(/<form method="post" action="([^"]*)"/.exec(form)?.[1] ?? ""), {
      method: "POST",
      body: filled,
      redirect: "manual",
    });
    await posted.body?.cancel();
    const back = new URL(posted.headers.get("location") ?? "");
    assert.equal(back.origin, PUBLIC_URL);
    const answer = await server.inject({ method: "GET", url: `${back.pathname}${back.search}` });
    const attempt = await client.call(getAuthorization, { params: { ...params, attemptId: started.attemptId } });
    return { page: answer.payload, status: answer.statusCode, attempt, scopes: started.scopes };
  }

  function unescape(text = ""): string {
    return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  }

  function cloudIdOf(name: string): string {
    return simulator.world.sites.find((each) => each.name === name)?.cloudId ?? "";
  }

  function outcomeOf(report: WireOf<typeof checkConnection>, probe: string): string | undefined {
    return report.sites[0]?.probes.find((each) => each.name === probe)?.outcome;
  }

  async function problemOf(called: Promise<unknown>): Promise<ApiProblem["problem"]> {
    const thrown = await called.then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof ApiProblem, String(thrown));
    return thrown.problem;
  }

  const apiToken = (token: string) => ({ kind: "api-token", accountEmail: petra, token }) as const;
  const scopedToken = (token: string) => ({ kind: "scoped-api-token", accountEmail: petra, token }) as const;

  it("T25: takes an OAuth app from the draft to a published connection of two sites with their first runs queued", async () => {
    const made = await draft(["acme", `${simulator.url}/site/acme-labs/wiki/spaces/X`], [CLIENT]);
    const { connectionId } = made;

    const consented = await consent(made, { answer: "accept", sites: ["acme", "acme-labs"] });
    const report = await check(connectionId);
    const published = await client.call(publishConnection, { params: { connectionId } });

    assert.equal(consented.status, 200);
    assert.match(consented.page, /Usher may now read your sites/);
    assert.equal(consented.attempt.state, "authorized");
    assert.equal(report.state, "validated");
    assert.deepEqual(
      report.sites.map((each) => each.isUsable),
      [true, true],
    );
    assert.equal(published.state, "published");
    assert.deepEqual(
      published.sites.map((each) => each.roleMode),
      ["pre-roles", "roles"],
    );
    assert.ok(published.credentials[0]?.sourceAccountId);
    const runs = await db.query<{ state: string }>(sql`select state from runs where connection_id = ${connectionId}`);
    assert.deepEqual(
      runs.map((each) => each.state),
      ["queued", "queued"],
    );
    const jobs = await Array.fromAsync(client.items(listJobs, { query: { connectionId } }));
    assert.deepEqual(jobs.map((each) => each.kind).toSorted(), [
      "refresh-changes",
      "refresh-changes",
      "refresh-site",
      "refresh-site",
    ]);
  });

  it("tells a declined consent in words", async () => {
    const made = await draft(["acme"], [CLIENT]);

    const { page, attempt } = await consent(made, { answer: "cancel", sites: [] });

    assert.match(page, /You declined/);
    assert.equal(attempt.state, "declined");
    const { credentials } = await client.call(getConnection, { params: { connectionId: made.connectionId } });
    assert.equal(credentials[0]?.isAuthorized, false);
  });

  it("tells which sites a consent covers when it leaves out the one that was asked for", async () => {
    const made = await draft(["acme"], [CLIENT]);

    const { page, attempt } = await consent(made, { answer: "accept", sites: ["acme-labs"], as: "rita" });

    assert.match(page, /A site is missing from your consent/);
    assert.match(page, /does not cover &quot;acme&quot;: it covers acme-labs/);
    assert.equal(attempt.state, "site-not-covered");
    assert.deepEqual(
      attempt.sites.map((each) => each.sourceKey),
      [cloudIdOf("acme-labs")],
    );
  });

  it("refuses a callback that nobody asked for", async () => {
    const answer = await server.inject({ method: "GET", url: "/oauth/callback?state=guessed&code=<script>" });

    assert.equal(answer.statusCode, 400);
    assert.match(answer.payload, /was not made by this installation/);
    assert.doesNotMatch(answer.payload, /<script>/);
  });

  it("connects by a classic API token", async () => {
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-petra")]);

    const report = await check(connectionId);

    assert.equal(report.state, "validated");
    assert.equal(report.sites[0]?.forecast?.points, 0);
    assert.equal(outcomeOf(report, "User search"), "passed");
  });

  it("T39: connects by a scoped API token, which works on the gateway only", async () => {
    const { connectionId } = await draft([cloudIdOf("acme")], [scopedToken("sim-scoped-token-of-petra")]);

    const report = await check(connectionId);

    assert.equal(report.state, "validated");
  });

  it("says that a wrong token is wrong, and validates nothing", async () => {
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-nobody")]);

    const report = await check(connectionId);

    assert.equal(report.isValid, false);
    assert.equal(report.state, "draft");
    assert.equal(report.sites[0]?.health, "needs-reauthorization");
    assert.match(report.sites[0]?.healthDetail?.reason ?? "", /wrong, expired or revoked/);
    const { credentials } = await client.call(getConnection, { params: { connectionId } });
    assert.equal(credentials[0]?.state, "needs-reauthorization");
  });

  it("uses an organization key beside a token for what only it can read", async () => {
    const key = { kind: "organization-key", key: "sim-organization-key" } as const;
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-petra"), key]);

    const report = await check(connectionId);

    assert.equal(outcomeOf(report, "Last activity in the organization"), "passed");
    const { sites } = await client.call(getConnection, { params: { connectionId } });
    assert.equal(sites[0]?.organizationId, organizationId);
  });

  it("tries a SCIM key with the directory that it opens, and takes none that opens nothing", async () => {
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-petra")]);
    const params = { connectionId };
    await check(connectionId);
    await client.call(publishConnection, { params });
    const directoryId = simulator.world.scimDirectoryId;
    const key = (text: string) => ({ kind: "scim-key", key: text, directoryId }) as const;

    const refused = await problemOf(client.call(addCredential, { params, body: key("sim-of-nothing") }));
    const added = await client.call(addCredential, { params, body: key("sim-scim-token") });

    assert.equal(refused.code, "not-proved");
    assert.match(refused.detail, /SCIM directory key/);
    assert.deepEqual([added.kind, added.directoryId, added.accountEmail], ["scim-key", directoryId, null]);
    await client.call(removeCredential, { params: { ...params, credentialId: added.id } });
  });

  it("adds reclaim with the scopes that it writes with, and probes it without changing anything", async () => {
    const made = await draft(["acme"], [CLIENT]);
    const params = { connectionId: made.connectionId };
    const { revision } = await client.call(getConnection, { params });
    await client.call(changeConnection, {
      params,
      ifMatch: revision,
      body: { capabilities: ["roster", "reclaim"] },
    });
    simulator.sim.writes.reset();

    const { scopes } = await consent(made, { answer: "accept", sites: ["acme"] });
    const report = await check(made.connectionId);

    assert.ok(scopes.includes("write:confluence-groups"));
    assert.equal(outcomeOf(report, "Right to change groups"), "passed");
    // One of the groups comes from an identity provider, where it has to be changed.
    assert.equal(outcomeOf(report, "Groups that give Confluence can be changed"), "warning");
    assert.equal(outcomeOf(report, "Suspension in the directory"), "not-checked");
    assert.deepEqual(simulator.sim.writes.list(), []);
  });

  it("proves write access for a person, and for no service account", async () => {
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-petra")]);
    await check(connectionId);
    const connection = await client.call(getConnection, { params: { connectionId } });
    const siteId = connection.sites[0]?.id ?? "";
    const params = { connectionId, siteId };

    const off = await problemOf(client.call(proveWrites, { params }));
    await client.call(changeConnection, {
      params: { connectionId },
      ifMatch: connection.revision,
      body: { capabilities: ["roster", "reclaim"] },
    });
    const notAPerson = await problemOf(client.call(proveWrites, { params }));

    const person = { name: "Petra", email: "petra@acme.example" };
    const { token } = await client.call(createToken, { body: { name: "laptop", scopes: ["*"], person } });
    const asPerson = createClient({ baseUrl: PUBLIC_URL, token, clock: systemClock, fetch: inject });
    const proof = await asPerson.call(proveWrites, { params });

    assert.deepEqual([off.code, notAPerson.code], ["reclaim-is-off", "person-needed"]);
    assert.deepEqual([proof.state, proof.mayBeLeft, proof.notes], ["proved", false, []]);
    assert.deepEqual(
      proof.steps.map(({ outcome }) => outcome),
      ["passed", "passed", "passed", "passed"],
    );
  });

  it("uses an organization key with scopes once its organization was entered with it", async () => {
    const key = { kind: "organization-key", key: "sim-organization-key-scoped", organizationId } as const;
    const { connectionId } = await draft(["acme-labs"], [apiToken("sim-classic-token-of-petra"), key]);

    const report = await check(connectionId);

    assert.equal(outcomeOf(report, "Last activity in the organization"), "passed");
  });

  for (const [name, askedScopes] of [
    ["Flexera's two scopes", FLEXERA_SCOPES],
    ["ServiceNow's four scopes", SERVICENOW_SCOPES],
  ] as const) {
    it(`connects with ${name}, asks for nothing else, and says what that costs`, async () => {
      const made = await draft(["acme"], [{ ...CLIENT, askedScopes }]);

      const { scopes, attempt } = await consent(made, { answer: "accept", sites: ["acme"] });
      const report = await check(made.connectionId);

      assert.deepEqual(scopes, [...askedScopes, "offline_access"]);
      assert.equal(attempt.state, "authorized");
      assert.equal(report.state, "validated");
      const [site] = report.sites;
      assert.equal(site?.isUsable, true);
      assert.equal(site?.health, "degraded");
      assert.ok(site?.failed.includes("permissions"));
      assert.match(site?.healthDetail?.fix ?? "", /developer console/);
    });
  }

  it("rotates a token of a published connection only when the new one works", async () => {
    const { connectionId, credentialIds } = await draft(["acme"], [scopedToken("sim-scoped-token-of-petra")]);
    const params = { connectionId, credentialId: credentialIds[0] ?? "" };
    await check(connectionId);
    await client.call(publishConnection, { params: { connectionId } });

    const wrong = client.call(rotateCredential, { params, body: { secret: "sim-scoped-token-of-nobody" } });
    await assert.rejects(wrong, (thrown) => thrown instanceof ApiProblem && thrown.problem.code === "not-proved");
    const rotated = await client.call(rotateCredential, { params, body: { secret: "sim-scoped-token-groups" } });

    assert.equal(rotated.state, "active");
    assert.equal((await check(connectionId)).sites[0]?.isUsable, true);
  });

  it("T45: renews a grant whose access token ended early, and says so in words once the grant itself is gone", async () => {
    const made = await draft(["acme"], [CLIENT]);
    await consent(made, { answer: "accept", sites: ["acme"] });
    await check(made.connectionId);
    simulator.sim.oauth.expireAccessTokens();

    const renewed = await check(made.connectionId);
    simulator.sim.oauth.expireAccessTokens();
    simulator.sim.oauth.revokeRefreshTokens();
    const lost = await check(made.connectionId);

    assert.equal(renewed.sites[0]?.isUsable, true);
    assert.equal(lost.isValid, false);
    const { sites, credentials } = await client.call(getConnection, { params: { connectionId: made.connectionId } });
    assert.equal(credentials[0]?.state, "needs-reauthorization");
    assert.equal(lost.sites[0]?.health, "needs-reauthorization");
    assert.match(lost.sites[0]?.healthDetail?.fix ?? "", /[Aa]uthorize the connection again/);
    // Other connections read the site as well, and theirs is the say in how it is.
    assert.equal(sites[0]?.health, "connected");
  });

  it("adds a capability to a published OAuth connection by a new consent, while the old grant goes on", async () => {
    const made = await draft(["acme"], [CLIENT]);
    const params = { connectionId: made.connectionId };
    const { revision } = await client.call(getConnection, { params });
    await client.call(changeConnection, { params, body: { capabilities: ["roster"] }, ifMatch: revision });
    await consent(made, { answer: "accept", sites: ["acme"] });
    await check(made.connectionId);
    const running = await client.call(publishConnection, { params });

    const saved = await client.call(changeConnection, {
      params,
      body: { capabilities: ["roster", "permissions"] },
      ifMatch: running.revision,
    });
    const early = client.call(validatePendingRevision, { params });
    await assert.rejects(early, (thrown) => thrown instanceof ApiProblem && thrown.problem.code === "consent-needed");
    const consented = await consent(made, { answer: "accept", sites: ["acme"] });
    const meanwhile = await client.call(getConnection, { params });
    const validated = await client.call(validatePendingRevision, { params });
    const applied = await client.call(applyPendingRevision, {
      params,
      body: { acceptWarnings: true },
      ifMatch: validated.revision,
    });

    assert.deepEqual(saved.capabilities, ["roster"]);
    assert.match(saved.pendingRevision?.waitsFor[0] ?? "", /A consent to "OAuth app"/);
    assert.ok(consented.scopes.includes("read:space:confluence"));
    assert.equal(consented.attempt.state, "authorized");
    assert.ok(!meanwhile.credentials[0]?.scopes?.includes("read:space:confluence"));
    assert.equal((await check(made.connectionId)).sites[0]?.isUsable, true);
    assert.equal(validated.state, "valid", JSON.stringify(validated.blocking));
    assert.deepEqual(applied.capabilities, ["roster", "permissions"]);
    assert.deepEqual(
      applied.credentials.map((each) => each.id),
      made.credentialIds,
    );
    assert.ok(applied.credentials[0]?.scopes?.includes("read:space:confluence"));
  });

  it("refuses a pending revision whose site no credential reaches, and adds one that does", async () => {
    const { connectionId } = await draft(["acme"], [apiToken("sim-classic-token-of-petra")]);
    const params = { connectionId };
    await check(connectionId);
    await client.call(publishConnection, { params });
    const save = (addSites: string[], ifMatch: number | "*") =>
      client.call(changePendingRevision, { params, body: { addSites }, ifMatch });

    await save(["nowhere-at-all"], 0);
    const wrong = await client.call(validatePendingRevision, { params });
    const refused = client.call(applyPendingRevision, { params, body: {}, ifMatch: wrong.revision });
    await assert.rejects(refused, (thrown) => thrown instanceof ApiProblem && thrown.problem.code === "not-valid");
    await save(["acme-labs"], "*");
    const right = await client.call(validatePendingRevision, { params });
    const applied = await client.call(applyPendingRevision, {
      params,
      body: { acceptWarnings: true },
      ifMatch: right.revision,
    });

    assert.equal(wrong.state, "invalid");
    assert.equal(right.state, "valid", JSON.stringify(right.blocking));
    assert.deepEqual(
      applied.sites.map((each) => each.sourceKey),
      [cloudIdOf("acme"), cloudIdOf("acme-labs")],
    );
    const sites = await db.query(sql`select id from sites`);
    assert.equal(sites.length, 2);
  });

  it("never gives a secret away", async () => {
    await Array.fromAsync(client.items(listJournal, {}));

    const told = seen.join("\n");

    for (const secret of SECRETS) assert.ok(!told.includes(secret));
    const grants = await db.query<{ text: string }>(sql`select credentials::text as text from credentials`);
    for (const { text } of grants) for (const secret of SECRETS) assert.ok(!text.includes(secret));
  });
});
