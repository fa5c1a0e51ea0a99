import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Probe } from "../../model/connections.ts";
import { ALWAYS_ON, isOfSite } from "../../rules/connections.ts";
import { type CredentialAccess, type ReachableSite, SourceFailure } from "../../sources/source.ts";
import type { OwnedConnection } from "../../store/connections.ts";
import type { StoredCredential } from "../../store/credentials.ts";
import { type ConnectParts, sourceOf } from "./parts.ts";
import { isMeant, listSitesOf } from "./sites.ts";

export interface FoundSite<Opened> {
  site: ReachableSite;
  /** The credentials that reach it, and the keys of organizations, which reach none by themselves. */
  accesses: Opened[];
}

/** The site that was typed, as one of the credentials reaches it; else a failed probe that says why none does. */
export async function findTypedSite<Opened extends { stored: StoredCredential; access: CredentialAccess }>(
  parts: ConnectParts,
  connection: OwnedConnection,
  typed: string,
  accesses: readonly Opened[],
  signal: AbortSignal,
): Promise<Result<FoundSite<Opened>, Probe>> {
  const checkedAt = parts.clock.now();
  const failed = (detail: string, fix: string): Probe => ({
    name: "Reach the site",
    capability: ALWAYS_ON,
    outcome: "failed",
    detail,
    fix,
    tookMs: parts.clock.now().getTime() - checkedAt.getTime(),
    checkedAt,
  });
  const source = sourceOf(parts, connection.source);
  const hint = source.understandSite(typed);
  if (!hint.ok) return refuse(failed(hint.error.message, "Type the site's name or address."));
  const reaching: Opened[] = [];
  const failures: SourceFailure[] = [];
  let site: ReachableSite | undefined;
  for (const each of accesses.filter(({ stored }) => isOfSite(stored.kind))) {
    const seen = await listSitesOf(source, each.access, hint.value, signal);
    if (seen instanceof SourceFailure) {
      failures.push(seen);
      continue;
    }
    const own = seen.find((reached) => isMeant(hint.value, reached));
    if (own) reaching.push(each);
    site ??= own;
  }
  if (site) {
    const keys = accesses.filter(({ stored }) => !isOfSite(stored.kind));
    return ok({ site, accesses: [...reaching, ...keys] });
  }
  const [failure] = failures;
  if (failure) return refuse(failed(failure.publicMessage, failure.fix));
  return refuse(failed(`None of the credentials reaches "${typed}".`, "Enter or authorize one that does."));
}
