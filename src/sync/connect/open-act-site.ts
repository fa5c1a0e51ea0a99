import { Fault } from "../../lib/errors.ts";
import type { Capability } from "../../model/connections.ts";
import { SHARE_PERCENT_MAX } from "../../rules/forecast.ts";
import { type CredentialAccess, type SiteSource, type SourceEvent, SourceFailure } from "../../sources/source.ts";
import { findEnteredOrganization } from "../../store/credentials.ts";
import { listSiteCapabilities } from "../../store/site-capabilities.ts";
import { findSite } from "../../store/sites.ts";
import type { ConnectContext, CredentialKeeper } from "./credentials/credential-access.ts";
import { RUN_CONCURRENCY_MAX } from "./open-run-site.ts";
import { sourceOf } from "./parts.ts";

type OpenActContext = Pick<ConnectContext, "db" | "clock" | "log" | "sources"> & { keeper: CredentialKeeper };

/**
 * Opens a site to act on it, outside of a run: to look once more at the use of a seat, to change and to read back. Each
 * credential serves the capabilities that its connection serves for this site, so that only one with `reclaim` or
 * `provision` writes. Throws a Fault "site.not-found", or "source.missing-credential" where nobody serves the site.
 */
export type OpenActSite = (siteId: string, observe?: (event: SourceEvent) => void) => Promise<SiteSource>;

export function openActSite(ctx: OpenActContext): OpenActSite {
  return async (siteId, observe = () => {}) => {
    const site = await findSite(ctx.db, siteId);
    if (!site) {
      throw new Fault(`There is no site ${siteId} to act on.`, {
        code: "site.not-found",
        publicMessage: "This site does not exist any more.",
      });
    }
    const credentials: CredentialAccess[] = [];
    let { organizationId } = site;
    for (const [connectionId, capabilities] of await servedBy(ctx, siteId)) {
      const opened = await ctx.keeper.openForSite(connectionId, site.sourceKey);
      credentials.push(...opened.map((each) => ({ ...each, capabilities })));
      organizationId ??= await findEnteredOrganization(ctx.db, connectionId);
    }
    if (credentials.length === 0) throw noCredential(siteId);
    return sourceOf(ctx, site.source).open({
      site: { sourceKey: site.sourceKey, baseUrl: site.baseUrl, organizationId },
      credentials,
      concurrencyMax: RUN_CONCURRENCY_MAX,
      hourShareMax: SHARE_PERCENT_MAX / 100,
      clock: ctx.clock,
      log: ctx.log,
      observe,
    });
  };
}

async function servedBy({ db }: OpenActContext, siteId: string): Promise<Map<string, Capability[]>> {
  const served = new Map<string, Capability[]>();
  for (const { capability, connectionId, isServed } of await listSiteCapabilities(db, [siteId])) {
    if (connectionId && isServed) served.set(connectionId, [...(served.get(connectionId) ?? []), capability]);
  }
  return served;
}

function noCredential(siteId: string): SourceFailure {
  return new SourceFailure(`No published connection serves the site ${siteId}.`, {
    code: "source.missing-credential",
    publicMessage: "No published connection has a credential that reaches this site.",
    fix: "Publish a connection of the site, or resume the one that is paused.",
  });
}
