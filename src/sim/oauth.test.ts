import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock, type ManualClock } from "../lib/clock.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { type Answer, type Asker, asker } from "./testing.ts";

const CALLBACK = "http://127.0.0.1:4000/oauth/callback";
const SCOPES = "offline_access read:group:confluence read:user:confluence read:content-details:confluence";
const client = { client_id: "sim-client-usher", client_secret: "sim-client-secret-usher" };
const MINUTE_MS = 60_000;

let simulator: Simulator;
let clock: ManualClock;
let ask: Asker;

before(async () => {
  clock = manualClock(new Date("2026-11-21T12:00:30Z"));
  simulator = await startSimulator({ scale: "small", clock });
  ask = asker(simulator);
});

after(() => simulator.close());

function authorizeUrl(overrides: Record<string, string> = {}): string {
  const parameters = {
    audience: "api.atlassian.com",
    client_id: client.client_id,
    scope: SCOPES,
    redirect_uri: CALLBACK,
    state: "s1",
    response_type: "code",
    prompt: "consent",
  };
  return `${simulator.url}/auth/authorize?${new URLSearchParams({ ...parameters, ...overrides }).toString()}`;
}

/** What a browser does with the page: sends the form back with what a person chose. */
async function consent(sites: readonly string[], answer: "accept" | "cancel", scope = SCOPES): Promise<URL> {
  const page = await (await fetch(authorizeUrl({ scope }))).text();
  const form = new URLSearchParams();
  for (const [, name, value] of page.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g))
    form.append(name ?? "", value ?? "");
  for (const name of sites)
    form.append("site", simulator.world.sites.find((each) => each.name === name)?.cloudId ?? "");
  form.append("account", "0");
  form.append("answer", answer);
  const response = await fetch(`${simulator.url}/auth/authorize`, { method: "POST", body: form, redirect: "manual" });
  assert.equal(response.status, 302);
  return new URL(response.headers.get("location") ?? "");
}

