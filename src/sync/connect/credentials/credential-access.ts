import type { CredentialKind, SourceKind } from "../../../model/connections.ts";
import { type Authorizer, type CredentialAccess, type Source, SourceFailure } from "../../../sources/source.ts";
import { findConnection } from "../../../store/connections.ts";
import {
  findSealedCredential,
  listCredentials,
  type StoredCredential,
  secretPlace,
} from "../../../store/credentials.ts";
import { isCovered } from "./loss.ts";
import { lostGrant } from "./lost-grant.ts";
import { type AccessToken, freshAccessToken, type RefreshContext } from "./refresh.ts";

/** How long an API token or key is kept decrypted before it is read again, so that a rotation reaches a run under way. */
const KEEP_MS = 5_000;

export interface ConnectContext extends RefreshContext {
  sources: ReadonlyMap<SourceKind, Source>;
}

/** Turns stored credentials into ones that can be used. One per process: it knows which refreshes are under way. */
export interface CredentialKeeper {
  /**
   * Every credential of the connection that reaches the site, or may; a lost grant throws when it is used. `keptSince`:
   * with those that were taken out of use from then on, for a run that began before.
   */
  openForSite(connectionId: string, sourceKey: string, keptSince?: Date | null): Promise<CredentialAccess[]>;
  open(credential: StoredCredential, source: SourceKind): CredentialAccess;
  /** What was decrypted is read again at the next use. */
  forget(credentialId: string): void;
}

export function createCredentialKeeper(ctx: ConnectContext): CredentialKeeper {
  const accessTokensById = new Map<string, AccessToken>();
  const refreshesByKey = new Map<string, Promise<AccessToken>>();
  const secretsById = new Map<string, { secret: string; until: number }>();

  function open(credential: StoredCredential, source: SourceKind): CredentialAccess {
    const { id, kind, accountEmail, username, directoryId, scopes, clientId } = credential;
    const base = { id, kind, accountEmail, username, directoryId, scopes, clientId };
    if (kind !== "oauth") {
      return {
        ...base,
        token: (signal) => abortable(secretOf(id), signal),
        async renew(rejected, signal) {
          secretsById.delete(id);
          const current = await abortable(secretOf(id), signal);
          if (current === rejected) throw lostGrant(`The source rejected the secret of ${id}.`, "token");
          return current;
        },
      };
    }
    const authorizer = ctx.sources.get(source)?.authorizer;
    if (!authorizer) throw new Error(`The source ${source} has no OAuth, but credential ${id} is of that kind.`);
    return {
      ...base,
      async token(signal) {
        if (!credential.isAuthorized) throw notAuthorized(id);
        const known = accessTokensById.get(id);
        if (known && known.refreshAt > ctx.clock.now()) return known.token;
        return (await abortable(refresh(authorizer, id, null), signal)).token;
      },
      async renew(rejected, signal) {
        const known = accessTokensById.get(id);
        if (known && known.token !== rejected && known.refreshAt > ctx.clock.now()) return known.token;
        return (await abortable(refresh(authorizer, id, rejected), signal)).token;
      },
    };
  }

  /** Callers of one process that reject the same token share one refresh; it goes on when one of them is canceled. */
  function refresh(authorizer: Authorizer, id: string, rejected: string | null): Promise<AccessToken> {
    const key = `${id} ${rejected ?? ""}`;
    const underWay = refreshesByKey.get(key);
    if (underWay) return underWay;
    const started = freshAccessToken(ctx, authorizer, id, rejected)
      .then((fresh) => {
        accessTokensById.set(id, fresh);
        return fresh;
      })
      .finally(() => refreshesByKey.delete(key));
    refreshesByKey.set(key, started);
    return started;
  }

  async function secretOf(id: string): Promise<string> {
    const now = ctx.clock.now().getTime();
    const kept = secretsById.get(id);
    if (kept && kept.until > now) return kept.secret;
    const row = await findSealedCredential(ctx.db, id);
    if (!row?.secret) throw lostGrant(`Credential ${id} was removed.`, "token");
    const secret = ctx.secrets.open(secretPlace(id, "secret"), row.secret);
    secretsById.set(id, { secret, until: now + KEEP_MS });
    return secret;
  }

  return {
    open,
    async openForSite(connectionId, sourceKey, keptSince = null) {
      const connection = await findConnection(ctx.db, connectionId);
      if (!connection) return [];
      const credentials = await listCredentials(ctx.db, connectionId, keptSince);
      return credentials
        .filter((each) => each.isAuthorized && isCovered(each, sourceKey))
        .map((each) => open(each, connection.source));
    },
    forget(credentialId) {
      secretsById.delete(credentialId);
      accessTokensById.delete(credentialId);
    },
  };
}

/** A secret that is proved before it is stored. */
export function unsavedAccess(unsaved: {
  id: string;
  kind: CredentialKind;
  accountEmail: string | null;
  username?: string | null;
  directoryId?: string | null;
  secret: string;
}): CredentialAccess {
  const { id, kind, accountEmail, username = null, directoryId = null, secret } = unsaved;
  return {
    id,
    kind,
    accountEmail,
    username,
    directoryId,
    scopes: null,
    token: async () => secret,
    async renew() {
      throw lostGrant("The source rejected a secret that was being entered.", "token");
    },
  };
}

function notAuthorized(id: string): SourceFailure {
  return new SourceFailure(`Credential ${id} was never authorized.`, {
    code: "source.missing-credential",
    publicMessage: "This OAuth app was entered, but nobody has consented to it yet.",
    fix: "Open the link that `usher connection authorize` prints, and accept.",
  });
}

/** Stops waiting when the signal is aborted; what was begun goes on by itself. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => {
      // Nobody waits for it any more; whoever else does gets the error.
    });
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
