import { forgetStaged, isListingComplete } from "../store/listings.ts";
import { saveEvidenceWindow } from "../store/merge/activity.ts";
import { addEventSubjects } from "../store/merge/audit.ts";
import { stagedRows } from "../store/merge/incoming.ts";
import type { RunUnderWay } from "./context.ts";
import { AUDIT_KEY } from "./plan.ts";

/**
 * Once everybody is known whom this run saw: lists the records of the audit log under those they concern, says what the
 * log covers now, and forgets its pages. One transaction, so that a kill repeats all of it or nothing.
 */
export async function concludeAudit({ db, run, merge, administered, write }: RunUnderWay): Promise<void> {
  if (!(await isListingComplete(db, run.id, "audit-activity"))) return;
  await write(async (tx) => {
    await addEventSubjects(tx, merge, stagedRows(run.id, [AUDIT_KEY]));
    await saveEvidenceWindow(tx, run.siteId, administered);
    await forgetStaged(tx, run.id, [AUDIT_KEY]);
  });
}
