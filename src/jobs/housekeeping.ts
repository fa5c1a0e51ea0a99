import { deleteConsentLinks } from "../store/consent-links.ts";
import type { Database } from "../store/database.ts";
import {
  deleteJobResults,
  deleteLapsedLeases,
  deleteOauthAttempts,
  deleteOrphanedStagedRows,
} from "../store/housekeeping.ts";
import { forgetRetiredCredentials } from "../store/revision-credentials.ts";
import { deleteForgottenProcesses } from "../store/processes.ts";
import { deleteQuotas } from "../store/quotas.ts";
import { deleteForgottenImports, deleteImportErrors } from "../store/imports/imports.ts";
import { deleteMessages } from "../store/messages.ts";
import { deleteSessions } from "../store/sign-in/sessions.ts";
import { deletePastWaits } from "../store/sign-in/waits.ts";
import { deleteRunEvents } from "../store/run-events.ts";

const DAY_MS = 86_400_000;
export const RUN_LOG_DAYS = 90;
export const JOB_RESULT_DAYS = 14;
/** An authorize link is good for ten minutes; its outcome is kept a day for whoever comes back to look. */
const OAUTH_ATTEMPT_DAYS = 1;
/** Who was asked is looked up within a quarter; the journal says it for good. */
const CONSENT_LINK_DAYS = 90;
/** A preview that nobody applied holds what a file said of people. */
const IMPORT_PREVIEW_DAYS = 7;
const IMPORT_ERROR_DAYS = 90;
/** Who was told what is asked about within a year; messages hold addresses and are not kept for longer. */
const MESSAGE_DAYS = 365;

/** Who was signed in where is asked about for a while; the journal keeps that they were. */
const SESSION_DAYS = 30;

/** What is deleted by itself, after how many days, for whoever asks. */
export const RETENTION = [
  { what: "run-logs", days: RUN_LOG_DAYS },
  { what: "job-results", days: JOB_RESULT_DAYS },
  { what: "import-previews", days: IMPORT_PREVIEW_DAYS },
  { what: "import-errors", days: IMPORT_ERROR_DAYS },
  { what: "messages", days: MESSAGE_DAYS },
  { what: "sessions", days: SESSION_DAYS },
];

/** Deletes what is past its time, each kind in a transaction of its own; gives what it did, in words. */
export async function keepHouse(db: Database, now: Date): Promise<string> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const deleted = {
    "log entries": await db.transaction((tx) => deleteRunEvents(tx, daysAgo(RUN_LOG_DAYS))),
    "job results": await db.transaction((tx) => deleteJobResults(tx, daysAgo(JOB_RESULT_DAYS))),
    "staged rows": await db.transaction(deleteOrphanedStagedRows),
    "authorize links": await db.transaction((tx) => deleteOauthAttempts(tx, daysAgo(OAUTH_ATTEMPT_DAYS))),
    "links to connect by": await db.transaction((tx) => deleteConsentLinks(tx, daysAgo(CONSENT_LINK_DAYS))),
    "import previews": await db.transaction((tx) => deleteForgottenImports(tx, daysAgo(IMPORT_PREVIEW_DAYS))),
    "errors of imports": await db.transaction((tx) => deleteImportErrors(tx, daysAgo(IMPORT_ERROR_DAYS))),
    sessions: await db.transaction((tx) => deleteSessions(tx, daysAgo(SESSION_DAYS))),
    "waits of sign-ins": await db.transaction((tx) => deletePastWaits(tx, daysAgo(1))),
    messages: await db.transaction((tx) => deleteMessages(tx, daysAgo(MESSAGE_DAYS))),
  };
  await db.transaction((tx) => forgetRetiredCredentials(tx, now));
  await db.transaction(deleteLapsedLeases);
  await db.transaction(deleteForgottenProcesses);
  await db.transaction((tx) => deleteQuotas(tx, daysAgo(1)));
  const counts = Object.entries(deleted).filter(([, count]) => count > 0);
  if (counts.length === 0) return "Nothing was past its time.";
  return `Deleted ${counts.map(([what, count]) => `${count} ${what}`).join(", ")}.`;
}
