import { createServer } from "node:net";
import { type Command, Option } from "commander";
import { readSettings } from "../../lib/settings.ts";
import type { Cli } from "../cli.ts";
import type { Connection } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { formatDuration, formatRelative } from "../output/format.ts";
import { layoutOf } from "../output/print.ts";
import { beginRun } from "../progress/begin-run.ts";
import { exitCodeOf, type RunRow, watchRuns } from "../progress/follow-runs.ts";
import { openSession, type Session } from "../session.ts";
import { type Started, startHere, untilStopped } from "../start-here.ts";
import { confirmFoundGroups, connectCompany, readConnection } from "./connect.ts";
import { decideSome } from "./decisions.ts";
import { gatherFacts } from "./facts.ts";
import { importPeople } from "./people.ts";
import { clearPlace, DEMO_SCALES, type DemoPlace, type DemoScale, openPlace, rememberPlace } from "./place.ts";
import { reportLines } from "./report.ts";
import { type RunningSimulator, startSimulatorChild } from "../../sim/child.ts";

interface DemoOptions {
  once?: boolean;
  scale: DemoScale;
  seed: string;
  port?: string;
  fresh?: boolean;
}

/** Who signs in by the link that each start of the demo prints. */
const DEMO_ADMIN = { name: "Demo admin", email: "admin@usher.example" };

/** A sync younger than this is not repeated when the demo is started again. */
const FRESH_MS = 3_600_000;

const USUAL_PORT = 7400;

export function register(command: Command, cli: Cli): void {
  command
    .description("a pretend company, connected, synced and explained; nothing leaves this machine")
    .option("--once", "end after telling, instead of serving on")
    .addOption(new Option("--scale <scale>", "how large the company is").choices(DEMO_SCALES).default("medium"))
    .option("--seed <number>", "which company", "1")
    .option("--port <port>", `where Usher listens (${USUAL_PORT}, or a free one)`)
    .option("--fresh", "forget what an earlier demo left")
    .action((options: DemoOptions) => demo(cli, options));
}

async function demo(cli: Cli, options: DemoOptions): Promise<void> {
  const startedAt = cli.clock.now();
  const place = await preparePlace(cli, options);
  place.began ??= startedAt.toISOString();
  const simulator = await startSimulatorChild(place);
  let usher: Started | null = null;
  try {
    tell(
      cli,
      `A pretend Atlassian with ${simulator.sites.map(({ name }) => name).join(", ")} and a Data Center answers at ${simulator.url}`,
    );
    usher = await startUsherFor(cli, place, simulator, await portFor(options.port));
    const session = openSession(cli, usher.url, place.token ?? "");
    tell(cli, `Usher answers at ${usher.url} (${sinceOf(cli, startedAt)})`);

    const connections = await connectCompany(session, simulator, (step) => tell(cli, step));
    await importPeople(session, simulator, (step) => tell(cli, step));
    const runs = await syncWhereStale(cli, session, connections);
    await confirmFoundGroups(session, connections);
    if (runs.every(({ state }) => state === "succeeded")) {
      await decideSome(session, cli.clock, (step) => tell(cli, step));
    }
    const synced = await Promise.all(connections.map(({ id }) => readConnection(session, id)));
    const facts = await gatherFacts(session, synced, runs);
    const tookMs = cli.clock.now().getTime() - startedAt.getTime();
    const served = {
      url: usher.url,
      signInUrl: usher.signInUrl ?? usher.url,
      docsUrl: `${usher.url}/docs`,
      token: place.token ?? "",
    };
    if (cli.options.output === "json" || cli.options.output === "jsonl") {
      const { scale, seed } = place;
      cli.stdout.write(
        `${JSON.stringify({ ...served, scale, seed, tookMs, ...facts }, null, layoutOf(cli) === "json" ? 2 : undefined)}\n`,
      );
    } else {
      const lines = reportLines(facts, {
        ...served,
        tookMs,
        isServing: !options.once,
        colors: cli.stdout.colors,
        now: cli.clock.now(),
        widthMax: cli.stdout.columns(),
      });
      cli.stdout.write(lines.map((line) => `${line}\n`).join(""));
    }
    cli.exitWith(exitCodeOf(runs));
    if (!options.once) await Promise.race([untilStopped(cli.signal), usher.broken]);
  } catch (thrown) {
    if (!cli.signal.aborted) throw thrown;
    throw new CliFailure("Ended before the company was read.", {
      exitCode: EXIT.interrupted,
      next: "usher demo goes on where this ended",
      cause: thrown,
    });
  } finally {
    await usher?.stop();
    simulator.stop();
  }
}

