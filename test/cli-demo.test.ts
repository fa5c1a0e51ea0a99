import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "../src/lib/clock.ts";
import type { DemoFacts, SiteFacts } from "../src/cli/demo/facts.ts";
import { ranUsher } from "./support/run-cli.ts";
import { startSimulator, type Truth } from "./support/simulator-process.ts";

const MAIN = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

/** A start on a machine that does much else at once. */
const DEMO_MS_MAX = 180_000;

interface Ran {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "usher-demo-"));
});

after(() => rm(folder, { recursive: true, force: true }));

/** The demo as its own process, with its data in a folder of the test. */
function demo(...options: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, "demo", "--scale", "small", "--port", "0", ...options], {
      env: { ...process.env, USHER_DATA: folder },
      timeout: DEMO_MS_MAX,
    });
    const ran: Ran = { exitCode: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.stderr += text));
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ ...ran, exitCode }));
  });
}

/** The same, for as long as it serves. */
async function serveDemo(): Promise<{ url: string; token: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [MAIN, "demo", "--scale", "small", "--port", "0", "-o", "jsonl"], {
    env: { ...process.env, USHER_DATA: folder },
    timeout: DEMO_MS_MAX,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("close", (code) => reject(new Error(`The demo ended with ${code}.`)));
  });
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return {
    url,
    token,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}

const BUSY = 6;
const LOOK_MS = 100;
const LOOKS_MAX = 300;

/** Asks again while the server says that it is too early: the plan is carried out by another process. */
async function untilEnded(ask: () => Promise<Ran>): Promise<Ran> {
  for (let look = 1; ; look += 1) {
    const ran = await ask();
    if (ran.exitCode !== BUSY || look === LOOKS_MAX) return ran;
    await systemClock.sleep(LOOK_MS);
  }
}

const planOf = (text: string) => /plan_[0-9a-z]{12}/.exec(text)?.[0] ?? "";

/** What is so in the same company, made anew: the same seed and the same day make the same world. */
async function truthOfCompany(): Promise<{ sites: object[]; instance: object; people: object }> {
  const { began } = JSON.parse(await readFile(join(folder, "demo-small-1", "demo.json"), "utf8")) as { began: string };
  const simulator = await startSimulator(["--seed", "1", "--now", began]);
  try {
    const sites = await Promise.all(simulator.sites.map(({ name }) => truthOfSite(simulator.origin, name)));
    const wiki = await simulator.truth("wiki");
    const clouds = await Promise.all(simulator.sites.map(({ name }) => simulator.truth(name)));
    return {
      sites,
      instance: sizesOf(wiki),
      people: peopleOf(
        wiki,
        clouds.flatMap(({ accounts }) => accounts),
      ),
    };
  } finally {
    await simulator.close();
  }
}

async function truthOfSite(origin: string, name: string): Promise<object> {
  const ask = async <T>(path: string) => (await (await fetch(`${origin}/__sim/${path}`)).json()) as T;
  const truth = await ask<Truth>(`truth?site=${name}`);
  const seats = await ask<{ status: string }[]>(`truth/seats?site=${name}&withOrganizationKey=true&withAuditLog=false`);
  return {
    seats: countBy(
      ["active", "idle", "never-used", "no-evidence"],
      seats.map(({ status }) => status),
    ),
    accounts: countBy(
      ["licensed", "guest", "app", "customer", "deactivated", "no-access"],
      truth.accounts.map((account) => account.class),
    ),
    ...sizesOf(truth),
  };
}

/** Whoever has an account on the instance is the person of the account on Cloud that the simulator made it from. */
function peopleOf(instance: Truth, cloud: Truth["accounts"]): object {
  const onCloud = new Set(cloud.map(({ id }) => id));
  const holdSeats = new Set(cloud.filter((each) => each.holdsSeat).map(({ id }) => id));
  const accounts = instance.accounts as (Truth["accounts"][number] & { cloudAccountId: string | null })[];
  const holders = accounts.filter((each) => each.holdsSeat);
  return {
    peopleOnBoth: accounts.filter(({ cloudAccountId }) => onCloud.has(cloudAccountId ?? "")).length,
    seatsOnBoth: holders.filter(({ cloudAccountId }) => holdSeats.has(cloudAccountId ?? "")).length,
    nobodysSeats: holders.filter(({ cloudAccountId }) => !onCloud.has(cloudAccountId ?? "")).length,
  };
}

function sizesOf({ accounts, memberships, groups, spaces }: Truth): object {
  return {
    accountsTotal: accounts.length,
    memberships: Object.values(memberships).reduce((sum, members) => sum + members.length, 0),
    groups: groups.length,
    spaces: spaces.length,
    notSeen: [],
  };
}

function countBy(names: string[], values: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, values.filter((value) => value === name).length]));
}

