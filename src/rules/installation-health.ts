import { nextTime, parseCron } from "../lib/cron.ts";

/** One thing that was looked at. */
export interface HealthCheck {
  name: string;
  verdict: "ok" | "warn" | "bad";
  says: string;
  /** What to do; null where nothing needs doing. */
  fix: string | null;
}

/** What the judgement rests on; the store reads it. */
export interface InstallationHealthFacts {
  server: {
    /** As PostgreSQL counts: 150004 is 15.4. */
    versionNumber: number;
    sizeBytes: number;
    now: Date;
    transactionAge: number;
    bloated: readonly string[];
  };
  schema: "as-known" | "older" | "newer";
  processes: readonly { kind: "server" | "server-only" | "worker"; version: string; isAlive: boolean }[];
  work: { waitingRuns: number; forsakenRuns: number };
  jobs: readonly { name: string; cron: string; since: Date }[];
  credentials: readonly { label: string; connection: string; isLost: boolean; expiresAt: Date | null }[];
  sites: readonly { name: string; health: string; lastSyncedAt: Date | null; staleAfterHours: number }[];
  mail: { waiting: number; checkIns: number; lastError: string | null };
  lastBackupAt: Date | null;
  restored: { madeAt: Date } | null;
  journal: { intact: boolean; checked: number; brokenAt: number | null; reason: string | null };
  /** How long one question to the database took. */
  latencyMs: number;
  /** When Usher's own clock was read, beside `server.now`. */
  at: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const VERSION_MIN = 150_000;
const LATENCY_MS_MAX = 50;
/** Leases are by the database's clock, but facts and journal carry Usher's. */
const SKEW_MS_MAX = 5_000;
/** PostgreSQL, "Preventing Transaction ID Wraparound Failures": it warns from 40 million left of some 2.1 billion on. */
const TRANSACTION_AGE_WARN = 1_000_000_000;
const TRANSACTION_AGE_BAD = 1_800_000_000;
/** A job may wait for others; an hour late, something keeps it. */
const LATE_MS_MAX = HOUR_MS;
const EXPIRES_WITHIN_DAYS = 14;
const BACKUP_DAYS_MAX = 7;
/** Names told of one kind; a list of all would hide the rest. */
const NAMES_MAX = 5;

/** Whether all is well with an installation, in words, each with what to do about it. */
export function judgeInstallation(facts: InstallationHealthFacts): HealthCheck[] {
  return [
    judgeVersion(facts),
    judgeSchema(facts),
    judgeLatency(facts),
    judgeClock(facts),
    judgeUpkeep(facts),
    judgeJournal(facts),
    judgeProcesses(facts),
    judgeRuns(facts),
    judgeJobs(facts),
    judgeCredentials(facts),
    judgeSites(facts),
    judgeMail(facts),
    judgeBackup(facts),
    judgeCopy(facts),
  ].filter((each) => each !== null);
}

function judgeVersion({ server }: InstallationHealthFacts): HealthCheck {
  const version = `${Math.floor(server.versionNumber / 10_000)}.${server.versionNumber % 10_000}`;
  const says = `PostgreSQL ${version}, ${megabytes(server.sizeBytes)}.`;
  if (server.versionNumber >= VERSION_MIN) return ok("database", says);
  return bad("database", says, "Usher needs PostgreSQL 15 or newer: upgrade it.");
}

/** Whether the database is of the version that asks; of another one, nothing else can be told. */
export function judgeSchema({ schema }: Pick<InstallationHealthFacts, "schema">): HealthCheck {
  if (schema === "as-known") return ok("schema", "The schema is that of this version.");
  if (schema === "older") {
    return bad("schema", "The schema is of an older version.", "Start `usher serve` of this version: it migrates.");
  }
  return bad("schema", "The schema is of a newer version.", "Update this Usher to that of the other processes.");
}

function judgeLatency({ latencyMs }: InstallationHealthFacts): HealthCheck {
  const says = `One question to the database takes ${Math.round(latencyMs)} ms.`;
  if (latencyMs <= LATENCY_MS_MAX) return ok("latency", says);
  return warn("latency", says, "Syncs ask thousands of times: run Usher near its database, or look what loads it.");
}

function judgeClock({ server, at }: InstallationHealthFacts): HealthCheck {
  const skewMs = Math.abs(server.now.getTime() - at.getTime());
  const says = `Usher's clock and the database's differ by ${(skewMs / 1000).toFixed(1)} s.`;
  if (skewMs <= SKEW_MS_MAX) return ok("clock", says);
  return warn("clock", says, "Let both machines take their time from NTP.");
}

function judgeUpkeep({ server }: InstallationHealthFacts): HealthCheck {
  const { transactionAge, bloated } = server;
  const fix = "See that autovacuum is on, or run `vacuum` on them.";
  if (transactionAge >= TRANSACTION_AGE_BAD) {
    return bad("vacuum", "PostgreSQL is close to running out of transaction ids and will then take no writes.", fix);
  }
  if (transactionAge >= TRANSACTION_AGE_WARN) return warn("vacuum", "Old rows have not been frozen for long.", fix);
  if (bloated.length > 0) return warn("vacuum", `More dead rows than living ones in ${named(bloated)}.`, fix);
  return ok("vacuum", "Dead rows are cleared away.");
}

function judgeJournal({ journal }: InstallationHealthFacts): HealthCheck {
  if (journal.intact) return ok("journal", `${journal.checked} entries verify.`);
  return bad(
    "journal",
    `The journal is broken at entry ${journal.brokenAt}: ${journal.reason}.`,
    "Somebody changed the database by hand. Keep a copy as evidence, and restore the last backup that verifies.",
  );
}

function judgeMail({ mail: { waiting, checkIns, lastError } }: InstallationHealthFacts): HealthCheck {
  if (waiting === 0) return ok("mail", "No mail waits for a mail server.");
  const says = `${waiting} ${waiting === 1 ? "mail waits" : "mails wait"} for a mail server${askedOf(checkIns)}.`;
  const fix = "No mail server is configured: set USHER_SMTP_URL and USHER_MAIL_FROM, and restart Usher.";
  return lastError === null
    ? warn("mail", says, fix)
    : warn("mail", `${says} ${lastError}`, "See `usher message list`.");
}

/** Check-ins and decisions: nobody answers what they were never asked. */
function askedOf(checkIns: number): string {
  return checkIns === 0 ? "" : `, ${checkIns} of which ask somebody about a seat`;
}

function judgeProcesses({ processes }: InstallationHealthFacts): HealthCheck {
  const alive = processes.filter((each) => each.isAlive);
  const silent = processes.length - alive.length;
  const versions = [...new Set(alive.map((each) => each.version))];
  if (!alive.some((each) => each.kind !== "server-only")) {
    return bad(
      "processes",
      "No process executes runs and jobs.",
      "Start `usher worker`, or `usher serve` without --no-worker.",
    );
  }
  if (versions.length > 1) {
    return warn(
      "processes",
      `The processes are of several versions: ${named(versions)}.`,
      "Update all of them to one.",
    );
  }
  if (silent > 0) {
    return warn(
      "processes",
      `${silent} of ${processes.length} processes ended without a word.`,
      "Look into their logs; they are forgotten after a day.",
    );
  }
  return ok("processes", `${alive.length} ${alive.length === 1 ? "process lives" : "processes live"}.`);
}

function judgeRuns({ work }: InstallationHealthFacts): HealthCheck {
  if (work.forsakenRuns > 0) {
    const says = `${work.forsakenRuns} runs are under way that no process holds.`;
    return bad(
      "runs",
      says,
      "A living process takes them over within seconds: see that one executes runs, and its log.",
    );
  }
  if (work.waitingRuns > 0) {
    const says = `${work.waitingRuns} runs have waited for more than 15 minutes.`;
    return warn("runs", says, "Start another `usher worker`, or raise USHER_RUNS_MAX.");
  }
  return ok("runs", "No run is stuck.");
}

function judgeJobs({ jobs, at }: InstallationHealthFacts): HealthCheck {
  const late = jobs.filter(({ cron, since }) => {
    const parsed = parseCron(cron);
    const dueAt = parsed && nextTime(parsed, since);
    return dueAt && at.getTime() - dueAt.getTime() > LATE_MS_MAX;
  });
  if (late.length === 0) return ok("jobs", `${jobs.length} jobs, none late.`);
  const says = `Due, but not begun: ${named(late.map(({ name }) => name))}.`;
  return warn("jobs", says, "See that a process executes jobs; `usher job list` tells their last results.");
}

function judgeCredentials({ credentials, at }: InstallationHealthFacts): HealthCheck {
  const nameOf = ({ label, connection }: (typeof credentials)[number]) => `${label} of ${connection}`;
  const lost = credentials.filter((each) => each.isLost);
  const soon = credentials.filter(({ expiresAt }) => {
    return expiresAt && expiresAt.getTime() - at.getTime() < EXPIRES_WITHIN_DAYS * DAY_MS;
  });
  if (lost.length > 0) {
    return bad(
      "credentials",
      `No longer accepted: ${named(lost.map(nameOf))}.`,
      "Enter a new secret, or consent again: `usher connection rotate`, `usher connection authorize`.",
    );
  }
  if (soon.length > 0) {
    const says = `Expired, or will within ${EXPIRES_WITHIN_DAYS} days: ${named(soon.map(nameOf))}.`;
    return warn("credentials", says, "Make new ones at Atlassian and enter them: `usher connection rotate`.");
  }
  return ok("credentials", `${credentials.length} credentials, none about to end.`);
}

function judgeSites({ sites, at }: InstallationHealthFacts): HealthCheck {
  const unwell = sites.filter(({ health }) => health === "degraded" || health === "needs-reauthorization");
  const stale = sites.filter(({ lastSyncedAt, staleAfterHours }) => {
    return lastSyncedAt && at.getTime() - lastSyncedAt.getTime() > staleAfterHours * HOUR_MS;
  });
  const names = (of: typeof sites) => named(of.map(({ name }) => name));
  if (stale.length > 0) {
    return bad(
      "sites",
      `Data is too old: ${names(stale)}.`,
      "`usher run list` tells how the last runs ended; `usher sync` reads them now.",
    );
  }
  if (unwell.length > 0)
    return warn(
      "sites",
      `Not all of it can be read: ${names(unwell)}.`,
      "`usher connection check` tells what is missing.",
    );
  return ok("sites", `${sites.length} sites, none stale.`);
}

function judgeBackup({ lastBackupAt, at }: InstallationHealthFacts): HealthCheck {
  const fix = "`usher backup create <file>`, and keep the file and the key file elsewhere.";
  if (!lastBackupAt) return warn("backup", "No backup was ever made with `usher backup`.", fix);
  const days = Math.floor((at.getTime() - lastBackupAt.getTime()) / DAY_MS);
  const says = `The last backup was made ${days === 0 ? "today" : `${days} ${days === 1 ? "day" : "days"} ago`}.`;
  return days > BACKUP_DAYS_MAX ? warn("backup", says, fix) : ok("backup", says);
}

/** Null where it is no copy: nothing was looked for. */
function judgeCopy({ restored }: InstallationHealthFacts): HealthCheck | null {
  if (!restored) return null;
  return warn(
    "restored copy",
    `This is a copy of ${restored.madeAt.toISOString().slice(0, 16)} UTC, and everything is paused.`,
    "When the other installation is gone: `usher restore confirm`, then resume each connection.",
  );
}

function ok(name: string, says: string): HealthCheck {
  return { name, verdict: "ok", says, fix: null };
}

function warn(name: string, says: string, fix: string): HealthCheck {
  return { name, verdict: "warn", says, fix };
}

function bad(name: string, says: string, fix: string): HealthCheck {
  return { name, verdict: "bad", says, fix };
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return names.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000).toLocaleString("en-US")} MB`;
}
