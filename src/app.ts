import { randomBytes } from "node:crypto";
import { readFile, rename, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { createMailer } from "./actions/messages/mailer.ts";
import { createWebhookPoster } from "./actions/messages/webhook-poster.ts";
import { examineInstallation } from "./commands/examine-installation.ts";
import { type CheckpointPlaces, verifyJournal } from "./commands/journal/verify-journal.ts";
import { checkKeys } from "./commands/keys/check-keys.ts";
import { openSecrets } from "./commands/keys/open-secrets.ts";
import { openSigningKeys } from "./commands/keys/open-signing-keys.ts";
import { settleRestored, type SettledCopy } from "./commands/restore/settle-restored.ts";
import { createFirstAdminCode, createSignInLink } from "./commands/sign-in/make-link.ts";
import { createSetupToken, ensureFirstToken } from "./commands/tokens/create-first-token.ts";
import { findFreePort, listen } from "./http/listen.ts";
import { createRunSignals } from "./http/run-signals.ts";
import { createServer } from "./http/server.ts";
import type { SettingsService } from "./http/services.ts";
import { RETENTION } from "./jobs/housekeeping.ts";
import { startJobs } from "./jobs/jobs.ts";
import { startPresence } from "./jobs/presence.ts";
import { startSampleKeeper } from "./jobs/sample/keeper.ts";
import type { BackupHeader } from "./lib/backup-file.ts";
import { createAddressPolicy } from "./lib/address-policy.ts";
import { type Checkpoint, publicKeyOf } from "./lib/checkpoint.ts";
import { systemClock } from "./lib/clock.ts";
import { Fault } from "./lib/errors.ts";
import { readKeyFile } from "./lib/key-file.ts";
import { createLinkSigner } from "./lib/signed-link.ts";
import { checkpointKeys, linkKeys } from "./lib/signing.ts";
import type { Log } from "./lib/log.ts";
import { createSecretBox, type SecretBox, type SecretKey } from "./lib/secret-box.ts";
import type { Settings } from "./lib/settings.ts";
import { showSettings } from "./lib/shown-settings.ts";
import { hostsFromEnvironment } from "./sources/atlassian/hosts.ts";
import { createSources } from "./sources/index.ts";
import { createSampleHost, type SampleHost } from "./sources/sample.ts";
import { startSampleSimulator } from "./sim/sample.ts";
import type { HealthCheck } from "./rules/installation-health.ts";
import { SAMPLE_EMAIL_DOMAIN, SAMPLE_ORIGIN } from "./model/sample-company.ts";
import type { QuotaReport } from "./model/quotas.ts";
import { refuseUnfinishedRestore } from "./store/backup/marker.ts";
import { restoreBackup } from "./store/backup/restore.ts";
import { type Database, openDatabase } from "./store/database.ts";
import type { JournalVerification } from "./store/journal.ts";
import { gatherMissingSeatFacts } from "./store/seat-facts.ts";
import { migrate } from "./store/migrate.ts";
import type { ProcessIdentity, ProcessKind } from "./store/processes.ts";
import { exchangeQuotas } from "./store/quotas.ts";
import { compareSchema, refuseNewerSchema } from "./store/schema-version.ts";
import { startDatabase, startDatabaseAlone } from "./store/start-database.ts";
import { afterRun } from "./sync/after-run.ts";
import { type CredentialKeeper, createCredentialKeeper } from "./sync/connect/credentials/credential-access.ts";
import { createConnectService } from "./sync/connect/service.ts";
import { openActSite } from "./sync/connect/open-act-site.ts";
import { openRunSite } from "./sync/connect/open-run-site.ts";
import { executeRun } from "./sync/run.ts";

export interface StartOptions {
  settings: Settings;
  log: Log;
  /** Where Atlassian answers is read from it; the process's own when left out. */
  environment?: Record<string, string | undefined>;
  /** How Atlassian is called; a bench records with it. */
  fetch?: typeof fetch;
  /** Make this person an admin, and tell a link that signs them in. */
  signInAs?: { name: string; email: string };
  /** Make another token for the service account `setup`, though there are some. */
  newToken?: boolean;
  /** False: it serves only, and other processes execute the runs and jobs. */
  worker?: boolean;
  /** The key file was lost: make new keys, and let each credential be entered again. */
  forgetCredentials?: boolean;
  /** The database is gone for good, or another Usher took the installation: this process must end. */
  onFatal?(fault: Fault): void;
}

export interface Usher {
  /** Where browsers reach it. */
  url: string;
  apiUrl: string;
  /** Told once, at the first start of an installation or when it was asked for; null otherwise. */
  firstToken: string | null;
  /** Where the first admin is made, while there is none; told at each start until then. */
  setupUrl: string | null;
  /** Signs in whoever it was asked for; works once. */
  signInUrl: string | null;
  dataDir: string;
  databaseKind: "embedded" | "postgresql";
  /** Lets requests under way end and runs save where they are, then closes the database. */
  stop(): Promise<void>;
}

/** Wires one Usher and starts it. What was started is stopped again when a later step fails. */
export async function startUsher(options: StartOptions): Promise<Usher> {
  const { settings, log } = options;
  const isWorker = options.worker ?? true;
  const { fatal, started, stop } = startList(options);

  try {
    if (!isWorker) refuseEmbedded(settings, "`usher serve --no-worker`");
    const database = await startDatabase(settings, log, fatal);
    started.push(database.stop);
    const db = openDatabase(database.connection, { clock, log });
    started.push(() => db.close());
    await refuseUnfinishedRestore(db);
    await refuseNewerSchema(db);
    await migrate(database.connection);
    // Of sites that were last read by a version that did not gather them; before any job can count seats by them.
    await db.transaction(gatherMissingSeatFacts);
    const secrets = await openSecrets({ db, clock }, settings, {
      mayCreate: true,
      forget: options.forgetCredentials ?? false,
    });

    const signing = await openSigningKeys({ db }, settings.keysFile);
    const links = createLinkSigner(linkKeys(signing));

    const port = settings.port === 0 ? await findFreePort(settings.host) : settings.port;
    const url = settings.publicUrl ?? `http://localhost:${port}`;
    const identity = await identify(isWorker ? "server" : "server-only");
    const sample = createSampleHost();
    const sources = sourcesOf(options, db, identity.holder, sample);
    const parts = { ...options, db, secrets, sources, sample, identity };
    const { service: connect, keeper } = createConnectService({ ...parts, clock, publicUrl: url });

    const runSignals = await createRunSignals(db);
    started.push(() => runSignals.close());
    const installation = {
      version: identity.version,
      database: settings.databaseUrl === null ? ("embedded" as const) : ("external" as const),
      startedAt: identity.startedAt,
    };
    const server = await createServer({
      db,
      clock,
      log,
      secrets,
      publicUrl: url,
      trustedProxies: settings.trustedProxies,
      services: {
        installation,
        runSignals,
        connect,
        links,
        isMailSet: settings.mail !== null,
        webhookPolicy: createAddressPolicy(settings.webhookAllow),
        checkpoints: checkpointPlaces(settings, signing),
        settings: settingsService(options, signing, url),
      },
    });
    started.push(() => server.close());

    const work = { ...parts, connection: database.connection, keeper, fatal, started, signing, publicUrl: url };
    await startWork({ ...work, isWorker });
    await listen(server, settings.host, port);
    // Last of all: it can be told once only, so a start that fails, on a port in use perhaps, must not have made it.
    const firstToken = await (options.newToken ? createSetupToken({ db, clock }) : ensureFirstToken({ db, clock }));
    const signInCode = options.signInAs ? await createSignInLink({ db, clock }, options.signInAs) : null;
    const setupCode = await createFirstAdminCode({ db, clock });
    log.info({ url, database: installation.database }, "Usher is ready");
    return {
      url,
      apiUrl: `${url}/api/v1`,
      firstToken,
      setupUrl: setupCode === null ? null : `${url}/setup?code=${setupCode}`,
      signInUrl: signInCode === null ? null : `${url}/sign-in/${signInCode}`,
      dataDir: settings.dataDir,
      databaseKind: settings.databaseUrl === null ? "embedded" : "postgresql",
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface WorkerOptions extends Omit<StartOptions, "newToken" | "signInAs" | "worker" | "forgetCredentials"> {
  /** Ends the wait for a server that brings the database to this version. */
  signal: AbortSignal;
  /** The database is older than this version: the worker waits for a server of its own version. */
  onWaiting?(): void;
}

export interface Worker {
  /** Names it in `usher status`. */
  holder: string;
  /** Lets runs under way save where they are, gives them back, then closes the database. */
  stop(): Promise<void>;
}

/** Wires a process that executes runs and jobs beside others on one PostgreSQL, and listens to nobody. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { settings, log } = options;
  const { fatal, started, stop } = startList(options);
  try {
    refuseEmbedded(settings, "`usher worker`");
    const connection = { connectionString: settings.databaseUrl ?? "" };
    const db = openDatabase(connection, { clock, log });
    started.push(() => db.close());
    await refuseUnfinishedRestore(db);
    await waitForSchema(db, options);
    const secrets = await openSecrets({ db, clock }, settings, { mayCreate: false, forget: false });
    const identity = await identify("worker");
    const sample = createSampleHost();
    const sources = sourcesOf(options, db, identity.holder, sample);
    const parts = { ...options, db, secrets, sources, sample, identity };
    const keeper = createCredentialKeeper({ ...parts, clock });
    const signing = await openSigningKeys({ db }, settings.keysFile);
    const publicUrl = settings.publicUrl ?? `http://localhost:${settings.port}`;
    await startWork({ ...parts, connection, keeper, fatal, started, signing, publicUrl, isWorker: true });
    log.info({ holder: identity.holder, version: identity.version }, "the worker is ready");
    return { holder: identity.holder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface RestoreOptions {
  settings: Settings;
  log: Log;
  /** The backup. */
  file: string;
  tell(table: string, rows: number): void;
}

export interface Restored extends SettledCopy {
  header: BackupHeader;
  rows: number;
}

/** Makes the empty database of these settings the copy of a backup; nothing is started on it. */
export async function restoreInstallation({ settings, log, file, tell }: RestoreOptions): Promise<Restored> {
  const { fatal, started, stop } = startList({ log });
  try {
    const database = await startDatabaseAlone(settings, log, fatal);
    started.push(database.stop);
    const db = openDatabase(database.connection, { clock, log });
    started.push(() => db.close());
    let settled: SettledCopy = { pausedConnectionIds: [], forgottenCredentialIds: [] };
    let rows = 0;
    const header = await restoreBackup(
      {
        db,
        connection: database.connection,
        tell(table, count) {
          rows += count;
          tell(table, count);
        },
        async settle(backup) {
          const secrets = createSecretBox(await readKeyFile(settings.keysFile));
          const actor = { operatorId: "system", through: "setup" } as const;
          settled = await settleRestored({ db, clock, secrets, actor }, backup);
          await checkKeys({ db, clock, secrets });
        },
      },
      file,
    );
    await putAsideCheckpoints(settings);
    return { header, rows, ...settled };
  } finally {
    await stop();
  }
}

export interface OfflineVerification {
  settings: Settings;
  log: Log;
  /** Checkpoints that whoever asks has kept. */
  given: readonly Checkpoint[];
}

/** Verifies the journal without a server: of the embedded database only while none runs. Nothing is changed. */
export async function verifyOffline({ settings, log, given }: OfflineVerification): Promise<JournalVerification> {
  const { fatal, started, stop } = startList({ log });
  try {
    const database =
      settings.databaseUrl === null
        ? await startDatabase(settings, log, fatal)
        : { connection: { connectionString: settings.databaseUrl }, stop: async () => {} };
    started.push(database.stop);
    const db = openDatabase(database.connection, { clock, log });
    started.push(() => db.close());
    await refuseNewerSchema(db);
    const signing = await openSigningKeys({ db }, settings.keysFile);
    return await verifyJournal({ db }, checkpointPlaces(settings, signing), given);
  } finally {
    await stop();
  }
}

/** What is shown of the settings; the keys are told by their names. */
function settingsService(
  { settings, environment }: StartOptions,
  signing: readonly SecretKey[],
  publicUrl: string,
): SettingsService {
  const named = (keys: readonly SecretKey[], purpose: "encryption" | "signing") =>
    keys.map(({ id }, index) => ({ id, purpose, isCurrent: index === 0 }));
  return {
    environment: showSettings(environment ?? process.env),
    publicUrl,
    retention: RETENTION,
    listKeys: async () => [...named(await readKeyFile(settings.keysFile), "encryption"), ...named(signing, "signing")],
    async freeBytes() {
      // A file system that does not tell is no reason to show nothing else.
      const told = await statfs(settings.dataDir).catch(() => null);
      return told && told.bavail * told.bsize;
    },
  };
}

function checkpointPlaces(settings: Pick<Settings, "dataDir">, signing: readonly SecretKey[]): CheckpointPlaces {
  const knownKeys = checkpointKeys(signing).map(({ privateKey }) => publicKeyOf(privateKey));
  return { file: checkpointFileOf(settings), knownKeys };
}

function checkpointFileOf({ dataDir }: Pick<Settings, "dataDir">): string {
  return join(dataDir, "journal-checkpoints.jsonl");
}

/** Those of the journal that was here before say nothing of the restored one, which begins where the backup ends. */
async function putAsideCheckpoints(settings: Pick<Settings, "dataDir">): Promise<void> {
  const file = checkpointFileOf(settings);
  const aside = file.replace(/\.jsonl$/, `-before-restore-${clock.now().toISOString().replaceAll(":", "-")}.jsonl`);
  await rename(file, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** What the database tells of the installation, for when no server is up to be asked. Nothing is started or changed. */
export async function examineDatabase(settings: Settings, log: Log): Promise<HealthCheck[]> {
  const db = openDatabase({ connectionString: settings.databaseUrl ?? "" }, { clock, log });
  try {
    return await examineInstallation({ db, clock });
  } finally {
    await db.close();
  }
}

const clock = systemClock;

/** What was started is stopped in the opposite order, once. */
function startList({ log, onFatal }: Pick<StartOptions, "log" | "onFatal">) {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of started.splice(0).toReversed()) await each();
  };
  const fatal = onFatal ?? ((fault: Fault) => log.error({ code: fault.code, error: fault.message }, "ended"));
  return { fatal, started, stop };
}

function refuseEmbedded(settings: Settings, command: string): void {
  if (settings.databaseUrl !== null) return;
  throw new Fault(`${command} was started without DATABASE_URL.`, {
    code: "worker.embedded-database",
    publicMessage:
      `${command} needs a PostgreSQL that several processes reach; the embedded one belongs to the process that started ` +
      "it. Set DATABASE_URL to the same database for every process. `usher serve` alone needs none.",
  });
}

const SCHEMA_POLL_MS = 2_000;

/** A server migrates; a worker that is newer than it waits, one that is older must not run. */
async function waitForSchema(db: Database, { log, signal, onWaiting }: WorkerOptions): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    await refuseNewerSchema(db);
    if ((await compareSchema(db)) === "as-known") return;
    if (!isTold) {
      log.warn({}, "waiting for a server of this version to bring the database up to it");
      onWaiting?.();
    }
    await clock.sleep(SCHEMA_POLL_MS, signal);
  }
}

async function identify(kind: ProcessKind): Promise<ProcessIdentity> {
  const holder = `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`;
  return { holder, kind, version: await readVersion(), startedAt: clock.now() };
}

function sourcesOf(
  { environment, fetch, log }: Pick<StartOptions, "environment" | "fetch" | "log">,
  db: Database,
  holder: string,
  sample: SampleHost,
) {
  const hosts = hostsFromEnvironment(environment ?? process.env);
  const exchange = (reports: readonly QuotaReport[]) => db.transaction((tx) => exchangeQuotas(tx, holder, reports));
  return createSources({ hosts, fetch, log, quotas: { exchange }, sample });
}

interface WorkParts {
  settings: Settings;
  db: Database;
  log: Log;
  secrets: SecretBox;
  sources: ReturnType<typeof createSources>;
  sample: ReturnType<typeof createSampleHost>;
  keeper: CredentialKeeper;
  connection: pg.PoolConfig;
  identity: ProcessIdentity;
  signing: readonly SecretKey[];
  publicUrl: string;
  /** False: it only tells that it is there. */
  isWorker: boolean;
  fatal(fault: Fault): void;
  started: (() => Promise<void>)[];
}

/** Tells the others of this process, and executes runs and jobs in it. */
async function startWork(parts: WorkParts): Promise<void> {
  const { db, log, secrets, sources, keeper, connection, identity, started } = parts;
  const { holder } = identity;
  const presence = await startPresence({ db, clock, log, identity, onOutdated: parts.fatal });
  started.push(() => presence.close());
  if (!parts.isWorker) return;
  const opening = { db, clock, log, sources, keeper };
  const openSite = openRunSite(opening);
  const { mail } = parts.settings;
  const mailer = mail && createMailer(mail, log);
  if (mailer) started.push(() => mailer.close());
  const jobs = await startJobs({
    db,
    clock,
    log,
    secrets,
    holder,
    connection,
    links: createLinkSigner(linkKeys(parts.signing)),
    checkpointKeys: checkpointKeys(parts.signing),
    publicUrl: parts.publicUrl,
    openSite: openActSite(opening),
    checkpointFile: checkpointFileOf(parts.settings),
    mailer,
    webhooks: createWebhookPoster({ policy: createAddressPolicy(parts.settings.webhookAllow) }),
    runsMax: parts.settings.runsMax,
    executeRun: (runId, signal) =>
      executeRun({ db, clock, log, holder, openSite, afterRun: (ran, run) => afterRun(ran.db, run) }, runId, signal),
  });
  started.push(() => jobs.close());
  const sample = await startSampleKeeper({
    ...opening,
    secrets,
    publicUrl: parts.publicUrl,
    holder,
    startSimulator: (company) =>
      startSampleSimulator({ ...company, publicUrl: SAMPLE_ORIGIN, emailDomain: SAMPLE_EMAIL_DOMAIN }),
    onSimulator: (url) => parts.sample.set(url),
  });
  started.push(() => sample.close());
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
