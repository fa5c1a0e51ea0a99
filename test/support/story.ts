import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMailer } from "../../src/actions/messages/mailer.ts";
import { type MailServer, startMailServer } from "../../src/actions/messages/testing/mail-server.ts";
import { type Client, createClient } from "../../src/api/client.ts";
import { listJobResults, listJobs, runJob } from "../../src/api/jobs.ts";
import type { Context } from "../../src/commands/context.ts";
import { createToken } from "../../src/commands/tokens/create-token.ts";
import { ensureFirstToken } from "../../src/commands/tokens/create-first-token.ts";
import { findFreePort, listen } from "../../src/http/listen.ts";
import { createRunSignals } from "../../src/http/run-signals.ts";
import { createServer } from "../../src/http/server.ts";
import { QUIET_SETTINGS } from "../../src/http/testing/quiet-settings.ts";
import { createDispatcher } from "../../src/jobs/dispatcher.ts";
import { JOB_KINDS } from "../../src/jobs/kinds.ts";
import { createAddressPolicy } from "../../src/lib/address-policy.ts";
import { publicKeyOf } from "../../src/lib/checkpoint.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createSecretBox } from "../../src/lib/secret-box.ts";
import { createLinkSigner } from "../../src/lib/signed-link.ts";
import { checkpointKeys, linkKeys } from "../../src/lib/signing.ts";
import { type Simulator, startSimulator } from "../../src/sim/server.ts";
import { createSources } from "../../src/sources/index.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { ensureJob } from "../../src/store/jobs.ts";
import { sql } from "../../src/store/sql.ts";
import { testDatabase } from "../../src/store/testing/database.ts";
import { afterRun } from "../../src/sync/after-run.ts";
import { openActSite } from "../../src/sync/connect/open-act-site.ts";
import { openRunSite } from "../../src/sync/connect/open-run-site.ts";
import { createConnectService } from "../../src/sync/connect/service.ts";
import { executeRun } from "../../src/sync/run.ts";

const HOST = "127.0.0.1";

/** Time goes on from where it was put, so that what waits does wait, and days pass when a test says so. */
export interface StoryClock extends Clock {
  moveTo(instant: Date): void;
}

/** A whole Usher wired as the program does, over a simulator and a mail server, whose time a test moves. */
export interface Story {
  simulator: Simulator;
  db: Database;
  clock: StoryClock;
  mail: MailServer;
  /** How browsers reach it. */
  url: string;
  /** The token of a person, who may let Usher write. */
  client: Client;
  checkpointFile: string;
  /** Executes runs and jobs that wait until nothing does, as the processes that have them do. */
  settle(): Promise<void>;
  /** Runs a job now, lets everything that follows end, and gives how it ended. */
  run(kind: string): Promise<{ state: string; message: string | null }>;
  close(): Promise<void>;
}

