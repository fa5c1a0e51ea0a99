import { isOfSite } from "../../rules/connections.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { CredentialKind } from "../../model/connections.ts";
import { type CredentialAccess, type ReachableSite, SourceFailure, type SiteSource } from "../../sources/source.ts";
import { findConnection, type OwnedConnection } from "../../store/connections.ts";
import { listSitesOfConnection, type SiteOfConnection } from "../../store/sites.ts";
import { listWantedSites } from "../../store/wanted-sites.ts";
import type { ConnectRefusal } from "./actor.ts";
import { unsavedAccess } from "./credentials/credential-access.ts";
import { type ConnectParts, sourceOf } from "./parts.ts";
import { openSite, probeCapability } from "./probe.ts";
import { listSitesOf } from "./sites.ts";

export type ProveRefusal = ConnectRefusal<"no-such-connection" | "not-proved">;

export interface SecretToProve {
  kind: Exclude<CredentialKind, "oauth">;
  accountEmail: string | null;
  username?: string | null;
  organizationId: string | null;
  directoryId?: string | null;
  secret: string;
}

/** What a secret that is being entered was seen to reach. Null: no site was there to try it on. */
export interface SecretProof {
  coveredSites: string[] | null;
}

/**
 * Tries a secret for real before it is stored: an API token on each site of the connection (and each one that is
 * wanted), a key of an organization on what only it can read. Refused unless it works somewhere.
 */
export async function proveSecret(
  parts: ConnectParts,
  connectionId: string,
  entered: SecretToProve,
  signal: AbortSignal,
): Promise<Result<SecretProof, ProveRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse(noSuchConnection());
  const sites = await listSitesOfConnection(parts.db, connectionId);
  if (!isOfSite(entered.kind)) return proveKey(parts, connection, sites, entered, signal);

  const source = sourceOf(parts, connection.source);
  const wanted = await listWantedSites(parts.db, connectionId);
  const access = unsavedAccess({ id: "credential being entered", ...entered });
  const covered = new Set<string>();
  const problems: string[] = [];
  for (const typed of [...sites.map((each) => each.baseUrl), ...wanted.map((each) => each.typed)]) {
    const hint = source.understandSite(typed);
    if (!hint.ok) continue;
    const seen = await listSitesOf(source, access, hint.value, signal);
    for (const site of seen instanceof SourceFailure ? [] : seen) {
      const problem = await proveAccepted(parts, connection, site, access, signal);
      if (problem === null) covered.add(site.sourceKey);
      else problems.push(`${typed}: ${problem}`);
    }
    if (seen instanceof SourceFailure) problems.push(`${typed}: ${seen.publicMessage} ${seen.fix}`);
  }
  if (covered.size === 0 && problems.length > 0) return refuse({ code: "not-proved", detail: problems.join(" ") });
  return ok({ coveredSites: covered.size > 0 ? [...covered].sort() : null });
}

/** Null when the source accepts a token for something the connection does; it need not serve all of it. */
async function proveAccepted(
  parts: ConnectParts,
  connection: OwnedConnection,
  site: ReachableSite,
  access: CredentialAccess,
  signal: AbortSignal,
): Promise<string | null> {
  const { source, failure } = await openSite(parts, connection, { ...site, organizationId: null }, [access], signal);
  try {
    if (failure) return `${failure.publicMessage} ${failure.fix}`;
    let problem = "It serves none of the connection's capabilities.";
    for (const capability of connection.capabilities) {
      const probes = await probeCapability(parts, source, capability, signal);
      if (probes.some((each) => each.outcome === "passed")) return null;
      const failed = probes.find((each) => each.outcome === "failed");
      if (failed) problem = `${failed.detail} ${failed.fix ?? ""}`.trim();
    }
    return problem;
  } finally {
    source.close();
  }
}

/** Only what lies above the sites needs the key, so it is tried with the site's other credentials beside it. */
async function proveKey(
  parts: ConnectParts,
  connection: OwnedConnection,
  sites: readonly SiteOfConnection[],
  entered: SecretToProve,
  signal: AbortSignal,
): Promise<Result<SecretProof, ProveRefusal>> {
  const access = unsavedAccess({ id: "credential being entered", ...entered });
  const problems: string[] = [];
  for (const site of sites) {
    const others = await parts.keeper.openForSite(connection.id, site.sourceKey);
    const credentials = [...others.filter((each) => each.kind !== entered.kind), access];
    const organizationId = site.organizationId ?? entered.organizationId;
    const { source } = await openSite(parts, connection, { ...site, organizationId }, credentials, signal);
    try {
      await useKey(source, entered.kind, signal);
      return ok({ coveredSites: null });
    } catch (thrown) {
      if (!(thrown instanceof SourceFailure)) throw thrown;
      problems.push(`${site.name}: ${thrown.publicMessage} ${thrown.fix}`);
    } finally {
      source.close();
    }
  }
  if (problems.length > 0) return refuse({ code: "not-proved", detail: problems.join(" ") });
  return ok({ coveredSites: null });
}

/** Asks what only a key of this kind is told; throws where it is not. */
export async function useKey(source: SiteSource, kind: CredentialKind, signal: AbortSignal): Promise<void> {
  if (kind === "organization-key") await source.readOrganizationGroups(null, signal);
  else await source.writer?.useDirectory?.(signal);
}

function noSuchConnection(): ProveRefusal {
  return { code: "no-such-connection", detail: "There is no such connection." };
}
