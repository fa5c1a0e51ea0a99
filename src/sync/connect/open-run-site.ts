import { Fault } from "../../lib/errors.ts";
import type { Capability } from "../../model/connections.ts";
import { SHARE_PERCENT_MAX } from "../../rules/forecast.ts";
import { type CredentialAccess, type SiteSource, type SourceEvent, SourceFailure } from "../../sources/source.ts";
import { findEnteredOrganization } from "../../store/credentials.ts";
import { listRunReaders } from "../../store/run-readers.ts";
import { findSite } from "../../store/sites.ts";
import { needsReauthorization } from "../failures.ts";
import type { ConnectContext, CredentialKeeper } from "./credentials/credential-access.ts";
import { sourceOf } from "./parts.ts";

/** Pages read at once of one site; 20 to 30 drew refusals in one report (FACTS §8), and the limiter may go below. */
export const RUN_CONCURRENCY_MAX = 8;

type OpenRunContext = Pick<ConnectContext, "db" | "clock" | "log" | "sources"> & { keeper: CredentialKeeper };

/**
 * Opens a run's site with every credential that reaches it of the connections that serve it. Where several connections
 * do, each one's credentials serve the listings of its own capabilities only. Another process that goes on with the run
 * opens what was taken out of use since it began.
 */
export function openRunSite(ctx: OpenRunContext) {
  return async (
    run: { id: string; siteId: string; connectionId: string; startedAt: Date | null },
    observe: (event: SourceEvent) => void,
  ): Promise<SiteSource> => {
    const site = await findSite(ctx.db, run.siteId);
    if (!site) {
      throw new Fault(`The site ${run.siteId} of a run does not exist.`, {
        code: "site.not-found",
        publicMessage: "The site of this run does not exist any more.",
      });
    }
    const served = await capabilitiesByConnection(ctx, run);
    const credentials: CredentialAccess[] = [];
    let { organizationId } = site;
    for (const [connectionId, capabilities] of served) {
      const opened = await ctx.keeper.openForSite(connectionId, site.sourceKey, run.startedAt);
      const isLead = connectionId === run.connectionId;
      const own = isLead ? opened : opened.map(lossCostsItsOwn);
      credentials.push(...(served.size > 1 ? own.map((each) => ({ ...each, capabilities })) : own));
      organizationId ??= await findEnteredOrganization(ctx.db, connectionId);
    }
    if (credentials.length === 0) throw noCredential(run);
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

/** The run's own connection is named first, so that its credentials are the first to be asked what the site is. */
async function capabilitiesByConnection(
  { db }: OpenRunContext,
  run: { id: string; connectionId: string },
): Promise<Map<string, Capability[]>> {
  const served = new Map<string, Capability[]>([[run.connectionId, []]]);
  const readers = await listRunReaders(db, run.id);
  for (const { capability, connectionId } of readers) {
    served.set(connectionId, [...(served.get(connectionId) ?? []), capability]);
  }
  if (readers.length > 0 && served.get(run.connectionId)?.length === 0) served.delete(run.connectionId);
  return served;
}

/**
 * A further connection's credential that the source no longer accepts costs the listings that it serves, not the run:
 * the others are read with other credentials.
 */
function lossCostsItsOwn(access: CredentialAccess): CredentialAccess {
  const asMissing = (thrown: unknown): never => {
    if (!(thrown instanceof SourceFailure) || !needsReauthorization(thrown)) throw thrown;
    const { publicMessage, fix } = thrown;
    const code = "source.missing-credential";
    throw new SourceFailure(thrown.message, { code, publicMessage, fix, cause: thrown });
  };
  return {
    ...access,
    token: (signal) => access.token(signal).catch(asMissing),
    renew: (rejected, signal) => access.renew(rejected, signal).catch(asMissing),
  };
}

function noCredential(run: { siteId: string; connectionId: string }): SourceFailure {
  return new SourceFailure(`Connection ${run.connectionId} has no credential for site ${run.siteId}.`, {
    code: "source.missing-credential",
    publicMessage: "The connection has no credential that reaches this site.",
    fix: "Enter a credential, or authorize the connection's OAuth app, then check the connection.",
  });
}