export async function startStory(now: Date): Promise<Story> {
  const clock = clockFrom(now);
  const started: (() => Promise<unknown>)[] = [];
  const simulator = await startSimulator({ scale: "tiny", accounts: 60, limits: "off", clock });
  started.push(() => simulator.close());
  const mail = await startMailServer();
  started.push(() => mail.close());
  const test = await testDatabase();
  started.push(() => test.drop());
  const log = silentLog;
  const db = openDatabase(test.connection, { clock, log });
  started.push(() => db.close());
  const folder = await mkdtemp(join(tmpdir(), "usher-story-"));
  started.push(() => rm(folder, { recursive: true }));

  const signing = [{ id: "test", key: randomBytes(32) }];
  const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
  const links = createLinkSigner(linkKeys(signing));
  const checkpointFile = join(folder, "journal-checkpoints.jsonl");
  const port = await findFreePort(HOST);
  const url = `http://${HOST}:${port}`;
  const hosts = {
    authUrl: `${simulator.url}/auth`,
    apiUrl: `${simulator.url}/api`,
    siteUrl: (name: string) => `${simulator.url}/site/${name}`,
  };
  const shared = { db, clock, log, secrets, sources: createSources({ hosts, clock }) };
  const { service: connect, keeper } = createConnectService({ ...shared, publicUrl: url });
  const runSignals = await createRunSignals(db);
  started.push(() => runSignals.close());
  const server = await createServer({
    db,
    clock,
    log,
    secrets,
    publicUrl: url,
    services: {
      connect,
      installation: { version: "0.0.0", database: "embedded", startedAt: now },
      runSignals,
      links,
      checkpoints: {
        file: checkpointFile,
        knownKeys: checkpointKeys(signing).map(({ privateKey }) => publicKeyOf(privateKey)),
      },
      webhookPolicy: createAddressPolicy([]),
      isMailSet: true,
      settings: QUIET_SETTINGS,
    },
  });
  started.push(() => server.close());
  await listen(server, HOST, port);

  const mailer = createMailer({ smtpUrl: mail.url, from: "Usher <usher@acme.example>" }, log);
  started.push(() => mailer.close());
  const opening = { ...shared, keeper };
  const openSite = openRunSite(opening);
  await db.transaction(async (tx) => {
    for (const kind of JOB_KINDS) await ensureJob(tx, kind, now);
  });
  const dispatcher = createDispatcher({
    ...shared,
    links,
    checkpointKeys: checkpointKeys(signing),
    checkpointFile,
    publicUrl: url,
    openSite: openActSite(opening),
    mailer,
    webhooks: { post: () => Promise.reject(new Error("Nobody asked for webhooks.")) },
    holder: "this process",
    executeRun: (runId, signal) =>
      executeRun(
        { db, clock, log, holder: "this process", openSite, afterRun: (ran, run) => afterRun(ran.db, run) },
        runId,
        signal,
      ),
  });
  started.push(() => dispatcher.stop());
  const client = createClient({ baseUrl: url, token: await tokenOfPetra(shared), clock });

  async function settle(): Promise<void> {
    for (let before = -1, now = 0; before !== now;) {
      before = now;
      await dispatcher.look();
      await dispatcher.settled();
      now = await countBegun(db);
    }
  }
  return {
    simulator,
    db,
    clock,
    mail,
    url,
    client,
    checkpointFile,
    settle,
    async run(kind) {
      const { items } = await client.call(listJobs, { query: { limit: 200 } });
      const jobId = items.find((each) => each.kind === kind)?.id;
      assert.ok(jobId, `There is no job ${kind}.`);
      const { id: resultId } = await client.call(runJob, { params: { jobId } });
      await settle();
      const results = await client.call(listJobResults, { params: { jobId }, query: { limit: 50 } });
      const ended = results.items.find((each) => each.id === resultId);
      assert.ok(ended, `The result of ${kind} is not kept.`);
      return { state: ended.state, message: ended.message };
    },
    async close() {
      for (const each of started.toReversed()) await each();
    },
  };
}

function clockFrom(start: Date): StoryClock {
  let ahead = start.getTime() - Date.now();
  return {
    ...systemClock,
    now: () => new Date(Date.now() + ahead),
    moveTo(instant) {
      ahead = instant.getTime() - Date.now();
    },
  };
}

async function tokenOfPetra({ db, clock, secrets }: Omit<Context, "actor">): Promise<string> {
  await ensureFirstToken({ db, clock });
  const made = await createToken(
    { db, clock, secrets, actor: { operatorId: "system", through: "setup" } },
    {
      name: "log-in",
      scopes: ["*"],
      expiresInDays: null,
      owner: { kind: "person", name: "Petra Novak", email: "petra@acme.example" },
      heldScopes: ["*"],
    },
  );
  assert.ok(made.ok);
  return made.value.token;
}

/** Runs and times of jobs that there ever were: while it grows, something was begun. */
async function countBegun(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select (select count(*) from job_results) + (select count(*) + count(finished_at) from runs) as count
  `);
  return Number(row?.count ?? 0);
}
