import { systemClock } from "../lib/clock.ts";
import type { Cli, TextOutput } from "./cli.ts";
import { EXIT } from "./exit-codes.ts";
import { colorsFor } from "./output/colors.ts";
import { runCli } from "./run-cli.ts";

/** npm and scripts/bootstrap.mjs pass on what the terminal has sent here too, so one Ctrl-C comes up to three times. */
const SAME_CTRL_C_MS = 500;

/** The command line as a process: its streams, Ctrl-C, and the exit code it gives back. */
export async function main(process: NodeJS.Process): Promise<number> {
  const stop = new AbortController();
  let stoppingSinceMs: number | null = null;
  const interrupt = () => {
    const nowMs = systemClock.now().getTime();
    // The second Ctrl-C does not wait for anything.
    if (stoppingSinceMs !== null && nowMs - stoppingSinceMs > SAME_CTRL_C_MS) process.exit(EXIT.interrupted);
    stoppingSinceMs ??= nowMs;
    stop.abort(new DOMException("Interrupted.", "AbortError"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // `usher people list | head` closes the pipe when it has enough: that is a success, and nobody listens any more.
  let isUnheard = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      isUnheard = true;
      stop.abort(error);
    });
  }

  let exitCode: number = EXIT.done;
  const world: Omit<Cli, "options"> = {
    stdin: { isTty: process.stdin.isTTY, readAll: () => readAll(process.stdin) },
    stdout: outputTo(process.stdout, process.env, () => isUnheard),
    stderr: outputTo(process.stderr, process.env, () => isUnheard),
    environment: process.env,
    clock: systemClock,
    signal: stop.signal,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  const failed = await runCli(process.argv.slice(2), world);
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  if (isUnheard) return EXIT.done;
  return failed ?? exitCode;
}

function outputTo(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv, isUnheard: () => boolean): TextOutput {
  return {
    write: (text) => void (isUnheard() || stream.write(text)),
    isTty: stream.isTTY,
    columns: () => (stream.isTTY ? stream.columns || 80 : Infinity),
    colors: colorsFor(stream.isTTY, environment),
  };
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk as string;
  return text;
}
