import type { Context } from "../context.ts";

/** That somebody took the journal away is itself an entry, the last that the file holds. */
export function noteExport({ db, actor }: Context, withPersonal: boolean): Promise<void> {
  return db.transaction(async (tx) => {
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "journal.exported", subjectId: null, detail: { withPersonal } });
  });
}
