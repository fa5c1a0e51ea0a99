// Applying a plan at 150 ms latency, against the floor of its own requests (read, change, read back) made bare.
// node bench/apply.ts [--seats 1000] [--latency-ms 150] [--ratio-at-most 1.2]
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SEATS_AT_ONCE } from "../src/actions/execute-actions.ts";
import { systemClock } from "../src/lib/clock.ts";
import { countPlanRows } from "../src/store/plans/rows.ts";
import { syncInstallation } from "../src/sync/testing/installation.ts";
import { executeDue, reclaimableSite } from "../test/support/reclaimable-site.ts";
import { startSimulator } from "../test/support/simulator-process.ts";
import { syncedSite } from "../test/support/synced-site.ts";
import type { RecordedRequest } from "./floor.ts";

const { values: options } = parseArgs({
  options: {
    seats: { type: "string", default: "1000" },
    "latency-ms": { type: "string", default: "150" },
    "ratio-at-most": { type: "string", default: "1.2" },
  },
});
const seats = Number(options.seats);
const ratioAtMost = Number(options["ratio-at-most"]);
/** Some hold no seat, or one that an identity provider gives. */
const ACCOUNTS_A_SEAT = 2;

const accounts = String(Math.max(400, seats * ACCOUNTS_A_SEAT));
const simulator = await startSimulator([
  "--accounts",
  accounts,
  "--limits",
  "off",
  "--latency-ms",
  options["latency-ms"],
]);
const folder = await mkdtemp(join(tmpdir(), "usher-bench-"));
const installation = await syncInstallation(new Date());
try {
  const requests: RecordedRequest[] = [];
  const simulated = await syncedSite(simulator.origin, { fetch: recording(requests) });
  const site = await reclaimableSite(installation, simulated, { name: "acme" });
  const plan = await site.applied(seats);

  requests.length = 0;
  const beganAt = performance.now();
  await executeDue(installation.db, systemClock, simulated);
  const applyMs = performance.now() - beganAt;

  const { done = 0 } = await countPlanRows(installation.db, plan.id);
  if (done !== seats) throw new Error(`Only ${done} of ${seats} seats were taken.`);
  const file = join(folder, "requests.json");
  await writeFile(file, JSON.stringify(requests));
  const floorMs = await runFloor(file);
  const ratio = applyMs / floorMs;
  console.log(
    JSON.stringify({
      bench: "apply",
      seats,
      latencyMs: Number(options["latency-ms"]),
      concurrency: SEATS_AT_ONCE,
      requestsASeat: Number((requests.length / seats).toFixed(2)),
      applyMs: Math.round(applyMs),
      floorMs: Math.round(floorMs),
      ratio: Number(ratio.toFixed(3)),
      ratioAtMost,
    }),
  );
  if (ratio > ratioAtMost) process.exitCode = 1;
} finally {
  await installation.close();
  await simulator.close();
  await rm(folder, { recursive: true });
}

/** Keeps what is asked in the order in which it is asked. */
function recording(requests: RecordedRequest[]): typeof fetch {
  return (input, init) => {
    requests.push({
      method: init?.method ?? "GET",
      url: String(input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === "string" ? init.body : null,
    });
    return fetch(input, init);
  };
}

/** In a process of its own. What was taken is taken again, which the simulator answers as late as before. */
function runFloor(file: string): Promise<number> {
  const floor = fileURLToPath(new URL("./floor.ts", import.meta.url));
  const child = spawn(process.execPath, [floor, file, String(SEATS_AT_ONCE)], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once("close", (code) => {
      if (code !== 0) return reject(new Error(`The floor ended with ${code}.`));
      resolve((JSON.parse(text) as { tookMs: number }).tookMs);
    });
  });
}