async function preparePlace(cli: Cli, { scale, seed, fresh }: DemoOptions): Promise<DemoPlace> {
  if (!/^\d{1,9}$/.test(seed)) throw usageFailure(`--seed ${seed} is not a whole number.`);
  const place = await openPlace(cli.environment, scale, Number(seed));
  if (place.simulatorPort !== 0 && !(await isFree(place.simulatorPort))) {
    throw new CliFailure("This demo is running already.", {
      exitCode: EXIT.conflict,
      why: `Port ${place.simulatorPort}, where its pretend Atlassian listens, is in use.`,
      next: "use that one, end it with Ctrl-C, or choose another company: usher demo --seed 2",
    });
  }
  // Without its token an installation cannot be used: a first start that was cut short leaves such a one.
  if (!fresh && place.token !== null) return place;
  await clearPlace(place);
  return openPlace(cli.environment, scale, Number(seed));
}

async function startUsherFor(cli: Cli, place: DemoPlace, simulator: RunningSimulator, port: number): Promise<Started> {
  const environment = {
    ...cli.environment,
    // The demo has its own embedded database, whatever this machine is set to.
    DATABASE_URL: undefined,
    USHER_KEYS_FILE: undefined,
    USHER_PUBLIC_URL: undefined,
    USHER_DATA: place.dataDir,
    USHER_PORT: String(port),
    USHER_ATLASSIAN_AUTH_URL: `${simulator.url}/auth`,
    USHER_ATLASSIAN_API_URL: `${simulator.url}/api`,
    USHER_ATLASSIAN_SITE_URL: `${simulator.url}/site/{name}`,
  };
  const usher = await startHere(
    readSettings(environment),
    { ...cli, environment },
    { quiet: true, signInAs: DEMO_ADMIN },
  );
  place.token ??= usher.firstToken;
  place.simulatorPort = Number(new URL(simulator.url).port);
  await rememberPlace(place);
  return usher;
}

/** Publishing queued the first runs: those are watched, and later ones begun only where the data has grown old. */
async function syncWhereStale(cli: Cli, session: Session, connections: readonly Connection[]): Promise<RunRow[]> {
  const begun: RunRow[] = [];
  for (const { id, name, lastSyncedAt } of connections.flatMap(({ sites }) => sites)) {
    const syncedAt = lastSyncedAt === null ? null : new Date(lastSyncedAt);
    if (syncedAt && cli.clock.now().getTime() - syncedAt.getTime() < FRESH_MS) {
      tell(cli, `${name} was synced ${formatRelative(syncedAt, cli.clock.now())}`);
      continue;
    }
    begun.push(await beginRun(session, { siteId: id, scope: "full" }));
  }
  // Progress goes to standard error; -o jsonl is of the report, not of the runs.
  return watchRuns({ ...cli, options: { ...cli.options, output: null } }, session, begun);
}

/** The usual port while it is free, so that its address is easy to remember. */
async function portFor(given: string | undefined): Promise<number> {
  if (given === undefined) return (await isFree(USUAL_PORT)) ? USUAL_PORT : 0;
  if (/^\d{1,5}$/.test(given)) return Number(given);
  throw usageFailure(`--port ${given} is not a port.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function tell(cli: Cli, step: string): void {
  cli.stderr.write(`${cli.stderr.colors.ok("✓")} ${step}\n`);
}

function sinceOf(cli: Cli, startedAt: Date): string {
  return formatDuration(cli.clock.now().getTime() - startedAt.getTime());
}
