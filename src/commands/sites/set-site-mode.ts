import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SiteMode } from "../../model/connections.ts";
import { findOperator } from "../../store/operators.ts";
import { lockSite, saveSiteMode } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type SetSiteModeRefusal = "no-such-site" | "person-needed";

/** Anybody who may may set a site to observe; that Usher may write to it, only a person decides. */
export function setSiteMode(
  { db, actor }: Context,
  siteId: string,
  mode: SiteMode,
): Promise<Result<SiteMode, SetSiteModeRefusal>> {
  return db.transaction(async (tx) => {
    const site = await lockSite(tx, siteId);
    if (!site) return refuse("no-such-site");
    const operator = await findOperator(tx, actor.operatorId);
    if (mode === "act" && (actor.through === "job" || operator?.kind !== "person")) return refuse("person-needed");
    if (site.mode === mode) return ok(mode);

    await saveSiteMode(tx, siteId, mode);
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "site.mode-set", subjectId: siteId, detail: { from: site.mode, to: mode } });
    return ok(mode);
  });
}
