import type { Reader } from "../store/database.ts";
import { type JobOutcome, listOutcomeLines, type OutcomeLine } from "../store/job-outcomes.ts";

type LogFormat = "text" | "jsonl";

/** Lines of one piece: a long log is read while it is sent. */
const LINES = 1000;

/** How far a run is, once a second: a file has no use for it as text. */
const PROGRESS_EVENT = "progress";

/** The log as a file's pieces: when it began, what it told, and how it ended where nothing it told says so. */
export async function* jobLog(reader: Reader, outcome: JobOutcome, format: LogFormat): AsyncGenerator<Uint8Array> {
  const write = format === "text" ? textLine : jsonLine;
  if (outcome.runId === null) yield bytes(write(frame(outcome.requestedAt, "started", startWords(outcome))));
  let after = 0;
  for (;;) {
    const lines = await listOutcomeLines(reader, outcome, after, LINES);
    const kept = format === "text" ? lines.filter((each) => each.event !== PROGRESS_EVENT) : lines;
    if (kept.length > 0) yield bytes(kept.map(write).join(""));
    after = lines.at(-1)?.seq ?? after;
    if (lines.length < LINES) break;
  }
  if (outcome.runId === null && outcome.finishedAt !== null)
    yield bytes(write(frame(outcome.finishedAt, outcome.state, outcome.message ?? `It ended: ${outcome.state}.`)));
}

type Written = Omit<OutcomeLine, "seq"> & { seq: number | null };

function frame(at: Date, event: string, message: string): Written {
  const level = event === "failed" ? "error" : event === "partial" ? "warn" : "info";
  return { seq: null, at, level, event, message, data: {} };
}

function startWords({ name, trigger, worker }: JobOutcome): string {
  const words = {
    schedule: "by its schedule",
    person: "by a person",
    publish: "by publishing",
    run: "after a run",
    work: "because something waited for it",
  };
  return `${name} was begun ${words[trigger]}${worker === null ? "" : `, on ${worker}`}.`;
}

function textLine({ at, level, event, message }: Written): string {
  // What was told may hold line ends of its own; a line of the file is one of the log.
  const words = message.replaceAll(/\s+/g, " ");
  return `${at.toISOString()}  ${level.padEnd(5)}  ${event === null ? "" : `${event}: `}${words}\n`;
}

function jsonLine({ at, level, event, message, data }: Written): string {
  return `${JSON.stringify({ at: at.toISOString(), level, event, message, data })}\n`;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
