// Runs the tests, and ends with one line: "N passed, N failed".
//
//   npm test                        types, lint, format and every test
//   npm test -- src/store lib/      only the test files whose path contains one of these words
//   npm test -- --grep <pattern>    only the tests whose name matches
//
// The tests share one embedded PostgreSQL, started here and stopped afterwards. With USHER_TEST_DATABASE_URL they use
// that server, and the tests of the embedded one are left out.
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildWeb } from "./build-web.mjs";
import { runChecks } from "./check.mjs";
import { releaseTestCluster, startTestCluster } from "../src/store/testing/cluster.ts";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

const EMBEDDED = "src/store/embedded/";

/** One test, and one file: the runner itself waits for ever for a file that leaves a process or a socket open. */
const TEST_TIMEOUT_MS = 240_000;
const FILE_TIMEOUT_S = 300;
const LOOK_EVERY_MS = 5000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: "string" } } });
const isWhole = positionals.length === 0 && values.grep === undefined;
const externalDatabase = process.env.USHER_TEST_DATABASE_URL;

process.chdir(CHECKOUT);
const counts = { passed: 0, failed: 0, skipped: 0 };
if (isWhole && !externalDatabase) Object.assign(counts, await runChecks());
try {
  await buildWeb();
  await runTests();
} catch (error) {
  console.error("✖ The tests could not be run:", error);
  counts.failed++;
}
const sum = `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}\n`;
// What a test left running may hold the runner's pipes open; that is no reason to wait.
process.stdout.write(sum, () => process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0));

async function runTests() {
  const files = findFiles();
  if (files.length === 0) return console.log("No test file's path contains any of these words.");
  if (!externalDatabase) await startTestCluster();

  const stream = run({
    files,
    // A file that breaks, exits or leaves something behind harms no other.
    isolation: "process",
    concurrency: Math.max(2, availableParallelism()),
    timeout: TEST_TIMEOUT_MS,
    testNamePatterns: values.grep,
  });
  stream.on("test:summary", ({ file, counts: found }) => {
    // Each file is summed up as well.
    if (file !== undefined) return;
    counts.passed += found.passed;
    counts.failed += found.failed + found.cancelled;
    counts.skipped += found.skipped + found.todo;
  });
  const watching = setInterval(endOverdueFiles, LOOK_EVERY_MS);
  for await (const chunk of stream.compose(spec)) process.stdout.write(chunk);
  clearInterval(watching);
  if (!externalDatabase) await releaseTestCluster();
}

/** Ends files that take too long, with all that they started; the runner then counts the file as failed. */
function endOverdueFiles() {
  execFile("ps", ["-A", "-o", "pid=,ppid=,etime=,args="], (error, text) => {
    if (error) return;
    const processes = text.split("\n").map((line) => {
      const [pid, parent, elapsed = "", ...args] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), seconds: secondsOf(elapsed), name: args.at(-1) ?? "" };
    });
    const overdue = processes.filter(
      ({ parent, seconds, name }) => parent === process.pid && seconds > FILE_TIMEOUT_S && name.endsWith(".test.ts"),
    );
    for (const each of overdue) {
      console.error(`✖ ended after ${FILE_TIMEOUT_S} s: ${each.name}`);
      for (const { pid } of [...descendantsOf(each, processes), each]) kill(pid);
    }
  });
}

function descendantsOf(one, processes) {
  const children = processes.filter(({ parent }) => parent === one.pid);
  return children.flatMap((child) => [...descendantsOf(child, processes), child]);
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** `ps` writes [[days-]hours:]minutes:seconds. */
function secondsOf(elapsed) {
  const [clock = "", days = "0"] = elapsed.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}

function findFiles() {
  // The tests of the embedded database wait more than they compute: begun first, they cost the least.
  const all = globSync(["src/**/*.test.ts", "test/**/*.test.ts"]).sort(
    (one, other) => other.startsWith(EMBEDDED) - one.startsWith(EMBEDDED) || (one < other ? -1 : 1),
  );
  return all.filter(
    (file) =>
      (positionals.length === 0 || positionals.some((word) => file.includes(word.replace(/^\.\//, "")))) &&
      !(externalDatabase && file.startsWith(EMBEDDED)),
  );
}
