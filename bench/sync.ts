// A first sync of the large company at 150 ms latency, against the floor of its own requests fetched bare.
// node bench/sync.ts [--pairs 5] [--scale large] [--latency-ms 150] [--with-key] [--ratio-at-most 1.15]
import { spawn } from "node:child_process";
import { readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { getHeapStatistics } from "node:v8";
import { RUN_CONCURRENCY_MAX } from "../src/sync/connect/open-run-site.ts";
import { startConnectedUsher, type EndedRun } from "../test/support/connected-usher.ts";
import { startSimulator } from "../test/support/simulator-process.ts";
import type { RecordedRequest } from "./floor.ts";
import { watchDatabaseMemory } from "./database-memory.ts";
import { median } from "./statistics.ts";

const { values: options } = parseArgs({
  options: {
    pairs: { type: "string", default: "5" },
    scale: { type: "string", default: "large" },
    "latency-ms": { type: "string", default: "150" },
    "with-key": { type: "boolean", default: false },
    "ratio-at-most": { type: "string", default: "1.15" },
  },
});
const latencyMs = options["latency-ms"];
const withOrganizationKey = options["with-key"];

const folder = await mkdtemp(join(tmpdir(), "usher-bench-"));
const simulator = await startSimulator(["--scale", options.scale, "--seed", "1", "--latency-ms", latencyMs]);
try {
  const pairs: { runMs: number; floorMs: number; requests: number; simulatorMs: number; databaseBytes: number }[] = [];
  for (let pair = 0; pair < Number(options.pairs); pair += 1) {
    const { requests, run, databaseBytes } = await syncOnce();
    const file = join(folder, `requests-${pair}.json`);
    await writeFile(file, JSON.stringify(requests));
    const before = await simulatorCpuMs();
    const floorMs = await runFloor(file);
    pairs.push({
      runMs: run.tookMs,
      floorMs,
      requests: requests.length,
      simulatorMs: (await simulatorCpuMs()) - before,
      databaseBytes,
    });
    console.log(
      `pair ${pair + 1}: sync ${seconds(run.tookMs)}, floor ${seconds(floorMs)}, ratio ${(run.tookMs / floorMs).toFixed(3)}, ` +
        `${requests.length} requests`,
    );
  }
  console.log(
    JSON.stringify({
      bench: "first sync",
      scale: options.scale,
      latencyMs: Number(latencyMs),
      concurrency: RUN_CONCURRENCY_MAX,
      withOrganizationKey,
      requests: median(pairs.map((each) => each.requests)),
      syncMs: Math.round(median(pairs.map((each) => each.runMs))),
      floorMs: Math.round(median(pairs.map((each) => each.floorMs))),
      ratio: Number(median(pairs.map((each) => each.runMs / each.floorMs)).toFixed(3)),
      ratioAtMost: Number(options["ratio-at-most"]),
      databaseMegabytes: Math.round(Math.max(...pairs.map((each) => each.databaseBytes)) / 1_000_000),
      heapMegabytesAtMost: Math.round(getHeapStatistics().heap_size_limit / 1_048_576),
      simulatorCpuMsOfFloor: Math.round(median(pairs.map((each) => each.simulatorMs))),
    }),
  );
} finally {
  await simulator.close();
  await rm(folder, { recursive: true });
}

/** A fresh Usher each time. What its run asked is kept in the order it was asked. */
async function syncOnce(): Promise<{ requests: RecordedRequest[]; run: EndedRun; databaseBytes: number }> {
  const requests: RecordedRequest[] = [];
  const record: typeof fetch = (input, init) => {
    requests.push({
      method: init?.method ?? "GET",
      url: String(input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === "string" ? init.body : null,
    });
    return fetch(input, init);
  };
  const connected = await startConnectedUsher({ simulator, sites: ["acme"], withOrganizationKey, fetch: record });
  try {
    requests.length = 0;
    const memory = watchDatabaseMemory(connected.usher.dataDir);
    await connected.publish();
    const [run] = await connected.settledRuns();
    const databaseBytes = await memory.stop();
    if (run?.state !== "succeeded") throw new Error(`The run ended ${run?.state}: ${run?.errorMessage}`);
    return { requests, run, databaseBytes };
  } finally {
    await connected.stop();
  }
}

function runFloor(file: string): Promise<number> {
  const floor = fileURLToPath(new URL("./floor.ts", import.meta.url));
  const child = spawn(process.execPath, [floor, file, String(RUN_CONCURRENCY_MAX)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
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

/** User and system time of the simulator's process, in milliseconds (proc(5): clock ticks of 10 ms). */
async function simulatorCpuMs(): Promise<number> {
  const stat = await readFile(`/proc/${simulator.pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