async function token(body: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(`${simulator.url}/auth/oauth/token`, {
    method: "POST",
    body: JSON.stringify({ ...client, ...body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text), results: [], next: null };
}

async function signIn(
  sites: readonly string[] = ["acme"],
  scope = SCOPES,
): Promise<{ access: string; refresh: string }> {
  const landed = await consent(sites, "accept", scope);
  const { json } = await token({
    grant_type: "authorization_code",
    code: landed.searchParams.get("code"),
    redirect_uri: CALLBACK,
  });
  return { access: String(json["access_token"]), refresh: String(json["refresh_token"]) };
}

const refresh = (refresh_token: string) => token({ grant_type: "refresh_token", refresh_token });

describe("signing in with OAuth 2.0 (3LO)", () => {
  it("comes back with a code and the state, and the code works once", async () => {
    const landed = await consent(["acme"], "accept");
    const code = landed.searchParams.get("code");

    const first = await token({ grant_type: "authorization_code", code, redirect_uri: CALLBACK });
    const second = await token({ grant_type: "authorization_code", code, redirect_uri: CALLBACK });

    assert.equal(landed.searchParams.get("state"), "s1");
    assert.deepEqual(Object.keys(first.json).sort(), [
      "access_token",
      "expires_in",
      "refresh_token",
      "scope",
      "token_type",
    ]);
    assert.equal(first.json["expires_in"], 3600);
    assert.equal(second.status, 403);
  });

  it("comes back with access_denied and no code when the person declines", async () => {
    const landed = await consent(["acme"], "cancel");

    assert.equal(landed.searchParams.get("error"), "access_denied");
    assert.equal(landed.searchParams.get("code"), null);
  });

  it("lands on an error page when the callback URL is not one of the client's", async () => {
    const response = await fetch(authorizeUrl({ redirect_uri: "http://127.0.0.1:4000/elsewhere" }), {
      redirect: "manual",
    });
    const landed = new URL(response.headers.get("location") ?? "");

    assert.equal(landed.searchParams.get("error"), "unauthorized_client");
    const why = "Callback URL mismatch. http://127.0.0.1:4000/elsewhere is not in the list of allowed callback URLs";
    assert.equal(landed.searchParams.get("error_description"), why);
  });

  it("lists the sites that the grant covers, and adds those of the next consent", async () => {
    const resources = async (access: string) => {
      const response = await fetch(`${simulator.url}/api/oauth/token/accessible-resources`, {
        headers: { authorization: `Bearer ${access}` },
      });
      const sites: unknown = await response.json();
      return Array.isArray(sites) ? sites.map((each: unknown): Record<string, unknown> => Object(each)) : [];
    };
    const one = await resources((await signIn(["acme-labs"], "offline_access read:space:confluence")).access);
    const both = await resources((await signIn(["acme"])).access);

    assert.ok(one.some((each) => each["name"] === "acme-labs"));
    assert.deepEqual(Object.keys(one[0] ?? {}).sort(), ["avatarUrl", "id", "name", "scopes", "url"]);
    assert.deepEqual(
      both.map((each) => each["name"]),
      ["acme", "acme-labs"],
    );
  });

  it("gives no refresh token without offline_access", async () => {
    assert.equal((await signIn(["acme"], "read:group:confluence")).refresh, "undefined");
  });

  it("T46: rotates the refresh token, takes the old one for ten minutes more, then never", async () => {
    const { refresh: old } = await signIn();

    const fresh = await refresh(old);
    clock.moveBy(9 * MINUTE_MS);
    const again = await refresh(old);
    clock.moveBy(2 * MINUTE_MS);
    const late = await refresh(old);

    assert.notEqual(fresh.json["refresh_token"], old);
    assert.equal(again.status, 200);
    assert.equal(late.status, 403);
    assert.deepEqual(late.json, { error: "unauthorized_client", error_description: "refresh_token is invalid" });
  });

  it("forgets a refresh token that was idle for ninety days", async () => {
    const { refresh: idle } = await signIn();
    clock.moveBy(91 * 86_400_000);

    const answer = await refresh(idle);

    assert.deepEqual(answer.json, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." });
  });

  it("says access_denied to a wrong client secret", async () => {
    const answer = await token({ client_secret: "wrong", grant_type: "refresh_token", refresh_token: "x" });

    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, { error: "access_denied", error_description: "Unauthorized" });
  });

  it("opens the gateway for an hour, and only there", async () => {
    const { access } = await signIn();
    const authorization = `Bearer ${access}`;

    const gateway = await ask.gateway("/rest/api/group", { authorization });
    const site = await ask.site("/rest/api/group", { authorization });
    clock.moveBy(61 * MINUTE_MS);
    const late = await ask.gateway("/rest/api/group", { authorization });

    assert.equal(gateway.status, 200);
    assert.equal(site.status, 401);
    assert.deepEqual([late.status, late.json], [401, { code: 401, message: "Unauthorized" }]);
  });

  it("refuses a call whose scope was not granted, in the words of the gateway", async () => {
    const { access } = await signIn();

    const answer = await ask.gateway("/rest/api/audit", { authorization: `Bearer ${access}` });

    assert.deepEqual([answer.status, answer.json], [401, { code: 401, message: "Unauthorized; scope does not match" }]);
  });

  it("counts points as Atlassian does and refuses when the hour's are spent", async () => {
    await ask.control("/counts", {});
    const authorization = `Bearer ${(await signIn()).access}`;
    const groups = await ask.gateway("/rest/api/group?limit=10", { authorization });
    const spent = (await ask.control("/counts")).json["points"];
    await ask.control("/limits", { pointsPerHour: 30 });

    const first = await ask.gateway("/rest/api/group?limit=10", { authorization });
    const refused = await ask.gateway("/rest/api/group?limit=10", { authorization });
    await ask.control("/limits", { pointsPerHour: 65_000 });

    assert.equal(groups.headers.get("ratelimit-policy"), '"global-app-quota";q=65000;w=3600');
    assert.equal(spent, 21);
    assert.match(
      first.headers.get("ratelimit") ?? refused.headers.get("ratelimit") ?? "",
      /^"global-app-quota";r=0;t=\d+$/,
    );
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("ratelimit-reason"), "confluence-quota-global-based");
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
  });
});
