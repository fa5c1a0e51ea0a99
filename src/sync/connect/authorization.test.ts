import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { listCredentials } from "../../store/credentials.ts";
import { findOAuthAttempt } from "../../store/oauth-attempts.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import { listWantedSites } from "../../store/wanted-sites.ts";
import { sql } from "../../store/sql.ts";
import type { StartedAuthorization } from "./authorization.ts";
import { type ConnectInstallation, connectInstallation } from "./testing/connect-installation.ts";
import { ACME, failure, LABS } from "./testing/scripted-source.ts";

const signal = new AbortController().signal;

describe("authorizing an OAuth app", () => {
  let installation: ConnectInstallation;
  let service: ReturnType<ConnectInstallation["startProcess"]>["service"];

  before(async () => {
    installation = await connectInstallation();
    service = installation.startProcess().service;
  });
  after(() => installation.close());
  beforeEach(() => {
    installation.scripted.grantCovers = [ACME, LABS];
    installation.scripted.exchanges = [];
  });

  async function start(connectionId: string, credentialId: string): Promise<StartedAuthorization & { state: string }> {
    const started = await service.startAuthorization(installation.actor, connectionId, credentialId, []);
    assert.ok(started.ok);
    return { ...started.value, state: new URL(started.value.url).searchParams.get("state") ?? "" };
  }

  function comeBack(request: { state: string | null; code?: string; error?: string; errorDescription?: string }) {
    const { state, code = null, error = null, errorDescription = null } = request;
    return service.finishAuthorization({ state, code, error, errorDescription }, signal);
  }

  async function draft(options: Parameters<ConnectInstallation["makeConnection"]>[0] = {}) {
    const connectionId = await installation.makeConnection(options);
    const credentialId = await installation.addSecret(connectionId, "oauth", "client-secret-1");
    return { connectionId, credentialId };
  }

  it("asks for exactly the scopes of what is on and a refresh token, with the redirect URL of this installation", async () => {
    const { connectionId, credentialId } = await draft();

    const { url, redirectUrl, scopes } = await start(connectionId, credentialId);

    assert.deepEqual(scopes, ["read:audit", "read:groups", "read:people", "read:spaces", "offline_access"]);
    assert.equal(redirectUrl, "http://usher.example/oauth/callback");
    const asked = new URL(url).searchParams;
    assert.equal(asked.get("scope"), scopes.join(" "));
    assert.equal(asked.get("redirect_uri"), redirectUrl);
    assert.equal(asked.get("client_id"), "client-1");
  });

  it("gives every link a state of 256 bits of its own, of which only the hash is stored", async () => {
    const { connectionId, credentialId } = await draft();

    const [first, second] = [await start(connectionId, credentialId), await start(connectionId, credentialId)];

    assert.equal(Buffer.from(first.state, "base64url").length, 32);
    assert.notEqual(first.state, second.state);
    const rows = await installation.db.query<{ text: string }>(
      sql`select oauth_attempts::text as text from oauth_attempts`,
    );
    assert.ok(rows.every((row) => !row.text.includes(first.state)));
  });

  it("saves the grant, joins the site that was asked for, and tells what the consent covers", async () => {
    const { connectionId, credentialId } = await draft({ wanted: ["acme"] });
    const { state, attemptId } = await start(connectionId, credentialId);

    const answer = await comeBack({ state, code: "code-1" });

    assert.equal(answer.outcome, "authorized");
    assert.deepEqual(
      answer.sites.map((each) => each.name),
      ["acme", "labs"],
    );
    const [credential] = await listCredentials(installation.db, connectionId);
    assert.equal(credential?.isAuthorized, true);
    assert.deepEqual(credential?.coveredSites, ["cloud-acme", "cloud-labs"]);
    // 90 days without use end a grant; each refresh counts them anew.
    assert.deepEqual(credential?.expiresAt, new Date("2027-02-19T12:00:00Z"));
    const sites = await listSitesOfConnection(installation.db, connectionId);
    assert.deepEqual(
      sites.map((each) => each.sourceKey),
      ["cloud-acme"],
    );
    const attempt = await findOAuthAttempt(installation.db, connectionId, attemptId);
    assert.equal(attempt?.outcome, "authorized");
  });

  it("joins the only site of a consent when none was asked for, and none when there are several", async () => {
    const several = await draft();
    const single = await draft();
    await comeBack({ state: (await start(several.connectionId, several.credentialId)).state, code: "code" });
    installation.scripted.grantCovers = [LABS];
    await comeBack({ state: (await start(single.connectionId, single.credentialId)).state, code: "code" });

    assert.deepEqual(await listSitesOfConnection(installation.db, several.connectionId), []);
    const [site] = await listSitesOfConnection(installation.db, single.connectionId);
    assert.equal(site?.sourceKey, "cloud-labs");
  });

  it("tells a declined consent in words and changes nothing", async () => {
    const { connectionId, credentialId } = await draft({ wanted: ["acme"] });
    const { state, attemptId } = await start(connectionId, credentialId);

    const answer = await comeBack({ state, error: "access_denied" });

    assert.equal(answer.outcome, "declined");
    const [credential] = await listCredentials(installation.db, connectionId);
    assert.equal(credential?.isAuthorized, false);
    assert.equal((await findOAuthAttempt(installation.db, connectionId, attemptId))?.outcome, "declined");
  });

  it("tells which sites a consent covers when the one that was asked for is not among them", async () => {
    const { connectionId, credentialId } = await draft({ wanted: ["acme"] });
    installation.scripted.grantCovers = [LABS];
    const { state } = await start(connectionId, credentialId);

    const answer = await comeBack({ state, code: "code-1" });

    assert.equal(answer.outcome, "site-not-covered");
    assert.match(answer.message, /does not cover "acme"/);
    assert.match(answer.message, /labs \(https:\/\/labs\.example\)/);
    const [wanted] = await listWantedSites(installation.db, connectionId);
    assert.match(wanted?.problem ?? "", /does not cover "acme"/);
    assert.deepEqual(await listSitesOfConnection(installation.db, connectionId), []);
  });

  it("does not take a consent that would cost a published connection a site it reads", async () => {
    const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
    const credentialId = await installation.addGrant(connectionId);
    const before = await installation.db.query(sql`select refresh_token from credentials where id = ${credentialId}`);
    installation.scripted.grantCovers = [LABS];
    const { state } = await start(connectionId, credentialId);

    const answer = await comeBack({ state, code: "code-1" });

    assert.equal(answer.outcome, "site-not-covered");
    assert.match(answer.message, /not taken/);
    const stored = await installation.db.query(sql`select refresh_token from credentials where id = ${credentialId}`);
    assert.deepEqual(stored, before);
  });

  it("lets a state count once, for ten minutes, and only if it was given out", async () => {
    const { connectionId, credentialId } = await draft();
    const used = await start(connectionId, credentialId);
    const old = await start(connectionId, credentialId);
    await comeBack({ state: used.state, error: "access_denied" });
    const again = await comeBack({ state: used.state, code: "code-1" });
    installation.clock.moveBy(600_000);
    const late = await comeBack({ state: old.state, code: "code-1" });
    const unknown = await comeBack({ state: "made-up", code: "code-1" });
    const missing = await comeBack({ state: null, code: "code-1" });

    assert.deepEqual(
      [again, late, unknown, missing].map((each) => each.outcome),
      Array(4).fill("state-refused"),
    );
    assert.match(again.message, /used before/);
    assert.match(late.message, /older than ten minutes/);
    assert.match(unknown.message, /not made by this installation/);
  });

  it("lets one of two answers with the same state through when both come at once", async () => {
    const { connectionId, credentialId } = await draft();
    const { state } = await start(connectionId, credentialId);

    const answers = await Promise.all([comeBack({ state, code: "a" }), comeBack({ state, code: "b" })]);

    assert.deepEqual(answers.map((each) => each.outcome).sort(), ["authorized", "state-refused"]);
  });

  it("says what to do when the source does not take the code", async () => {
    const { connectionId, credentialId } = await draft();
    const { state, attemptId } = await start(connectionId, credentialId);
    installation.scripted.exchanges = [() => Promise.reject(failure("source.grant-lost", "The secret is wrong."))];

    const answer = await comeBack({ state, code: "code-1" });

    assert.equal(answer.outcome, "failed");
    assert.match(answer.message, /The secret is wrong\. Do something about it\./);
    assert.equal((await findOAuthAttempt(installation.db, connectionId, attemptId))?.outcome, "failed");
  });

  it("tells whoever waits when the source does not answer in time, and saves nothing", async () => {
    const { connectionId, credentialId } = await draft();
    const { state, attemptId } = await start(connectionId, credentialId);
    const patience = new AbortController();
    installation.scripted.exchanges = [
      async () => {
        patience.abort(new DOMException("It took too long.", "TimeoutError"));
        throw patience.signal.reason;
      },
    ];

    const request = { state, code: "code", error: null, errorDescription: null };
    const answer = await service.finishAuthorization(request, patience.signal);

    assert.equal(answer.outcome, "failed");
    assert.match(answer.message, /did not answer in time/);
    assert.equal((await findOAuthAttempt(installation.db, connectionId, attemptId))?.outcome, "failed");
    const [credential] = await listCredentials(installation.db, connectionId);
    assert.equal(credential?.isAuthorized, false);
  });

  it("names the scopes that were asked for and not given", async () => {
    const { connectionId, credentialId } = await draft({ wanted: ["acme"] });
    const { state } = await start(connectionId, credentialId);
    installation.scripted.exchanges = [async () => installation.scripted.givePair(["read:people", "offline_access"])];

    const answer = await comeBack({ state, code: "code-1" });

    assert.equal(answer.outcome, "authorized");
    assert.match(answer.message, /does not include read:audit, read:groups, read:spaces/);
  });

  it("brings sites back that waited for a new consent", async () => {
    const connectionId = await installation.makeConnection({ state: "published", joined: [ACME] });
    const credentialId = await installation.addGrant(connectionId);
    await installation.db.transaction((tx) =>
      tx.execute(sql`update sites set health = 'needs-reauthorization' where source_key = ${ACME.sourceKey}`),
    );
    const { state } = await start(connectionId, credentialId);

    await comeBack({ state, code: "code-1" });

    const [site] = await listSitesOfConnection(installation.db, connectionId);
    assert.equal(site?.health, "not-connected");
  });

  it("asks beforehand for what a capability needs that is to be switched on, but for none that does not exist yet", async () => {
    const { connectionId, credentialId } = await draft();
    await installation.db.transaction((tx) =>
      tx.execute(sql`update connections set capabilities = '{roster}' where id = ${connectionId}`),
    );
    const ask = (capability: "activity" | "provision") =>
      service.startAuthorization(installation.actor, connectionId, credentialId, [capability]);

    const [activity, provision] = [await ask("activity"), await ask("provision")];

    assert.deepEqual(activity.ok && activity.value.scopes, [
      "read:audit",
      "read:groups",
      "read:people",
      "offline_access",
    ]);
    assert.equal(provision.ok ? null : provision.error.code, "capability-not-offered");
  });

  it("is not offered for a token or key", async () => {
    const connectionId = await installation.makeConnection();
    const credentialId = await installation.addSecret(connectionId, "api-token", "token-1");

    const started = await service.startAuthorization(installation.actor, connectionId, credentialId, []);

    assert.equal(started.ok ? null : started.error.code, "not-oauth");
  });
});
