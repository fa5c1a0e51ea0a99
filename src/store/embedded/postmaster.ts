import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock } from "../../lib/clock.ts";
import { embeddedFault, errorCode } from "./faults.ts";
import type { OsUser } from "./os-users.ts";

const run = promisify(execFile);

/** A shutdown writes a checkpoint of at most `max_wal_size`, which a slow disk takes a minute for. */
const STOP_TIMEOUT_MS = 90_000;
const POLL_MS = 10;

/** PostgreSQL sees nothing of our environment: PGDATA, PGOPTIONS, LANG and their like would change what it does. */
export const ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** What `postmaster.pid` tells of the server that has a cluster open. PostgreSQL, "src/include/utils/pidfile.h". */
export interface Postmaster {
  pid: number;
  socketDirectory: string;
}

/** A server that this process started. */
export interface StartedPostmaster {
  pid: number;
  /** Resolves when the server is gone, with words on how. */
  ended: Promise<string>;
}

/**
 * Starts a server in a session of its own with its output in `logFile`, so that neither a Ctrl-C in our terminal nor our
 * death reaches it. It may still refuse to run; then `ended` tells.
 */
export function spawnPostmaster(options: {
  binaries: string;
  cluster: string;
  configFile: string;
  logFile: string;
  owner: OsUser;
}): StartedPostmaster {
  const log = openSync(options.logFile, "a", 0o600);
  try {
    const child = spawn(
      join(options.binaries, "bin/postgres"),
      ["-D", options.cluster, "-c", `config_file=${options.configFile}`],
      { ...asUser(options.owner), detached: true, cwd: "/", env: ENVIRONMENT, stdio: ["ignore", log, log] },
    );
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (status, signal) => resolve(signal ? `signal ${signal}` : `exit status ${status}`));
    });
    // The server lives on without us; waiting for it is not what keeps Node running.
    child.unref();
    return { pid: child.pid ?? -1, ended };
  } finally {
    closeSync(log);
  }
}

/**
 * The living server of a cluster, or null. A `postmaster.pid` survives a SIGKILL or a power cut, its pid may meanwhile
 * be another program's, and a copied cluster carries the pid of the original's server: all three are nobody.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const lines = await readPidFile(cluster);
  if (!lines) return null;
  const [pid = "", directory, , , socketDirectory = ""] = lines;
  if (directory !== cluster || socketDirectory === "") return null;
  if (process.platform === "linux" && !isServerOf(cluster, readProc(Number(pid), "cmdline"))) return null;
  const { uid } = await stat(cluster);
  return (await ownerOf(Number(pid))) === uid ? { pid: Number(pid), socketDirectory } : null;
}

/** Asks a server to end its sessions and write everything down ("fast shutdown"), and waits until it is gone. */
export async function stopPostmaster(cluster: string, pid: number, clock: Clock): Promise<void> {
  const owner = await stat(cluster).catch(() => null);
  // Root could signal anybody, so it asks first whose process this is. A server whose files are gone stops by itself.
  if (!owner || (await ownerOf(pid)) !== owner.uid) return;
  signal(pid, "SIGINT");
  for (let waited = 0; waited < STOP_TIMEOUT_MS; waited += POLL_MS) {
    if ((await ownerOf(pid)) === null) return;
    await clock.sleep(POLL_MS);
  }
  throw embeddedFault("does-not-stop", `PostgreSQL (pid ${pid}) did not stop within ${STOP_TIMEOUT_MS / 1000} s.`);
}

/** Whether a process runs; one that is dead and only not yet buried does not. */
export function isAlive(pid: number): boolean {
  return isTaken(pid) && (process.platform !== "linux" || !/^State:\s+Z/m.test(readProc(pid, "status")));
}

/** Whether a pid means anything to the system, which is all PostgreSQL asks before it refuses to start. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's.
    return errorCode(error) === "EPERM";
  }
}

/** As root, a child's uid; libuv then drops root's supplementary groups as well. */
export function asUser(owner: OsUser): { uid?: number; gid?: number } {
  return process.getuid?.() === owner.uid ? {} : { uid: owner.uid, gid: owner.gid };
}

/**
 * The living processes of a cluster, told by their titles; not by their working directory, which a container's root may
 * not read of another user's processes. Orphans are those whose server is dead. Null where the system does not tell
 * (macOS).
 */
export async function listProcesses(cluster: string): Promise<{ servers: number[]; orphans: number[] } | null> {
  const names = await readdir("/proc").catch(() => null);
  if (!names) return null;
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const title = `postgres: ${clusterName(cluster)}: `;
  return {
    servers: pids.filter((pid) => isServerOf(cluster, readProc(pid, "cmdline"))),
    orphans: pids.filter((pid) => {
      if (!readProc(pid, "cmdline").startsWith(title)) return false;
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, "status"))?.[1]);
      return !isServerOf(cluster, readProc(parent, "cmdline"));
    }),
  };
}

/** Which PostgreSQL shows in the titles of its processes. */
export function clusterName(cluster: string): string {
  return `usher-${createHash("sha256").update(cluster).digest("hex").slice(0, 16)}`;
}

async function readPidFile(cluster: string): Promise<string[] | null> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => null);
  return text === null ? null : text.split("\n");
}

/** The uid a process runs as; null when there is no such process. */
async function ownerOf(pid: number): Promise<number | null> {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return null;
  if (process.platform === "linux") {
    const uid = /^Uid:\s+(\d+)/m.exec(readProc(pid, "status"))?.[1];
    return uid === undefined ? null : Number(uid);
  }
  const { stdout } = await run("ps", ["-o", "uid=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim() === "" ? null : Number(stdout);
}

function isServerOf(cluster: string, commandLine: string): boolean {
  const [program = "", ...rest] = commandLine.split("\0");
  return program.endsWith("/bin/postgres") && rest.includes(cluster);
}

/** Empty when the process is gone. These files are in memory, so reading them at once is no wait. */
function readProc(pid: number, file: "status" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // Whatever the reason, there is nothing to be known about the process.
    return "";
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
