import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestDatabase } from "../../src/store/testing/database.ts";

/** `usher worker` as its own process, as a service manager would start it. */
export interface WorkerProcess {
  holder: string;
  /** Gives the exit code once it has ended; null after a signal. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The database of a test as a process is told of it. */
export function databaseUrlOf({ host, port, user, password, database }: TestDatabase["connection"]): string {
  const login =
    encodeURIComponent(user ?? "") + (typeof password === "string" ? `:${encodeURIComponent(password)}` : "");
  return `postgres://${login}@localhost/${database}?${new URLSearchParams({ host: host ?? "", port: String(port) })}`;
}

/** What it wrote before it ended by itself. */
export async function failedWorker(
  environment: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const { child, errors } = spawnWorker(environment);
  child.stdout.resume();
  return { code: await new Promise((resolve) => child.once("close", resolve)), stderr: errors() };
}

export async function startWorkerProcess(environment: Record<string, string>): Promise<WorkerProcess> {
  const { child, errors } = spawnWorker(environment);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve)),
    ended.then((code) => Promise.reject(new Error(`The worker ended with ${code}: ${errors()}`))),
  ]);
  return {
    holder: (JSON.parse(line) as { holder: string }).holder,
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function spawnWorker(environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, "worker", "--output", "json"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], USHER_LOG_LEVEL: "error", ...environment },
  });
  // A test that fails before it stops the worker must not leave it behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("close", () => process.off("exit", kill));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, errors: () => stderr };
}
