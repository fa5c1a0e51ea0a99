import type { Clock } from "../lib/clock.ts";
import type { Colors } from "./output/colors.ts";
import type { OutputFormat } from "./output/formats.ts";

/** Where a command writes to. */
export interface TextOutput {
  write(text: string): void;
  isTty: boolean;
  /** Cells of a line; asked each time, as a window may be resized. Infinity where it is no terminal. */
  columns(): number;
  colors: Colors;
}

/** Where a command reads from. */
export interface TextInput {
  isTty: boolean;
  /** Everything up to its end. */
  readAll(): Promise<string>;
}

/** What a command is given of the world. Data goes to `stdout`, everything else to `stderr`. */
export interface Cli {
  stdin: TextInput;
  stdout: TextOutput;
  stderr: TextOutput;
  environment: Record<string, string | undefined>;
  clock: Clock;
  /** Aborted by the first Ctrl-C: stop cleanly. */
  signal: AbortSignal;
  /** What the command was told by the options that every command has. */
  options: GlobalOptions;
  /** The exit code in place of 0, for a command that ended without a fault but not wholly well. */
  exitWith(code: number): void;
}

export interface GlobalOptions {
  /** Null: a table for a terminal, tab-separated lines for anything else. */
  output: OutputFormat | null;
  /** Answer every question with yes. */
  yes: boolean;
  /** False: fail rather than ask. */
  input: boolean;
}
