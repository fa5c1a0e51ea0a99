import { z } from "zod";
import { messageOf } from "../../lib/errors.ts";
import { type Authorizer, SourceFailure, type TokenPair } from "../source.ts";
import { parseJson, readBody } from "./body.ts";
import type { AtlassianHosts } from "./hosts.ts";

/** The lease on a grant is held for 30 s: the call must be over before. */
const TOKEN_TIMEOUT_MS = 20_000;

/** OAuth 2.0 (3LO) with the customer's own client (FACTS §1). PKCE is not in Atlassian's documentation and not sent. */
export function createAuthorizer({
  hosts,
  fetch,
}: {
  hosts: AtlassianHosts;
  fetch: typeof globalThis.fetch;
}): Authorizer {
  const ask = (body: TokenRequest, signal: AbortSignal) => askForTokens(hosts, fetch, body, signal);
  return {
    authorizeUrl({ clientId, redirectUrl, scopes, state }) {
      const url = new URL(`${hosts.authUrl}/authorize`);
      // Atlassian requires all seven.
      url.search = new URLSearchParams({
        audience: "api.atlassian.com",
        client_id: clientId,
        scope: scopes.join(" "),
        redirect_uri: redirectUrl,
        state,
        response_type: "code",
        prompt: "consent",
      })
        .toString()
        // Blanks between scopes as Atlassian's own links have them; a plus that is meant is already `%2B`.
        .replaceAll("+", "%20");
      return url;
    },
    exchange({ clientId, clientSecret, code, redirectUrl }, signal) {
      const client = { client_id: clientId, client_secret: clientSecret };
      return ask({ grant_type: "authorization_code", ...client, code, redirect_uri: redirectUrl }, signal);
    },
    refresh({ clientId, clientSecret, refreshToken }, signal) {
      const client = { client_id: clientId, client_secret: clientSecret };
      return ask({ grant_type: "refresh_token", ...client, refresh_token: refreshToken }, signal);
    },
  };
}

type TokenRequest = { grant_type: "authorization_code" | "refresh_token" } & Record<string, string>;

const Tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
});

const Refusal = z.object({ error: z.string(), error_description: z.string().nullish() });

/**
 * Never repeated here: whoever calls holds the grant's lease and decides whether the old refresh token may still be
 * tried (Atlassian accepts it for 10 minutes).
 */
async function askForTokens(
  hosts: AtlassianHosts,
  fetch: typeof globalThis.fetch,
  body: TokenRequest,
  signal: AbortSignal,
): Promise<TokenPair> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${hosts.authUrl}/oauth/token`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TOKEN_TIMEOUT_MS)]),
    });
    text = await readBody(response);
  } catch (thrown) {
    signal.throwIfAborted();
    throw noAnswer(thrown);
  }
  const json = parseJson(text);
  const tokens = Tokens.safeParse(json);
  if (response.ok && tokens.success) {
    const { access_token, refresh_token, expires_in, scope } = tokens.data;
    return {
      accessToken: access_token,
      refreshToken: refresh_token ?? null,
      expiresInSeconds: expires_in,
      scopes: (scope ?? "").split(" ").filter((each) => each !== ""),
    };
  }
  const refusal = Refusal.safeParse(json);
  throw refusal.success && response.status < 500
    ? refused(refusal.data.error, response.status, body.grant_type)
    : unexpected(response.status);
}

const ENDPOINT = "POST /oauth/token";

function refused(error: string, status: number, grantType: TokenRequest["grant_type"]): SourceFailure {
  const isExchange = grantType === "authorization_code";
  const told = toldOf(error, isExchange);
  return new SourceFailure(`${ENDPOINT} (${grantType}) answered ${status} ${error.slice(0, 60)}`, {
    ...told,
    endpoint: ENDPOINT,
    status,
  });
}

/** The error bodies are those of FACTS §1; each has its own way out. */
function toldOf(error: string, isExchange: boolean) {
  const code = "source.grant-lost" as const;
  switch (error) {
    case "access_denied":
      return {
        code,
        publicMessage: "Atlassian does not accept the client secret of the OAuth app.",
        fix: "Copy the client id and secret from the developer console (Settings of the app) into the connection, then authorize it again.",
      };
    case "unauthorized_client":
      return {
        code,
        publicMessage: isExchange
          ? "Atlassian does not accept the OAuth app's request: the client id or the callback URL differs from the app's."
          : "The connection's OAuth grant has ended: its refresh token was already replaced or revoked.",
        fix: isExchange
          ? "Compare client id and callback URL with the developer console, character by character, then authorize again."
          : "Authorize the connection again. If this comes back, another program uses the same grant.",
      };
    case "invalid_grant":
      return {
        code,
        publicMessage: isExchange
          ? "The consent took too long or was used twice: its code is no longer valid."
          : "The connection's OAuth grant has ended: it was not used for 90 days, was withdrawn, or its owner's password changed.",
        fix: "Authorize the connection again.",
      };
    default:
      return {
        code: "source.bad-request" as const,
        publicMessage: "Atlassian did not accept the request for an OAuth token.",
        fix: "Check client id, client secret and callback URL against the developer console.",
      };
  }
}

function unexpected(status: number): SourceFailure {
  const isDown = status >= 500 || status === 429;
  return new SourceFailure(`${ENDPOINT} answered ${status} without tokens or a known error.`, {
    code: isDown ? "source.unreachable" : "source.unexpected-answer",
    publicMessage: isDown
      ? `Atlassian's authorization server is not available at the moment (status ${status}).`
      : "Atlassian's authorization server answered with something unexpected.",
    fix: isDown
      ? "Run it again later; status.atlassian.com shows known outages."
      : "Check that no proxy stands between Usher and Atlassian.",
    endpoint: ENDPOINT,
    status,
  });
}

function noAnswer(thrown: unknown): SourceFailure {
  return new SourceFailure(`${ENDPOINT}: ${messageOf(thrown)}`, {
    code: "source.unreachable",
    publicMessage: "Usher could not reach Atlassian's authorization server: no answer came.",
    fix: "Check that this machine may reach auth.atlassian.com (name resolution, firewall, proxy).",
    endpoint: ENDPOINT,
    cause: thrown,
  });
}
