// node bench/truth.ts [--scale large]: the suites that hold facts, classes, statuses and readers of Cloud, of a site in
// transition and of Data Center to the simulator's own truth, at a scale of src/sim/world/scales.ts.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { scale: { type: "string", default: "large" } } });
const files = ["sync-simulator", "inventory-simulator"].map((name) =>
  fileURLToPath(new URL(`../test/${name}.test.ts`, import.meta.url)),
);
const child = spawn(process.execPath, ["--test", "--test-concurrency=1", ...files], {
  stdio: "inherit",
  env: { ...process.env, USHER_TRUTH_SCALE: values.scale },
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
