import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { oneLine } from "./output/width.ts";

/** A secret comes from a file, from standard input, or from a prompt; never as an option's own value. */
export function addSecretOptions(command: Command, what: string): Command {
  return command
    .option("--secret-file <file>", `read ${what} from a file`)
    .option("--secret-stdin", `read ${what} from standard input`);
}

/** What was done, in words, for whoever asked; data for programs is on standard output. */
export function tellDone(cli: Cli, what: string): void {
  cli.stderr.write(`${cli.stderr.colors.ok("✓")} ${oneLine(what)}\n`);
}

/** The last line of every write. */
export function tellNext(cli: Cli, next: string): void {
  cli.stderr.write(`${cli.stderr.colors.muted("Next:")} ${oneLine(next)}\n`);
}

/** A name as a shell takes it for one word, so that a told command can be copied. */
export function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
