import type { Clock } from "../../../lib/clock.ts";
import { messageOf } from "../../../lib/errors.ts";
import type { Log } from "../../../lib/log.ts";
import type { SecretBox } from "../../../lib/secret-box.ts";
import { type Authorizer, SourceFailure, type TokenPair } from "../../../sources/source.ts";
import {
  findSealedCredential,
  releaseCredentialLease,
  saveGrant,
  type SealedCredential,
  type SealedGrant,
  secretPlace,
  takeCredentialLease,
} from "../../../store/credentials.ts";
import type { Database } from "../../../store/database.ts";
import { lostGrant } from "./lost-grant.ts";
import { saveLoss } from "./loss.ts";

/** How long one refresh may hold a grant; whoever comes later takes it over. */
const LEASE_MS = 30_000;
/** A lost answer is asked for again at once: Atlassian accepts the old token for 10 minutes after its use (FACTS §1). */
const TRIES_MAX = 3;
/** All tries end before the lease does, so that a holder seldom has what another has begun anew. */
const TRY_MS = 8_000;
/** Atlassian, "OAuth 2.0 (3LO) apps": a refresh token ends after 90 days without use, and each use counts them anew. */
const IDLE_LIMIT_MS = 90 * 86_400_000;
/** How often a caller looks whether the holder is done, and how many looks outlast two leases. */
const LOOK_MS = 250;
const LOOKS_MAX = 240;
/** A token is replaced this long before its end, but never before three quarters of its life are over. */
const AHEAD_MS = 300_000;
const AHEAD_SHARE = 0.25;

export interface RefreshContext {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: SecretBox;
}

export interface AccessToken {
  token: string;
  /** From here on it is replaced. */
  refreshAt: Date;
}

/**
 * An access token that is neither `rejected` nor near its end. One caller refreshes, of all processes; the others wait
 * for it and read what it saved. The new pair is on disk before anybody uses it. Throws `SourceFailure`
 * "source.grant-lost" when only a person can help, "source.unreachable" when the source did not answer.
 */
export async function freshAccessToken(
  ctx: RefreshContext,
  authorizer: Authorizer,
  credentialId: string,
  rejected: string | null,
): Promise<AccessToken> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const row = await findSealedCredential(ctx.db, credentialId);
    const known = usableToken(ctx, credentialId, row, rejected);
    if (known) return known;
    if (!row) throw lostGrant(`Credential ${credentialId} was removed.`, "oauth");
    if (row.state === "needs-reauthorization") throw lostGrant(`Credential ${credentialId} was lost before.`, "oauth");

    const now = ctx.clock.now();
    const until = new Date(now.getTime() + LEASE_MS);
    const version = await ctx.db.transaction((tx) =>
      takeCredentialLease(tx, { id: credentialId, version: row.version, until, at: now }),
    );
    if (version === null) {
      await ctx.clock.sleep(LOOK_MS);
      continue;
    }
    const pair = await refreshHeld(ctx, authorizer, row, version);
    const grant = sealGrant(ctx, credentialId, pair, row.refreshToken);
    const isSaved = await ctx.db.transaction((tx) => saveGrant(tx, credentialId, version, grant, ctx.clock.now()));
    if (isSaved) return { token: pair.accessToken, refreshAt: grant.accessRefreshAt };
    ctx.log.warn({ credentialId }, "a refresh outlasted its lease; what another process saved is used");
  }
  throw new SourceFailure(`The grant of ${credentialId} stayed leased for ${(LOOKS_MAX * LOOK_MS) / 1000} s.`, {
    code: "source.unreachable",
    publicMessage: "The authorization is being renewed by another process, which does not come to an end.",
    fix: "Run it again later.",
  });
}

