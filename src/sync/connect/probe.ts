import type { Capability, Probe } from "../../model/connections.ts";
import { isProved } from "../../rules/connection-health.ts";
import { ALWAYS_ON } from "../../rules/connections.ts";
import {
  type CredentialAccess,
  type SiteAccess,
  type SiteDescription,
  SourceFailure,
  type SiteSource,
} from "../../sources/source.ts";
import type { OwnedConnection } from "../../store/connections.ts";
import { type ConnectParts, sourceOf } from "./parts.ts";

/** A check is a handful of requests; more at once would only be noticed by the site's limits. */
const CONCURRENCY_MAX = 4;

export interface OpenedSite {
  source: SiteSource;
  description: SiteDescription | null;
  /** Why the site could not be described; the probes then say more. */
  failure: SourceFailure | null;
}

/**
 * Opens a site with these credentials and asks it what it is. When that tells the organization for the first time, the
 * site is opened anew, so that an organization key can be tried as well.
 */
export async function openSite(
  parts: ConnectParts,
  connection: Pick<OwnedConnection, "source">,
  site: SiteAccess["site"],
  credentials: readonly CredentialAccess[],
  signal: AbortSignal,
): Promise<OpenedSite> {
  const open = (organizationId: string | null) =>
    sourceOf(parts, connection.source).open({
      site: { sourceKey: site.sourceKey, baseUrl: site.baseUrl, organizationId },
      credentials,
      concurrencyMax: CONCURRENCY_MAX,
      clock: parts.clock,
      log: parts.log,
      observe() {},
    });
  const opened = open(site.organizationId);
  try {
    const description = await opened.describe(signal);
    const organizationId = description.organizationId ?? site.organizationId;
    if (organizationId === site.organizationId) return { source: opened, description, failure: null };
    opened.close();
    return { source: open(organizationId), description, failure: null };
  } catch (thrown) {
    if (thrown instanceof SourceFailure) return { source: opened, description: null, failure: thrown };
    opened.close();
    throw thrown;
  }
}

/** The probes of one capability; what the source threw becomes a failed probe, so that the others still run. */
export async function probeCapability(
  parts: Pick<ConnectParts, "clock">,
  source: SiteSource,
  capability: Capability,
  signal: AbortSignal,
): Promise<Probe[]> {
  const startedAt = parts.clock.now();
  try {
    return await source.probe(capability, signal);
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    const tookMs = parts.clock.now().getTime() - startedAt.getTime();
    const { publicMessage: detail, fix } = thrown;
    return [{ name: "Reach the site", capability, outcome: "failed", detail, fix, tookMs, checkedAt: startedAt }];
  }
}

/** Null when every one of the capabilities was proved on the site; else what failed and what to do, in words. */
export async function proveOnSite(
  parts: ConnectParts,
  connection: Pick<OwnedConnection, "source">,
  site: SiteAccess["site"],
  credentials: readonly CredentialAccess[],
  capabilities: readonly Capability[],
  signal: AbortSignal,
): Promise<string | null> {
  const { source } = await openSite(parts, connection, site, credentials, signal);
  try {
    for (const capability of capabilities) {
      const probes = await probeCapability(parts, source, capability, signal);
      if (isProved(capability, probes)) continue;
      const failed = probes.find((each) => each.outcome === "failed");
      if (!failed) return `Nothing showed that ${capability} works.`;
      return `${failed.name}: ${failed.detail} ${failed.fix ?? ""}`.trim();
    }
    return null;
  } finally {
    source.close();
  }
}

export function proveRoster(
  parts: ConnectParts,
  connection: Pick<OwnedConnection, "source">,
  site: { sourceKey: string; baseUrl: string },
  credentials: readonly CredentialAccess[],
  signal: AbortSignal,
): Promise<string | null> {
  return proveOnSite(parts, connection, { ...site, organizationId: null }, credentials, [ALWAYS_ON], signal);
}
