import { readFile } from "node:fs/promises";
import { CommanderError } from "commander";
import { Fault, messageOf } from "../lib/errors.ts";
import type { Cli } from "./cli.ts";
import { EXIT } from "./exit-codes.ts";
import { CliFailure, formatFailure, usageFailure } from "./failure.ts";
import { createProgram, usageFault, withHelp } from "./program.ts";

/** Runs one command. Null when it ended well, else the exit code; what went wrong is on standard error. */
export async function runCli(argv: readonly string[], world: Omit<Cli, "options">): Promise<number | null> {
  try {
    if (argv[0] === "--version" || argv[0] === "-V") {
      world.stdout.write(`${await readVersion()}\n`);
      return null;
    }
    const program = createProgram(world);
    const [verb, noun] = argv;
    if (verb === "help" && noun !== undefined && !program.commands.some((each) => each.name() === noun)) {
      throw usageFailure(`There is no command "${noun}".`, "usher help");
    }
    await program.parseAsync(withHelp(argv), { from: "user" });
    return null;
  } catch (thrown) {
    const failure = await asFailure(thrown, argv, world.signal);
    if (!failure) return null;
    world.stderr.write(formatFailure(failure, world.stderr.colors));
    return failure.exitCode;
  }
}

async function asFailure(thrown: unknown, argv: readonly string[], signal: AbortSignal): Promise<CliFailure | null> {
  if (thrown instanceof CliFailure) return thrown;
  if (thrown instanceof CommanderError) return usageFault(thrown, commandOf(argv));
  if (signal.aborted) return new CliFailure("Interrupted.", { exitCode: EXIT.interrupted, cause: thrown });
  if (thrown instanceof Fault) {
    const exitCode = thrown.code === "settings.invalid" ? EXIT.usage : EXIT.failed;
    return new CliFailure(thrown.publicMessage, { exitCode, cause: thrown });
  }
  // Whatever spoke to the server loaded the session already; nothing else pays for it.
  const { failureOf } = await import("./session.ts");
  const failure = failureOf(thrown);
  if (failure) return failure;
  return new CliFailure(messageOf(thrown), {
    why: "This should not have happened; it is a defect of Usher.",
    next: "Report it with the command and the version that `usher status` shows.",
    cause: thrown,
  });
}

/** `usher people list`: the words before the first option, as far as they are words. */
function commandOf(argv: readonly string[]): string {
  const end = argv.findIndex((each) => !/^[a-z][a-z-]*$/.test(each));
  return ["usher", ...argv.slice(0, end < 0 ? 2 : Math.min(end, 2))].join(" ");
}

/** Of this command line; what version the server has, `usher status` tells. */
async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
