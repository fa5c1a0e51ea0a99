import type { KeyObject } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import type { LinkSigner } from "../lib/signed-link.ts";
import type { Log } from "../lib/log.ts";
import type { SecretBox } from "../lib/secret-box.ts";
import type { Mailer } from "../actions/messages/mailer.ts";
import type { WebhookPoster } from "../actions/messages/webhook-poster.ts";
import type { OpenActSite } from "../sync/connect/open-act-site.ts";
import type { Database } from "../store/database.ts";
import { HOUSEKEEPING, type JobResult, type JobResultState } from "../store/jobs.ts";
import { keepHouse } from "./housekeeping.ts";
import { checkIns } from "./kinds/check-ins.ts";
import { findReclamationCandidates } from "./kinds/find-candidates.ts";
import { executeActions } from "./kinds/execute-actions.ts";
import { planScheduledCandidates } from "./kinds/plan-candidates.ts";
import { computePositionJob } from "./kinds/compute-position.ts";
import { refreshLicenses } from "./kinds/refresh-licenses.ts";
import { sendDigests } from "./kinds/send-digests.ts";
import { sendMessages } from "./kinds/send-messages.ts";
import { writeCheckpoint } from "./kinds/write-checkpoint.ts";
import { watchConnections } from "./kinds/watch-connections.ts";
import { settleExclusionsJob } from "./kinds/settle-exclusions.ts";

/** What a job of the installation works with. */
export interface JobParts {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: SecretBox;
  /** Signs the links in messages. */
  links: LinkSigner;
  /** Where signed checkpoints are kept beside the database. */
  checkpointFile: string;
  /** Sign checkpoints of the journal; the first signs. */
  checkpointKeys: readonly { id: string; privateKey: KeyObject }[];
  /** How browsers reach Usher, without a trailing slash; links in messages begin with it. */
  publicUrl: string;
  /** Opens a site with the credentials that may change it. */
  openSite: OpenActSite;
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  webhooks: WebhookPoster;
  /** Names this process among those that share the database. */
  holder: string;
}

/** What one time of a job works with. */
export interface JobWork extends JobParts {
  /** Adds a line to the log of this time, which is kept as long as its result. */
  tell(message: string): Promise<void>;
}

export interface JobEnd {
  state: Extract<JobResultState, "succeeded" | "partial" | "failed" | "skipped">;
  /** What it did, in words. */
  message: string;
}

/**
 * A job of the installation that is no run: one row in `jobs`, one of a kind at a time across all processes. What it does
 * is right however often it is done: a process that dies half-way is followed by another that begins it again.
 */
export interface JobKind {
  kind: string;
  /** As it is listed, with the names of PRODUCT.md §4. */
  name: string;
  cron: string;
  /** Also begun when a run of any site has ended. */
  followsRuns: boolean;
  /** Whether something waits for it now: it is then begun at once, as its schedule is only for what nobody signals. */
  hasWork?(parts: JobParts): Promise<boolean>;
  /** `signal` is aborted when this process stops or has lost the job to another. */
  execute(parts: JobWork, result: JobResult, signal: AbortSignal): Promise<JobEnd>;
}

const housekeeping: JobKind = {
  kind: HOUSEKEEPING,
  name: "Housekeeping",
  cron: "17 3 * * *",
  followsRuns: false,
  execute: async ({ db, clock }) => ({ state: "succeeded", message: await keepHouse(db, clock.now()) }),
};

/** Every kind, in the order in which those that are due together begin. */
export const JOB_KINDS: readonly JobKind[] = [
  settleExclusionsJob,
  housekeeping,
  findReclamationCandidates,
  checkIns,
  planScheduledCandidates,
  executeActions,
  refreshLicenses,
  computePositionJob,
  watchConnections,
  sendDigests,
  writeCheckpoint,
  sendMessages,
];
