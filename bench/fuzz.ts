// The fuzz suites of the gate with twenty times their inputs.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const INPUTS = "10000";

const files = ["api-fuzz-reads", "api-fuzz-writes"].map((name) =>
  fileURLToPath(new URL(`../test/${name}.test.ts`, import.meta.url)),
);
const child = spawn(process.execPath, ["--test", ...files], {
  stdio: "inherit",
  env: { ...process.env, USHER_FUZZ_INPUTS: INPUTS },
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
