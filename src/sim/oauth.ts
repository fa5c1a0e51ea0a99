import { randomBytes } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import { bodyObject, type Reply, type SimRequest, status } from "./http.ts";
import type { Caller, Credentials, OAuthClient } from "./credentials.ts";
import type { World } from "./world/world.ts";

/** Atlassian, "OAuth 2.0 (3LO) apps" (FACTS §1). */
const ACCESS_TOKEN_SECONDS = 3_600;
const REUSE_LEEWAY_MS = 10 * 60_000;
const IDLE_LIMIT_MS = 90 * 86_400_000;
const CODE_LIFETIME_MS = 10 * 60_000;

/** One per client and account; more consent adds sites, and its scopes replace the old ones. */
interface Grant {
  clientId: string;
  account: number;
  cloudIds: Set<string>;
  scopes: string[];
}

interface RefreshToken {
  grant: Grant;
  usedAt: number;
  /** When it was exchanged for another; null for the living one. */
  rotatedAt: number | null;
}

/** The half of auth.atlassian.com behind the consent page. */
export interface OAuthServer {
  /** A code for the callback, after a person accepted. */
  consent(
    client: OAuthClient,
    wish: { account: number; cloudIds: string[]; scopes: string[]; redirectUri: string },
  ): string;
  token(request: SimRequest): Reply;
  /** The caller behind an access token, or null when it is unknown or over. */
  caller(accessToken: string | null): Caller | null;
  /** Makes every access token invalid now, as Atlassian may at any time. */
  expireAccessTokens(): void;
  /** Makes every refresh token invalid: the password was changed, the app was removed. */
  revokeRefreshTokens(): void;
}

export function createOAuthServer({
  clock,
  world,
  credentials,
}: {
  clock: Clock;
  world: World;
  credentials: Credentials;
}): OAuthServer {
  const grants = new Map<string, Grant>();
  const codes = new Map<string, { grant: Grant; redirectUri: string; expiresAt: number }>();
  const accessTokens = new Map<string, { grant: Grant; scopes: string[]; expiresAt: number }>();
  const refreshTokens = new Map<string, RefreshToken>();
  const now = () => clock.now().getTime();

  function issue(grant: Grant): Reply {
    const access = `eyJ.sim.${randomBytes(48).toString("base64url")}`;
    accessTokens.set(access, { grant, scopes: grant.scopes, expiresAt: now() + ACCESS_TOKEN_SECONDS * 1_000 });
    const answer: Record<string, unknown> = {
      access_token: access,
      expires_in: ACCESS_TOKEN_SECONDS,
      token_type: "Bearer",
      scope: grant.scopes.join(" "),
    };
    if (grant.scopes.includes("offline_access")) {
      const refresh = `sim.refresh.${randomBytes(48).toString("base64url")}`;
      refreshTokens.set(refresh, { grant, usedAt: now(), rotatedAt: null });
      answer["refresh_token"] = refresh;
    }
    return status(200, answer);
  }

  function exchangeCode(client: OAuthClient, body: Record<string, unknown>): Reply {
    const code = codes.get(String(body["code"] ?? ""));
    codes.delete(String(body["code"] ?? ""));
    if (!code || code.grant.clientId !== client.clientId || code.expiresAt < now()) {
      return status(403, { error: "invalid_grant", error_description: "Invalid authorization code" });
    }
    if (code.redirectUri !== body["redirect_uri"]) {
      return status(403, {
        error: "invalid_grant",
        error_description: "redirect_uri does not match the authorization request",
      });
    }
    return issue(code.grant);
  }

  function refresh(client: OAuthClient, body: Record<string, unknown>): Reply {
    const token = refreshTokens.get(String(body["refresh_token"] ?? ""));
    const isOver = token?.rotatedAt !== null && token !== undefined && token.rotatedAt + REUSE_LEEWAY_MS < now();
    if (!token || token.grant.clientId !== client.clientId || isOver) {
      return status(403, { error: "unauthorized_client", error_description: "refresh_token is invalid" });
    }
    if (token.usedAt + IDLE_LIMIT_MS < now()) {
      return status(403, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." });
    }
    token.rotatedAt ??= now();
    return issue(token.grant);
  }

  return {
    consent(client, { account, cloudIds, scopes, redirectUri }) {
      const key = `${client.clientId} ${account}`;
      const grant = grants.get(key) ?? { clientId: client.clientId, account, cloudIds: new Set<string>(), scopes: [] };
      grant.scopes = scopes;
      for (const each of cloudIds) grant.cloudIds.add(each);
      grants.set(key, grant);
      const code = randomBytes(24).toString("base64url");
      codes.set(code, { grant, redirectUri, expiresAt: now() + CODE_LIFETIME_MS });
      return code;
    },
    token(request) {
      const body = bodyObject(request);
      if (!body) return status(400, { error: "invalid_request", error_description: "The body must be a JSON object" });
      const client = credentials.clients.find((each) => each.clientId === body["client_id"]);
      if (!client || client.clientSecret !== body["client_secret"]) {
        return status(401, { error: "access_denied", error_description: "Unauthorized" });
      }
      if (body["grant_type"] === "authorization_code") return exchangeCode(client, body);
      if (body["grant_type"] === "refresh_token") return refresh(client, body);
      return status(400, { error: "unsupported_grant_type", error_description: "Unsupported grant type" });
    },
    caller(accessToken) {
      const token = accessToken === null ? undefined : accessTokens.get(accessToken);
      const account = token && world.people[token.grant.account];
      if (!token || !account || token.expiresAt < now()) return null;
      return {
        kind: "oauth",
        key: `client:${token.grant.clientId}`,
        account,
        scopes: token.scopes,
        cloudIds: [...token.grant.cloudIds],
      };
    },
    expireAccessTokens() {
      accessTokens.clear();
    },
    revokeRefreshTokens() {
      refreshTokens.clear();
    },
  };
}
