import * as openid from "openid-client";
import type { SsoSettings } from "../../model/sign-in-settings.ts";

/** A provider answers within this, or somebody waits for nothing. */
const TIMEOUT_S = 10;
/** What a provider says of itself, its keys among it, is read anew after this. */
const KEPT_MS = 10 * 60_000;

/** Makes configurations of providers, and keeps each for a while. */
export function createProviders(): (sso: SsoSettings, clientSecret: string) => Promise<openid.Configuration> {
  let kept: { key: string; until: number; configuration: Promise<openid.Configuration> } | null = null;
  return (sso, clientSecret) => {
    const key = JSON.stringify([sso.issuer, sso.clientId, clientSecret]);
    if (kept?.key === key && kept.until > performance.now()) return kept.configuration;
    const configuration = discover(sso.issuer, sso.clientId, authenticateClient(clientSecret));
    const entry = { key, until: performance.now() + KEPT_MS, configuration };
    kept = entry;
    // What failed is tried again by the next one.
    configuration.catch(() => {
      if (kept === entry) kept = null;
    });
    return configuration;
  };
}

/** What a provider says of itself, with what of it will not do. */
export async function readProvider(issuer: string, signal: AbortSignal) {
  const configuration = await discover(issuer, "usher", openid.None());
  signal.throwIfAborted();
  const metadata = configuration.serverMetadata();
  return {
    issuer: metadata.issuer,
    authorizationEndpoint: metadata.authorization_endpoint ?? null,
    tokenEndpoint: metadata.token_endpoint ?? null,
    endSessionEndpoint: metadata.end_session_endpoint ?? null,
    scopes: metadata.scopes_supported ?? [],
    claims: metadata.claims_supported ?? [],
    warnings: warningsOf(metadata),
  };
}

function warningsOf(metadata: Readonly<openid.ServerMetadata>): string[] {
  const { response_types_supported: types, code_challenge_methods_supported: challenges } = metadata;
  return [
    metadata.authorization_endpoint && metadata.token_endpoint
      ? null
      : "It names no authorization or token endpoint, so nobody can sign in by it.",
    types && !types.includes("code") ? "It does not offer the authorization code flow, which Usher needs." : null,
    challenges && !challenges.includes("S256") ? "It does not know PKCE by S256, which Usher always sends." : null,
    metadata.end_session_endpoint
      ? null
      : "It has no address for signing out: signing out of Usher leaves its own session.",
  ].filter((each) => each !== null);
}

function discover(issuer: string, clientId: string, auth: openid.ClientAuth): Promise<openid.Configuration> {
  const server = new URL(issuer);
  return openid.discovery(server, clientId, {}, auth, {
    timeout: TIMEOUT_S,
    // The settings take http only of this machine.
    execute: server.protocol === "http:" ? [openid.allowInsecureRequests] : [],
  });
}

/** By the body where the provider says that it takes that; else by the header, which every one takes (RFC 6749 §2.3.1). */
function authenticateClient(clientSecret: string): openid.ClientAuth {
  const [byBody, byHeader] = [openid.ClientSecretPost(clientSecret), openid.ClientSecretBasic(clientSecret)];
  return (server, client, body, headers) => {
    const takesBody = server.token_endpoint_auth_methods_supported?.includes("client_secret_post") ?? false;
    return (takesBody ? byBody : byHeader)(server, client, body, headers);
  };
}
