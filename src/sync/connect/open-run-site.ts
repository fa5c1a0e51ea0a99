import { Fault } from "../../lib/errors.ts";
import { type SiteSource, type SourceEvent, SourceFailure } from "../../sources/source.ts";
import { findEnteredOrganization } from "../../store/credentials.ts";
import { findSite } from "../../store/sites.ts";
import type { ConnectContext, CredentialKeeper } from "./credentials/credential-access.ts";
import { sourceOf } from "./parts.ts";

/** Pages read at once of one site; 20 to 30 drew refusals in one report (FACTS §8), and the limiter may go below. */
export const RUN_CONCURRENCY_MAX = 8;

type OpenRunContext = Pick<ConnectContext, "db" | "clock" | "log" | "sources"> & { keeper: CredentialKeeper };

/** Opens a run's site with every credential of its connection that reaches it. */
export function openRunSite(ctx: OpenRunContext) {
  return async (
    run: { siteId: string; connectionId: string },
    observe: (event: SourceEvent) => void,
  ): Promise<SiteSource> => {
    const site = await findSite(ctx.db, run.siteId);
    if (!site) {
      throw new Fault(`The site ${run.siteId} of a run does not exist.`, {
        code: "site.not-found",
        publicMessage: "The site of this run does not exist any more.",
      });
    }
    const credentials = await ctx.keeper.openForSite(run.connectionId, site.sourceKey);
    if (credentials.length === 0) throw noCredential(run);
    const organizationId = site.organizationId ?? (await findEnteredOrganization(ctx.db, run.connectionId));
    return sourceOf(ctx, site.source).open({
      site: { sourceKey: site.sourceKey, baseUrl: site.baseUrl, organizationId },
      credentials,
      concurrencyMax: RUN_CONCURRENCY_MAX,
      clock: ctx.clock,
      log: ctx.log,
      observe,
    });
  };
}

function noCredential(run: { siteId: string; connectionId: string }): SourceFailure {
  return new SourceFailure(`Connection ${run.connectionId} has no credential for site ${run.siteId}.`, {
    code: "source.missing-credential",
    publicMessage: "The connection has no credential that reaches this site.",
    fix: "Enter a credential, or authorize the connection's OAuth app, then check the connection.",
  });
}
