import type { z } from "zod";
import { ApiUnreachable } from "../../api/client.ts";
import { followRun, getRun, type Run, type RunEvent, type RunUpdate } from "../../api/runs.ts";
import type { Cli } from "../cli.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { counted, formatDuration } from "../output/format.ts";
import { oneLine } from "../output/width.ts";
import type { Session } from "../session.ts";
import { liveLines } from "./live-lines.ts";
import { progressLine } from "./progress-line.ts";
import { currentStep, type StepStarts } from "./run-steps.ts";

export type RunRow = z.input<typeof Run>;
export type RunLogEntry = z.input<typeof RunEvent>;
type Progress = z.input<typeof RunUpdate>["progress"];

/** While the stream is lost, the run is asked for this often. */
const POLL_MS = 2_000;

export interface RunFollower {
  progress?(run: RunRow, progress: Progress): void;
  logged?(entry: RunLogEntry): void;
}

/**
 * Follows a run to its end over the event stream, and by asking for it while that is lost; no log entry is told twice.
 */
export async function followToEnd(cli: Cli, session: Session, runId: string, follower: RunFollower): Promise<RunRow> {
  const input = { params: { runId } };
  let lastSeq = 0;
  for (;;) {
    try {
      for await (const { run, progress, events } of session.events(followRun, input, ({ run }) => hasEnded(run))) {
        for (const entry of events.filter(({ seq }) => seq > lastSeq)) {
          lastSeq = entry.seq;
          follower.logged?.(entry);
        }
        follower.progress?.(run, progress);
        if (hasEnded(run)) return run;
      }
    } catch (thrown) {
      // What the server refused it would refuse again; a lost connection may come back.
      if (!(thrown instanceof ApiUnreachable)) throw thrown;
    }
    const { progress, ...run } = await session.call(getRun, input);
    follower.progress?.(run, progress);
    if (hasEnded(run)) return run;
    await cli.clock.sleep(POLL_MS, cli.signal);
  }
}

function hasEnded({ state }: RunRow): boolean {
  return state !== "queued" && state !== "running";
}

/** Shows the progress of runs, one line each, until all have ended; gives them back as they ended. */
export async function watchRuns(cli: Cli, session: Session, runs: readonly RunRow[]): Promise<RunRow[]> {
  const isStreamed = cli.options.output === "jsonl";
  const emit = (line: object) => isStreamed && cli.stdout.write(`${JSON.stringify(line)}\n`);
  const lines = liveLines(cli.stderr, cli.clock);
  const draws = new Map<string, () => string>();
  const draw = () => lines.show([...draws.values()].map((line) => line()));
  const name = nameWidth(runs);

  const watch = async (begun: RunRow): Promise<RunRow> => {
    const starts: StepStarts = new Map();
    let waitingUntil: Date | null = null;
    emit({ event: "start", run: begun });
    const ended = await followToEnd(cli, session, begun.id, {
      progress(run, progress) {
        draws.set(run.id, () => {
          const now = cli.clock.now();
          const step = currentStep(progress, starts, now, waitingUntil && waitingUntil > now ? waitingUntil : null);
          return `${name(run)}${run.state === "queued" ? "Queued" : progressLine(step)}`;
        });
        draw();
        emit({ event: "progress", runId: run.id, state: run.state, progress });
      },
      logged(entry) {
        const until = entry.event === "rate-limited" ? entry.data.until : null;
        if (typeof until === "string") waitingUntil = new Date(until);
        emit({ event: "item", runId: begun.id, entry });
      },
    });
    draws.delete(ended.id);
    lines.keep(`${name(ended)}${outcomeLine(cli, ended)}`);
    draw();
    emit({ event: "result", run: ended });
    return ended;
  };

  // Time goes on where nothing else does: the clock on the lines is moved every second.
  const ticking = new AbortController();
  void tick(cli, ticking.signal, draw);
  try {
    return await Promise.all(runs.map(watch));
  } catch (thrown) {
    if (!cli.signal.aborted) throw thrown;
    throw new CliFailure("Stopped watching; the sync goes on.", {
      exitCode: EXIT.interrupted,
      next: `usher run logs -f ${runs[0]?.id}     or stop it: usher run cancel ${runs[0]?.id}`,
      cause: thrown,
    });
  } finally {
    ticking.abort();
    lines.close();
  }
}

const TICK_MS = 1_000;

async function tick({ clock }: Cli, signal: AbortSignal, draw: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
    if (!signal.aborted) draw();
  }
}

/** Sites' names in a column of their own where there are several. */
function nameWidth(runs: readonly RunRow[]): (run: RunRow) => string {
  const width = Math.max(0, ...runs.map(({ siteName }) => oneLine(siteName).length));
  return ({ siteName }) => (runs.length > 1 ? `${oneLine(siteName).padEnd(width)}  ` : "");
}

/** `✓ Succeeded in 34 s  4,120 read  +12 ~9 −3  120 requests` */
export function outcomeLine({ stderr: { colors } }: Cli, run: RunRow): string {
  const { added, changed, gone, read, errors } = run.counts;
  const parts = [
    counted(read, "row") + " read",
    `+${added} ~${changed} −${gone}`,
    counted(run.requests, "request"),
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(run.waitedMs >= 1000 ? [`${formatDuration(run.waitedMs)} asked to slow down`] : []),
    ...(run.errorMessage ? [oneLine(run.errorMessage)] : []),
  ];
  const word =
    run.state === "succeeded" ? `${colors.ok("✓")} Succeeded` : `${colors.warn("!")} ${capitalized(run.state)}`;
  return `${word}${tookOf(run)}  ${parts.join("  ")}`;
}

function tookOf({ startedAt, finishedAt }: RunRow): string {
  if (!startedAt || !finishedAt) return "";
  return ` in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The exit code of the run that ended worst. */
export function exitCodeOf(runs: readonly RunRow[]): ExitCode {
  const states = new Set(runs.map(({ state }) => state));
  if (states.has("failed") || states.has("canceled")) return EXIT.failed;
  if (states.has("held")) return EXIT.held;
  return states.has("partial") ? EXIT.partly : EXIT.done;
}
