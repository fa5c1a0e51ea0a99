import { ok, refuse, type Result } from "../../lib/result.ts";
import { type GeneralSettings, lockGeneralSettings, saveGeneralSettings } from "../../store/general-settings.ts";
import type { Context } from "../context.ts";

/** `revision` null changes whatever is there. */
export function setGeneral(
  { db, clock, actor }: Context,
  revision: number | null,
  { name, timeZone }: Omit<GeneralSettings, "revision">,
): Promise<Result<GeneralSettings, "stale-revision">> {
  return db.transaction(async (tx) => {
    const before = await lockGeneralSettings(tx);
    if (revision !== null && revision !== before.revision) return refuse("stale-revision");
    const settings = { name, timeZone, revision: before.revision + 1 };
    await saveGeneralSettings(tx, settings, clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "settings.changed",
      subjectId: null,
      detail: { timeZone },
      personal: { name },
    });
    return ok(settings);
  });
}