describe("usher demo", () => {
  it("tells the company exactly as it is in one JSON object, then in lines from what it kept", async () => {
    const first = await demo("--once", "-o", "json");
    const second = await demo("--once");

    assert.equal(first.exitCode, 0, first.stderr);
    const facts = JSON.parse(first.stdout) as DemoFacts;
    assert.deepEqual(
      facts.sites.map(({ site, run }) => [site, run?.state]),
      [
        ["Acme", "succeeded"],
        ["Acme Labs", "succeeded"],
        ["Acme Wiki (Data Center)", "succeeded"],
      ],
    );
    const truth = await truthOfCompany();
    const sizes = ({ accountsTotal, memberships, groups, spaces, notSeen }: SiteFacts) => ({
      accountsTotal,
      memberships,
      groups,
      spaces,
      notSeen,
    });
    assert.deepEqual(
      facts.sites.slice(0, 2).map((site) => ({ seats: site.seats, accounts: site.accounts, ...sizes(site) })),
      truth.sites,
    );
    assert.deepEqual(facts.sites.slice(2).map(sizes), [truth.instance]);
    const { peopleOnBoth, seatsOnBoth, nobodysSeats } = facts;
    assert.deepEqual({ peopleOnBoth, seatsOnBoth, nobodysSeats }, truth.people);
    assert.ok(seatsOnBoth > 20);
    assert.match(first.stderr, /✓ Imported [\d,]+ people from the personnel file/);

    assert.equal(second.exitCode, 0, second.stderr);
    assert.match(second.stderr, /✓ Acme was synced/);
    assert.doesNotMatch(second.stderr, /Imported/);
    const lines = second.stdout.trimEnd().split("\n");
    assert.ok(lines.length <= 38, second.stdout);
    assert.equal(lines[0]?.startsWith(`Acme  ${facts.sites[0]?.seatsTotal} seats · standard · observe only`), true);
    assert.ok(
      second.stdout.includes(`\n  On both      ${peopleOnBoth} on Cloud and on Data Center, ${seatsOnBoth} of them`),
    );
    assert.match(second.stdout, /\n {2}Money +\$[\d,.]+ a month for \d+ idle seats/);
  });

  it("lets a person take seats back, and give them back, by the commands of the guide", async () => {
    const served = await serveDemo();
    try {
      const robot = { USHER_URL: served.url, USHER_TOKEN: served.token };
      const as = (environment: Record<string, string>, ...argv: string[]) =>
        ranUsher(argv, { environment, clock: systemClock });
      const petra = ["--person", "Petra Novak", "--email", "petra@acme.example"];
      const made = await as(robot, "token", "create", "--name", "Petra", "--scope", "*", ...petra);
      const environment = { ...robot, USHER_TOKEN: /usher_[\w-]+/.exec(made.stdout)?.[0] ?? "" };
      const usher = (...argv: string[]) => as(environment, ...argv);

      const refused = await as(robot, "connection", "mode", "acme", "act", "--confirm", "Acme");
      const proven = await usher("connection", "prove-writes", "Acme", "--site", "Acme Labs");
      const labs = await usher(
        "reclaim",
        "plan",
        "--filter",
        "status=never-used",
        'site="Acme Labs"',
        "--reason",
        "Idle.",
      );
      const allowed = await usher("connection", "mode", "acme", "act", "--confirm", "Acme");
      const listed = await usher("seat", "list", "--filter", "status=never-used", "site=acme", "-o", "csv", "--all");
      const idle = ["--filter", "status=never-used", "site=acme", "--reason", "Granted and never used."];
      const planned = await usher("reclaim", "plan", ...idle);
      const planId = planOf(planned.stdout);
      const count = /− (\d+) seats/.exec(planned.stderr)?.[1] ?? "";
      const applied = await usher("reclaim", "apply", planId, "--confirm", count);
      const waiting = await usher("reclaim", "actions", "--filter", `plan=${planId}`, "waits=true");
      const actionIds = waiting.stdout.match(/action_\w{12}/g) ?? [];
      const note = ["--outcome", "failed", "--note", "On Monday."];
      for (const actionId of actionIds) await usher("reclaim", "report", actionId, ...note);
      const undone = await untilEnded(() => usher("reclaim", "undo", planId, "--reason", "Only a try."));
      const back = await usher("reclaim", "apply", planOf(undone.stdout), "--yes");
      const intact = await usher("journal", "verify");

      assert.equal(refused.exitCode, 4, refused.stderr);
      assert.equal(proven.exitCode, 0, proven.stderr);
      assert.equal(labs.exitCode, 0, labs.stderr);
      assert.equal(allowed.exitCode, 0, allowed.stderr);
      assert.equal(Number(count), listed.stdout.trimEnd().split("\n").length - 1);
      assert.equal(applied.exitCode, actionIds.length > 0 ? 8 : 0, applied.stderr);
      const taken = Number(count) - actionIds.length;
      assert.match(applied.stdout, new RegExp(`^So far\\t.*\\b${taken} done$`, "m"));
      assert.equal(undone.exitCode, 0, undone.stderr);
      assert.match(back.stdout, new RegExp(`^So far\\t${taken} done$`, "m"));
      assert.match(intact.stdout, /^Intact\tyes$/m);
    } finally {
      await served.stop();
    }
  });
});