/** Calls outside any transaction, while the lease is held; gives the lease back when it could not be done. */
async function refreshHeld(
  ctx: RefreshContext,
  authorizer: Authorizer,
  row: SealedCredential,
  version: number,
): Promise<TokenPair> {
  const { id } = row;
  try {
    const clientSecret = ctx.secrets.open(secretPlace(id, "secret"), row.secret ?? "");
    if (row.refreshToken === null) throw lostGrant(`Credential ${id} has no refresh token.`, "oauth");
    const refreshToken = ctx.secrets.open(secretPlace(id, "refresh_token"), row.refreshToken);
    return await callRefresh(ctx, authorizer, id, { clientId: row.clientId ?? "", clientSecret, refreshToken });
  } catch (thrown) {
    if (isLoss(thrown)) {
      await ctx.db.transaction((tx) => saveLoss(tx, row, version, thrown, ctx.clock.now()));
      throw thrown.code === "source.grant-lost" ? thrown : lostGrant(thrown.message, "oauth", thrown);
    }
    await ctx.db.transaction((tx) => releaseCredentialLease(tx, id, version));
    throw thrown;
  }
}

/**
 * Asks for a new pair while the lease is held. A lost answer is asked for again at once: the source may have replaced the
 * refresh token already, and accepts the old one for some minutes only.
 */
export async function callRefresh(
  ctx: Pick<RefreshContext, "log">,
  authorizer: Authorizer,
  credentialId: string,
  request: { clientId: string; clientSecret: string; refreshToken: string },
): Promise<TokenPair> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Not the caller's signal: a pair that was asked for is saved, even when nobody waits for it any more.
      return await authorizer.refresh(request, AbortSignal.timeout(TRY_MS));
    } catch (thrown) {
      const failure = thrown instanceof DOMException && thrown.name === "TimeoutError" ? noAnswer(thrown) : thrown;
      if (!(failure instanceof SourceFailure) || isLoss(failure) || attempt >= TRIES_MAX) throw failure;
      ctx.log.warn(
        { credentialId, attempt, error: messageOf(thrown) },
        "a refresh was not answered; it is asked again",
      );
    }
  }
}

/** Seals a new pair; a pair without a refresh token keeps the stored one, which Atlassian then did not replace. */
export function sealGrant(
  ctx: Pick<RefreshContext, "clock" | "secrets">,
  credentialId: string,
  pair: TokenPair,
  sealedRefreshToken: string | null,
): SealedGrant {
  const now = ctx.clock.now().getTime();
  const lifeMs = pair.expiresInSeconds * 1000;
  const hasRefreshToken = pair.refreshToken !== null || sealedRefreshToken !== null;
  return {
    accessToken: ctx.secrets.seal(secretPlace(credentialId, "access_token"), pair.accessToken),
    accessRefreshAt: new Date(now + lifeMs - Math.min(AHEAD_MS, lifeMs * AHEAD_SHARE)),
    accessExpiresAt: new Date(now + lifeMs),
    refreshToken:
      pair.refreshToken === null
        ? sealedRefreshToken
        : ctx.secrets.seal(secretPlace(credentialId, "refresh_token"), pair.refreshToken),
    scopes: pair.scopes,
    expiresAt: new Date(now + (hasRefreshToken ? IDLE_LIMIT_MS : lifeMs)),
  };
}

/** The stored token, if it serves. */
function usableToken(
  ctx: RefreshContext,
  credentialId: string,
  row: SealedCredential | null,
  rejected: string | null,
): AccessToken | null {
  if (!row?.accessToken || !row.accessRefreshAt || row.state !== "active") return null;
  if (row.accessRefreshAt <= ctx.clock.now()) return null;
  const token = ctx.secrets.open(secretPlace(credentialId, "access_token"), row.accessToken);
  return token === rejected ? null : { token, refreshAt: row.accessRefreshAt };
}

/** Failures that no retry mends: the grant is gone, or the client's own secret is refused. */
function isLoss(thrown: unknown): thrown is SourceFailure {
  return (
    thrown instanceof SourceFailure && (thrown.code === "source.grant-lost" || thrown.code === "source.unauthorized")
  );
}

function noAnswer(thrown: unknown): SourceFailure {
  return new SourceFailure(`A refresh failed: ${messageOf(thrown)}`, {
    code: "source.unreachable",
    publicMessage: "The authorization could not be renewed: the source did not answer.",
    fix: "Check that this machine may reach the source, and run it again.",
    cause: thrown,
  });
}
