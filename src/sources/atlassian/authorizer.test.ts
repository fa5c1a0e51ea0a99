import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf, NEVER, type ScriptedAnswer, scriptedServers } from "../testing/scripted-atlassian.ts";
import { createAuthorizer } from "./authorizer.ts";
import { ATLASSIAN_HOSTS } from "./hosts.ts";

const CLIENT = { clientId: "client-1", clientSecret: "s3cret" };
const serve = scriptedServers();

async function authorizerAnswered(answer: ScriptedAnswer) {
  const server = await serve(() => answer);
  return { ...createAuthorizer({ hosts: server.hosts, fetch }), requests: server.requests };
}

describe("authorizer", () => {
  it("makes the authorize URL with all seven parameters that Atlassian requires", () => {
    const { authorizeUrl } = createAuthorizer({ hosts: ATLASSIAN_HOSTS, fetch });

    const url = authorizeUrl({
      clientId: "client-1",
      redirectUrl: "http://localhost:8400/callback",
      scopes: ["offline_access", "search:confluence"],
      state: "unguessable",
    });

    assert.match(url.href, /&scope=offline_access%20search%3Aconfluence&/);
    assert.equal(url.origin + url.pathname, "https://auth.atlassian.com/authorize");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      audience: "api.atlassian.com",
      client_id: "client-1",
      scope: "offline_access search:confluence",
      redirect_uri: "http://localhost:8400/callback",
      state: "unguessable",
      response_type: "code",
      prompt: "consent",
    });
  });

  it("exchanges a code for a pair of tokens", async () => {
    const json = { access_token: "at", refresh_token: "rt", expires_in: 3600, scope: "a b", token_type: "Bearer" };
    const { exchange, requests } = await authorizerAnswered({ json });

    const pair = await exchange({ ...CLIENT, code: "c1", redirectUrl: "http://localhost/cb" }, NEVER);

    assert.deepEqual(pair, { accessToken: "at", refreshToken: "rt", expiresInSeconds: 3600, scopes: ["a", "b"] });
    assert.equal(requests[0]?.path, "/auth/oauth/token");
    assert.deepEqual(requests[0]?.body, {
      grant_type: "authorization_code",
      client_id: "client-1",
      client_secret: "s3cret",
      code: "c1",
      redirect_uri: "http://localhost/cb",
    });
  });

  it("gives no refresh token where offline_access was not granted", async () => {
    const { exchange } = await authorizerAnswered({ json: { access_token: "at", expires_in: 3600, scope: "a" } });

    const pair = await exchange({ ...CLIENT, code: "c1", redirectUrl: "http://localhost/cb" }, NEVER);

    assert.equal(pair.refreshToken, null);
  });

  const refusals: [name: string, answer: ScriptedAnswer, fix: RegExp][] = [
    [
      "an unknown refresh token",
      { status: 403, json: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." } },
      /^Authorize the connection again\.$/,
    ],
    [
      "a refresh token that was replaced",
      { status: 403, json: { error: "unauthorized_client", error_description: "refresh_token is invalid" } },
      /another program uses the same grant/,
    ],
    [
      "a wrong client secret",
      { status: 401, json: { error: "access_denied", error_description: "Unauthorized" } },
      /client id and secret from the developer console/,
    ],
  ];
  for (const [name, answer, fix] of refusals) {
    it(`says that the grant is lost and what to do: ${name}`, async () => {
      const { refresh, requests } = await authorizerAnswered(answer);

      const failure = await failureOf(refresh({ ...CLIENT, refreshToken: "old-token" }, NEVER));

      assert.equal(failure.code, "source.grant-lost");
      assert.match(failure.fix, fix);
      assert.doesNotMatch(`${failure.message} ${failure.publicMessage} ${failure.fix}`, /s3cret|old-token/);
      assert.equal(requests.length, 1);
    });
  }

  it("does not call a grant lost for want of an answer, and leaves trying again to the caller", async () => {
    const dropped = await authorizerAnswered({ drop: "before" });
    const failure = await failureOf(dropped.refresh({ ...CLIENT, refreshToken: "old-token" }, NEVER));

    assert.equal(failure.code, "source.unreachable");
    assert.equal(dropped.requests.length, 1);
  });

  it("does not call a grant lost when the server is down", async () => {
    const { refresh } = await authorizerAnswered({ status: 503, text: "Service Unavailable" });

    const failure = await failureOf(refresh({ ...CLIENT, refreshToken: "old-token" }, NEVER));

    assert.equal(failure.code, "source.unreachable");
  });
});
