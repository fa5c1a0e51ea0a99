import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ReachableSite } from "../../sources/source.ts";
import { findConnection } from "../../store/connections.ts";
import type { ConnectRefusal } from "./actor.ts";
import { redirectUrlOf, startAuthorization } from "./authorization.ts";
import { finishAuthorization } from "./callback.ts";
import { checkConnection } from "./check.ts";
import { decideDetectedGroups, detectGroups } from "./detect-groups.ts";
import { type ConnectContext, createCredentialKeeper } from "./credentials/credential-access.ts";
import type { ConnectParts } from "./parts.ts";
import { checkRevision } from "./check-revision.ts";
import { proveSecret } from "./prove.ts";
import { proveWrites } from "./write-proof.ts";
import { rotateClientSecret } from "./credentials/rotate.ts";
import { addSite, reachSites } from "./sites.ts";
import { understandTyped } from "./understand.ts";

export type ConnectServiceOptions = ConnectContext & Pick<ConnectParts, "publicUrl">;

/**
 * What of connections needs the network: it asks, waits, and saves what it was told. The keeper is what runs open
 * their credentials with; one per process, so that what was rotated or authorized here counts in its runs at once.
 */
export function createConnectService(options: ConnectServiceOptions) {
  const keeper = createCredentialKeeper(options);
  const parts: ConnectParts = { ...options, keeper };

  function given<Given extends unknown[], Answer>(work: (parts: ConnectParts, ...rest: Given) => Answer) {
    return (...rest: Given): Answer => work(parts, ...rest);
  }

  const service = {
    sources: () => [...options.sources.values()].map(({ kind, needs }) => ({ kind, needs })),
    redirectUrl: redirectUrlOf(options),
    understandTyped: given(understandTyped),
    startAuthorization: given(startAuthorization),
    finishAuthorization: given(finishAuthorization),
    listReachableSites: given(listReachableSites),
    addSite: given(addSite),
    check: given(checkConnection),
    detectGroups: given(detectGroups),
    decideDetectedGroups: given(decideDetectedGroups),
    checkRevision: given(checkRevision),
    proveSecret: given(proveSecret),
    proveWrites: given(proveWrites),
    rotateClientSecret: given(rotateClientSecret),
    /** A secret was replaced or removed: what is held decrypted is read again. */
    forget: (credentialId: string) => keeper.forget(credentialId),
  };
  return { service, keeper };
}

/** What the credentials reach, and what one of them could not be asked for. */
async function listReachableSites(
  parts: ConnectParts,
  connectionId: string,
  signal: AbortSignal,
): Promise<Result<{ sites: ReachableSite[]; problems: string[] }, ConnectRefusal<"no-such-connection">>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  const { sites, failures } = await reachSites(parts, connection, null, signal);
  return ok({ sites, problems: failures.map((each) => `${each.publicMessage} ${each.fix}`) });
}
