import type { Context } from "../context.ts";

/** Who takes everything with them is written down before the first byte leaves, and again once it was whole. */
export function noteBackup({ db, actor }: Context, step: "begun" | "written"): Promise<void> {
  return db.transaction(async (tx) => {
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: `backup.${step}`,
      subjectId: null,
    });
  });
}
