import type { FastifyReply, FastifyRequest } from "fastify";
import * as openid from "openid-client";
import { z } from "zod";
import { signInBySso } from "../../commands/sign-in/sign-in-by-sso.ts";
import { messageOf } from "../../lib/errors.ts";
import type { SsoIdentity, SsoSettings } from "../../model/sign-in-settings.ts";
import { groupsOf } from "../../rules/sign-in/roles-by-groups.ts";
import { CLIENT_SECRET_PLACE, readSignInSettings } from "../../store/sign-in/settings.ts";
import type { Page, ServerOptions } from "../options.ts";
import { cookieName, cookieOptions, sessionCookieOf } from "./cookie.ts";
import { createProviders } from "./provider.ts";
import { callbackUrl, signedOutUrl } from "./sso-urls.ts";

/** A whole office comes from one address at nine o'clock; more than this is guessing. */
const LIMITED = { config: { rateLimit: { max: 120, timeWindow: 60_000 } } };
/** Whoever is at the provider for longer starts again. */
const ATTEMPT_MS = 10 * 60_000;
const ATTEMPT_COOKIE = "usher-sso";

/** What the browser keeps, sealed, while it is at the provider. */
const Attempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  issuer: z.string(),
  next: z.string(),
  expiresAt: z.number(),
});
type Attempt = z.infer<typeof Attempt>;

/** Why nobody was signed in; the sign-in page says it in words. */
export type SsoError =
  | "sso-off"
  | "sso-unreachable"
  | "sso-expired"
  | "sso-state"
  | "sso-declined"
  | "sso-failed"
  | "unknown-person"
  | "other-subject"
  | "operator-ended"
  | "no-role";

/**
 * `/sign-in/sso` leads to the provider, `/sign-in/sso/callback` comes back (OpenID Connect Core 1.0 §3.1, with PKCE). What
 * goes wrong ends on the sign-in page as `/sign-in?error=<code>`.
 */
export const ssoPages: Page = (app, options) => {
  const providerOf = createProviders();

  async function configured() {
    const { sso, clientSecret } = await readSignInSettings(options.db);
    if (sso === null || clientSecret === null) return null;
    const secret = options.secrets.open(CLIENT_SECRET_PLACE, clientSecret);
    return { sso, provider: () => providerOf(sso, secret) };
  }

  app.get("/sign-in/sso", LIMITED, async (request, reply) => {
    const found = await configured();
    if (!found) return fail(reply, options, "sso-off");
    const { sso } = found;
    const provider = await found
      .provider()
      .catch((thrown: unknown) => warn(options, request, "sso-unreachable", thrown));
    if (!provider) return fail(reply, options, "sso-unreachable");
    const attempt = newAttempt(options, sso, request);
    keepAttempt(reply, options, attempt);
    const url = openid.buildAuthorizationUrl(provider, {
      redirect_uri: callbackUrl(options.publicUrl),
      scope: sso.scopes.join(" "),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
    });
    return leave(reply, url.href);
  });

  app.get("/sign-in/sso/callback", LIMITED, async (request, reply) => {
    const found = await configured();
    if (!found) return fail(reply, options, "sso-off");
    const { sso } = found;
    const attempt = readAttempt(options, request);
    if (!attempt || attempt.expiresAt <= options.clock.now().getTime() || attempt.issuer !== sso.issuer) {
      return fail(reply, options, "sso-expired");
    }
    const back = new URL(options.publicUrl + request.url);
    if (back.searchParams.get("state") !== attempt.state) return fail(reply, options, "sso-state");
    if (back.searchParams.has("error")) {
      warn(options, request, "sso-declined", new Error(back.searchParams.get("error") ?? ""));
      return fail(reply, options, "sso-declined");
    }
    const told = await found
      .provider()
      .then((provider) => exchange(options, provider, sso, attempt, back))
      .catch((thrown: unknown) => warn(options, request, "sso-failed", thrown));
    if (!told) return fail(reply, options, "sso-failed");

    const client = { address: request.ip, userAgent: request.headers["user-agent"] ?? null };
    const signedIn = await signInBySso(options, { ...told, ...client, settings: sso });
    if (!signedIn.ok) return fail(reply, options, signedIn.error);
    sessionCookieOf(reply, options.publicUrl).put(signedIn.value.secret, signedIn.value.endsAt);
    reply.clearCookie(cookieName(ATTEMPT_COOKIE, options.publicUrl), cookieOptions(options.publicUrl));
    return leave(reply, options.publicUrl + attempt.next);
  });
};

