// The checks that need no running: types, lint, format.
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

const CHECKS = [
  ["types", "tsc", ["-p", "."]],
  ["lint", "oxlint", ["--deny-warnings"]],
  ["format", "oxfmt", ["--check"]],
];

/** Prints what is wrong, and answers how many checks passed and failed. */
export async function runChecks() {
  const counts = { passed: 0, failed: 0 };
  for (const [name, command, args] of CHECKS) {
    const isGood = await succeeds(join(CHECKOUT, "node_modules/.bin", command), args);
    console.log(`${isGood ? "✔" : "✖"} ${name}`);
    counts[isGood ? "passed" : "failed"]++;
  }
  return counts;
}

function succeeds(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { cwd: CHECKOUT, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = await runChecks();
  process.exitCode = failed > 0 ? 1 : 0;
}
