import { closeRightsOfModel, forgetModel, hasRights, type RightsKind } from "../store/merge/unused-model.ts";
import { isListingComplete } from "../store/listings.ts";
import { addRunCounts } from "../store/runs.ts";
import { ROWS_A_CLOSE } from "./close.ts";
import type { RunUnderWay } from "./context.ts";

/**
 * Closes what is left of the model that the site says it no longer uses, so that nothing counts that nobody reads any
 * more. Only after a full run that read the other model to its end and lost or held nothing: until then what was known goes on
 * counting. Without a single right in the model in use the site's word is not believed.
 */
export async function closeUnusedModel(run: RunUnderWay): Promise<void> {
  const { roleMode } = run.setup.site;
  if (run.run.scope !== "full" || (roleMode !== "roles" && roleMode !== "pre-roles")) return;
  const [used, unused]: RightsKind[] =
    roleMode === "roles" ? ["role-assignments", "space-permissions"] : ["space-permissions", "role-assignments"];
  if (!used || !unused || !(await isListingComplete(run.db, run.run.id, used))) return;
  if (!(await hasRights(run.db, run.run.siteId, unused)) || !(await hasRights(run.db, run.run.siteId, used))) return;

  let total = 0;
  let closed: number;
  do {
    run.signal.throwIfAborted();
    closed = await run.write(async (tx) => {
      const rows = await closeRightsOfModel(tx, run.merge, unused, ROWS_A_CLOSE);
      await addRunCounts(tx, run.run.id, { gone: rows }, unused);
      return rows;
    });
    total += closed;
    if (closed > 0) await run.checkpoint(`closed ${closed} of the unused ${unused}`);
  } while (closed === ROWS_A_CLOSE);
  await run.write((tx) => forgetModel(tx, run.merge, unused));
  if (total === 0) return;
  run.progress.tell({
    level: "warn",
    event: "role-mode.changed",
    message:
      roleMode === "roles"
        ? `The site uses space roles now: ${total} holders' space permissions ended.`
        : `The site no longer uses space roles: ${total} role assignments ended.`,
    data: { roleMode, ended: total },
  });
}
