import type { Colors } from "./output/colors.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { oneLine } from "./output/width.ts";

export interface FailureParts {
  exitCode?: ExitCode;
  /** Why it is so, where that says more than the message. */
  why?: string | null;
  /** What to do next: a sentence, or a command to copy. */
  next?: string | null;
  /** What the server calls the request; whoever runs it finds its log line by this. */
  requestId?: string | null;
  cause?: unknown;
}

/** A command that could not do what it was asked, in the words of whoever asked. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  readonly why: string | null;
  readonly next: string | null;
  readonly requestId: string | null;

  constructor(message: string, parts: FailureParts = {}) {
    super(message, { cause: parts.cause });
    this.name = "CliFailure";
    this.exitCode = parts.exitCode ?? EXIT.failed;
    this.why = parts.why ?? null;
    this.next = parts.next ?? null;
    this.requestId = parts.requestId ?? null;
  }
}

/** Asked for in a way that cannot be meant: nothing was done. */
export function usageFailure(message: string, next: string | null = null): CliFailure {
  return new CliFailure(message, { exitCode: EXIT.usage, next });
}

/** The four lines of an error; those without anything to say are left out. */
export function formatFailure(failure: CliFailure, colors: Colors): string {
  const lines: [string, string | null][] = [
    [colors.danger("error"), failure.message],
    [colors.muted("why"), failure.why],
    [colors.muted("try"), failure.next],
    [colors.muted("request"), failure.requestId],
  ];
  return lines
    .filter(([, text]) => text)
    .map(([label, text]) => `${label}: ${harmless(text ?? "")}\n`)
    .join("");
}

/** Names from a source may stand in it, and they may hold what steers a terminal; its own line breaks stay. */
function harmless(text: string): string {
  return text.split("\n").map(oneLine).join("\n");
}
