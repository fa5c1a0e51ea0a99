// The fuzz suites of the gate with twenty times their inputs.
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const INPUTS = "10000";

const tests = fileURLToPath(new URL("../test/", import.meta.url));
const files = globSync("api-fuzz-*.test.ts", { cwd: tests }).map((name) => `${tests}${name}`);
const child = spawn(process.execPath, ["--test", ...files], {
  stdio: "inherit",
  env: { ...process.env, USHER_FUZZ_INPUTS: INPUTS },
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
