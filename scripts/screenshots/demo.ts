import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface RunningDemo {
  url: string;
  signInUrl: string;
  token: string;
  stop(): Promise<void>;
}

/** A demo of its own, with its data in a folder that goes with it. */
export async function startDemo(scale: string): Promise<RunningDemo> {
  const folder = await mkdtemp(join(tmpdir(), "usher-demo-"));
  const child = spawn(process.execPath, [MAIN, "demo", "--scale", scale, "--port", "0", "-o", "jsonl"], {
    env: { ...process.env, USHER_DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("close", (code) => reject(new Error(`The demo ended with ${code}.`)));
  });
  const { url, signInUrl, token } = JSON.parse(line) as Omit<RunningDemo, "stop">;
  return {
    url,
    signInUrl,
    token,
    async stop() {
      child.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
