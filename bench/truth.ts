// The suites that hold facts, classes, statuses and readers to the simulator's own truth, at large.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const files = ["sync-simulator", "inventory-simulator"].map((name) =>
  fileURLToPath(new URL(`../test/${name}.test.ts`, import.meta.url)),
);
const child = spawn(process.execPath, ["--test", "--test-concurrency=1", ...files], {
  stdio: "inherit",
  env: { ...process.env, USHER_TRUTH_SCALE: "large" },
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
