import type { Cli, TextOutput } from "../../src/cli/cli.ts";
import { NO_COLORS } from "../../src/cli/output/colors.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Clock } from "../../src/lib/clock.ts";

/** What a command wrote, and its exit code. */
export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CliWorld {
  environment: Record<string, string>;
  clock: Clock;
  stdin?: string;
  /** Whether both outputs are a terminal; nobody ever sits there to be asked. */
  isTty?: boolean;
  /** Hears what is written to standard error while the command goes on. */
  onStderr?(text: string): void;
}

/** One command of the command line in this process. */
export async function ranUsher(argv: readonly string[], world: CliWorld): Promise<Ran> {
  const { environment, clock, stdin = "", isTty = false, onStderr } = world;
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written): TextOutput => ({
    write(text) {
      written[name] += text;
      if (name === "stderr") onStderr?.(text);
    },
    isTty,
    columns: () => (isTty ? 100 : Infinity),
    colors: NO_COLORS,
  });
  let exitCode = 0;
  const cli: Omit<Cli, "options"> = {
    stdin: { isTty: false, readAll: async () => stdin },
    stdout: output("stdout"),
    stderr: output("stderr"),
    environment,
    clock,
    signal: new AbortController().signal,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  const failed = await runCli(argv, cli);
  return { exitCode: failed ?? exitCode, ...written };
}