/** Trades the code for who it is; throws where anything of it is not as it was asked for. */
async function exchange(
  { publicUrl }: ServerOptions,
  provider: openid.Configuration,
  sso: SsoSettings,
  attempt: Attempt,
  back: URL,
): Promise<{ identity: SsoIdentity; signOutUrl: string | null }> {
  const tokens = await openid.authorizationCodeGrant(provider, back, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error("The provider sent no ID token.");
  const { userinfo_endpoint: hasMore, end_session_endpoint: hasEnd } = provider.serverMetadata();
  const more = hasMore ? await openid.fetchUserInfo(provider, tokens.access_token, claims.sub) : {};
  const signOutUrl = hasEnd
    ? openid.buildEndSessionUrl(provider, {
        post_logout_redirect_uri: signedOutUrl(publicUrl),
        id_token_hint: tokens.id_token ?? "",
      }).href
    : null;
  return { identity: identityOf(sso, { ...more, ...claims }), signOutUrl };
}

const Text = z.string().trim().min(1).max(300).nullable().catch(null);

function identityOf({ issuer, groupsClaim }: SsoSettings, claims: Readonly<Record<string, unknown>>): SsoIdentity {
  const email = z.email().max(254).nullable().catch(null).parse(claims["email"]);
  return {
    issuer,
    subject: String(claims["sub"]),
    name: Text.parse(claims["name"] ?? claims["preferred_username"]),
    verifiedEmail: claims["email_verified"] === true ? email : null,
    groups: groupsOf(claims, groupsClaim),
  };
}

function newAttempt({ clock }: ServerOptions, { issuer }: SsoSettings, request: FastifyRequest): Attempt {
  const { next } = request.query as { next?: unknown };
  return {
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    verifier: openid.randomPKCECodeVerifier(),
    issuer,
    next: isOwnPath(next) ? next : "/",
    expiresAt: clock.now().getTime() + ATTEMPT_MS,
  };
}

/** A path of ours; `//host` and `/\host` lead elsewhere. */
function isOwnPath(next: unknown): next is string {
  return typeof next === "string" && next.length <= 500 && /^\/(?![/\\])[\x21-\x7e]*$/.test(next);
}

function keepAttempt(reply: FastifyReply, { secrets, publicUrl, clock }: ServerOptions, attempt: Attempt): void {
  const name = cookieName(ATTEMPT_COOKIE, publicUrl);
  const expires = new Date(clock.now().getTime() + ATTEMPT_MS);
  reply.setCookie(name, secrets.seal(ATTEMPT_COOKIE, JSON.stringify(attempt)), {
    ...cookieOptions(publicUrl),
    expires,
  });
}

/** Null: there is none, or it is none of ours. */
function readAttempt({ secrets, publicUrl }: ServerOptions, request: FastifyRequest): Attempt | null {
  const sealed = request.cookies[cookieName(ATTEMPT_COOKIE, publicUrl)];
  if (sealed === undefined) return null;
  try {
    return Attempt.parse(JSON.parse(secrets.open(ATTEMPT_COOKIE, sealed)));
  } catch {
    // A cookie is whatever a browser says: one that does not open, or holds something else, is no attempt.
    return null;
  }
}

function warn({ log }: ServerOptions, request: FastifyRequest, code: SsoError, thrown: unknown): null {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : undefined;
  log.warn({ requestId: request.id, code, error: messageOf(thrown), cause }, "single sign-on did not succeed");
  return null;
}

function fail(reply: FastifyReply, { publicUrl }: ServerOptions, error: SsoError): FastifyReply {
  return leave(reply, `${signedOutUrl(publicUrl)}?error=${error}`);
}

function leave(reply: FastifyReply, url: string): FastifyReply {
  return reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer").redirect(url, 302);
}
