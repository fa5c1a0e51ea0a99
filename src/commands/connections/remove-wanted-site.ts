import { ok, refuse, type Result } from "../../lib/result.ts";
import { lockConnection } from "../../store/connections.ts";
import { removeWantedSite as remove } from "../../store/wanted-sites.ts";
import type { Context } from "../context.ts";

/** The connection no longer waits for a site that was asked for; `typed` exactly as it was. */
export function removeWantedSite(
  { db, actor }: Context,
  connectionId: string,
  typed: string,
): Promise<Result<void, "no-such-connection" | "no-such-site">> {
  return db.transaction(async (tx) => {
    if (!(await lockConnection(tx, connectionId))) return refuse("no-such-connection");
    if ((await remove(tx, connectionId, typed)) === 0) return refuse("no-such-site");
    const { operatorId: actorId, through } = actor;
    const personal = { typed };
    tx.record({ actorId, through, entry: "connection.site-unwanted", subjectId: connectionId, personal });
    return ok(undefined);
  });
}
