import { ok, refuse, type Result } from "../../lib/result.ts";
import { isInService, stateAfterChange } from "../../rules/connections.ts";
import { disableSiteJobs, settleSites } from "../../store/connection-jobs.ts";
import { lockConnection, saveConnection } from "../../store/connections.ts";
import { leaveSite, listSitesOfConnection } from "../../store/sites.ts";
import { uncheckRevision } from "../../store/connection-revisions.ts";
import type { Context } from "../context.ts";

export type RemoveSiteRefusal = "no-such-connection" | "no-such-site" | "last-site";

/** The connection no longer reads the site; what is known of it stays. The last one of a connection in service stays too. */
export function removeSite(
  { db, clock, actor }: Context,
  connectionId: string,
  siteId: string,
): Promise<Result<void, RemoveSiteRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const sites = await listSitesOfConnection(tx, connectionId);
    if (!sites.some((each) => each.id === siteId)) return refuse("no-such-site");
    if (isInService(connection.state) && sites.length === 1) return refuse("last-site");

    await leaveSite(tx, connectionId, siteId);
    await disableSiteJobs(tx, connectionId, siteId);
    const at = clock.now();
    await settleSites(
      tx,
      sites.filter((each) => each.id === siteId),
      { requestedBy: actor.operatorId, at },
    );
    await uncheckRevision(tx, connectionId);
    await saveConnection(tx, { ...connection, state: stateAfterChange(connection.state) }, at);
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.site-removed", subjectId: connectionId, detail: { siteId } });
    return ok(undefined);
  });
}
