import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { ConnectionSettings } from "../model/connections.ts";
import type { RunScope } from "../model/runs.ts";
import type { SiteSource, SourceEvent } from "../sources/source.ts";
import type { Database, Tx } from "../store/database.ts";
import type { EvidenceWindow } from "../store/merge/activity.ts";
import type { MergeContext } from "../store/merge/incoming.ts";
import type { RunRow, RunSetup } from "../store/runs.ts";
import type { MergedAccounts } from "./merged-accounts.ts";
import type { Progress } from "./progress.ts";

/** What executing runs needs from the world. */
export interface SyncContext {
  db: Database;
  clock: Clock;
  log: Log;
  /** Opens the run's site with the connection's credentials; `observe` hears of each request and each wait. */
  openSite(run: RunRow, observe: (event: SourceEvent) => void): Promise<SiteSource>;
  /** Makes what is computed from the facts: evidence of seats, seats, summaries. Called after every run that merged. */
  afterRun: AfterRun;
  /** Names this process among those that share the database. */
  holder: string;
  /** Most pages read at once of one site. */
  concurrencyMax?: number;
  /** Called after each saved cursor and each committed merge; a test kills the process there. */
  checkpoint?: (name: string) => Promise<void> | void;
}

/** Set-based, in transactions of its own. Called again after a crash with the same run, so it must be repeatable. */
export type AfterRun = (parts: { db: Database; clock: Clock }, run: AfterRunContext) => Promise<unknown>;

export interface AfterRunContext {
  siteId: string;
  connectionId: string;
  runId: string;
  scope: RunScope;
  observedAt: Date;
  settings: ConnectionSettings;
}

/** One run under way, as its parts see it. */
export interface RunUnderWay extends Pick<SyncContext, "db" | "clock" | "log"> {
  run: RunRow;
  setup: RunSetup;
  source: SiteSource;
  merge: MergeContext;
  /** What the organization's directory told last is older than data may be: it counts only if this run reads it anew. */
  isDirectoryStale: boolean;
  signal: AbortSignal;
  progress: Progress;
  concurrencyMax: number;
  mergedAccounts: MergedAccounts;
  /** What content search will cover once this run has read it; `contentSince` is where it begins to read. */
  contributed: EvidenceWindow;
  contentSince: Date;
  /** The same of the audit log; null: a delta run has nothing to follow from. */
  administered: EvidenceWindow;
  auditSince: Date | null;
  checkpoint(name: string): Promise<void>;
  /** A transaction that commits only while this process holds the site. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * As `write`, one at a time, for what is merged with the place from which reading goes on: a power cut takes both back
   * together. Two merges side by side would meet at the rows that both change.
   */
  writeFacts<T>(work: (tx: Tx) => Promise<T>, options?: { isUrgent: boolean }): Promise<T>;
  /** The same for pages that are staged or only added to: beside the merges, which touch nothing of theirs. */
  writePages<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}
