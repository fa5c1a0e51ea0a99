// Kills Node, PostgreSQL or both at a random moment of a sync, again and again, and looks what is left.
// node bench/kills.ts [--kills 200] [--seed 1]
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ApiProblem, createClient } from "../src/api/client.ts";
import { verifyJournal } from "../src/api/journal.ts";
import { listRuns, requestRun } from "../src/api/runs.ts";
import { silentLog } from "../src/lib/log.ts";
import { systemClock } from "../src/lib/clock.ts";
import { openDatabase } from "../src/store/database.ts";
import { findPostmaster } from "../src/store/embedded/postmaster.ts";
import { placeAt, readRecord } from "../src/store/embedded/place.ts";
import { startEmbeddedPostgres } from "../src/store/embedded/supervisor.ts";
import { startConnectedUsher } from "../test/support/connected-usher.ts";
import { startSimulator } from "../test/support/simulator-process.ts";
import { syncedFacts } from "../test/support/synced-facts.ts";

const MAIN = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const VICTIMS = ["node", "postgresql", "both"] as const;
/** A sync of the small company takes about a second from the start of the process. */
const LIFE_MS_MAX = 1500;
const START_MS_MAX = 60_000;
const SETTLE_MS_MAX = 60_000;

const { values: options } = parseArgs({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});
const random = generator(Number(options.seed));
/** The process that serves now; killed at the end whatever happened before. */
let living: ChildProcess | null = null;
const folder = await mkdtemp(join(tmpdir(), "usher-kills-"));
await chmod(folder, 0o711);
const dataDir = join(folder, "data");
const simulator = await startSimulator(["--seed", options.seed, "--latency-ms", "10"]);

try {
  const first = await startConnectedUsher({ simulator, sites: ["acme"], withOrganizationKey: true, dataDir });
  const [siteId = ""] = first.siteIds;
  const token = first.usher.firstToken ?? "";
  await first.publish();
  await first.settledRuns();
  await first.stop({ keepData: true });

  const killed = { node: 0, postgresql: 0, both: 0 };
  let entries = 0;
  let starts = 0;
  for (let kill = 0; kill < Number(options.kills); kill += 1) {
    await simulator.change(changesOf(await simulator.truth("acme"), kill));
    const serving = await serve();
    starts += 1;
    const client = createClient({ baseUrl: serving.url, token, clock: systemClock });
    const checked = (await client.call(verifyJournal, {})) as { intact: boolean; checked: number };
    if (!checked.intact || checked.checked < entries) throw new Error(`The journal lost entries at kill ${kill}.`);
    entries = checked.checked;
    await client.call(requestRun, { body: { siteId, scope: "full" } }).catch((error: unknown) => {
      // The run that was interrupted is being resumed; a site has one at a time.
      if (!(error instanceof ApiProblem) || error.problem.code !== "run-under-way") throw error;
    });
    await systemClock.sleep(random() * LIFE_MS_MAX);
    const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "both";
    killed[victim] += 1;
    await murder(serving.child, victim);
  }

  const serving = await serve();
  const client = createClient({ baseUrl: serving.url, token, clock: systemClock });
  await settled(client);
  await client.call(requestRun, { body: { siteId, scope: "full" } });
  await settled(client);
  const { items } = await client.call(listRuns, { query: { limit: 200 } });
  const journal = await client.call(verifyJournal, {});
  serving.child.kill("SIGTERM");
  await ended(serving.child);

  const lost = await differences(siteId);
  console.log(
    JSON.stringify({
      bench: "kills",
      killed,
      starts,
      runs: items.length,
      resumed: items.reduce((sum, each) => sum + each.resumed, 0),
      journal,
      lost,
    }),
  );
  if (lost.length > 0) process.exitCode = 1;
} finally {
  if (living) await murder(living, "both");
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
}

/** Members come and go, names change; always something to merge and something to close. */
function changesOf(truth: Awaited<ReturnType<typeof simulator.truth>>, kill: number): object[] {
  const group = truth.groups[1 + Math.floor(random() * (truth.groups.length - 1))];
  const account = truth.accounts[Math.floor(random() * truth.accounts.length)];
  if (!group || !account) throw new Error("The simulator's company is empty.");
  const isMember = truth.memberships[group.id]?.includes(account.id);
  return [
    { kind: isMember ? "remove-member" : "add-member", site: "acme", group: group.id, account: account.id },
    { kind: "rename-account", site: "acme", account: account.id, name: `Renamed ${kill}` },
  ];
}

async function serve(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--data", dataDir, "-o", "json"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...simulator.environment, USHER_LOG_LEVEL: "error" },
  });
  living = child;
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Usher did not start.")), START_MS_MAX);
    child.stdout?.once("data", (chunk: Buffer) => {
      clearTimeout(timer);
      resolve(chunk.toString());
    });
    child.once("exit", (code) => reject(new Error(`Usher ended with ${code} instead of starting.`)));
  });
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

async function murder(child: ChildProcess, victim: (typeof VICTIMS)[number]): Promise<void> {
  if (victim !== "node") {
    const record = await readRecord(dataDir);
    const postmaster = record && (await findPostmaster(placeAt(record.place).cluster));
    if (postmaster) process.kill(postmaster.pid, "SIGKILL");
  }
  // PostgreSQL alone: Usher brings it back, works on for a moment, and is then killed as well, to start anew.
  if (victim === "postgresql") await systemClock.sleep(random() * LIFE_MS_MAX);
  child.kill("SIGKILL");
  await ended(child);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function settled(client: ReturnType<typeof createClient>): Promise<void> {
  for (let waited = 0; waited < SETTLE_MS_MAX; waited += 200) {
    const { items } = await client.call(listRuns, { query: { state: ["queued", "running"], limit: 1 } });
    if (items.length === 0) return;
    await systemClock.sleep(200);
  }
  throw new Error("A run did not end.");
}

/** What of the simulator's own truth is not what the database holds. */
async function differences(siteId: string): Promise<string[]> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const db = openDatabase(postgres.connection, { clock: systemClock, log: silentLog });
  try {
    const facts = await syncedFacts(db, siteId);
    const truth = await simulator.truth("acme");
    const found: string[] = [];
    for (const [group, members] of Object.entries(truth.memberships)) {
      if (JSON.stringify(facts.memberships[group]) !== JSON.stringify(members)) found.push(`members of ${group}`);
    }
    const known = new Set(facts.accounts.map(({ id }) => id));
    found.push(...truth.accounts.filter(({ id }) => !known.has(id)).map(({ id }) => `account ${id}`));
    const spaces = new Set(facts.spaces.map(({ id }) => id));
    found.push(...truth.spaces.filter(({ id }) => !spaces.has(id)).map(({ id }) => `space ${id}`));
    return found;
  } finally {
    await db.close();
    await postgres.stop();
  }
}

/** Mulberry32: the same kills for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
