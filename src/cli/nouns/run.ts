import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { cancelRun, getRun, listRunLog, listRuns } from "../../api/runs.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  type Column,
  idColumn,
  instantColumn,
  numberColumn,
  stateColumn,
  textColumn,
  timeColumn,
} from "../output/columns.ts";
import { csvText } from "../output/csv.ts";
import { formatDuration } from "../output/format.ts";
import { layoutOf, printRecord, printRows } from "../output/print.ts";
import { exitCodeOf, followToEnd, outcomeLine, type RunLogEntry } from "../progress/follow-runs.ts";
import { heldOf, printForPrograms, registerHeld } from "../runs/held.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type RunDetail = WireOf<typeof getRun>;

const COLUMNS: readonly Column<RowOf<typeof listRuns>>[] = [
  idColumn((run) => run.id, "Run"),
  textColumn("Site", (run) => run.siteName),
  stateColumn("State", (run) => run.state),
  textColumn("Scope", (run) => run.scope),
  textColumn("Began by", (run) => run.trigger),
  instantColumn("Started", (run) => run.startedAt ?? run.requestedAt),
  textColumn("Took", tookOf),
  numberColumn("Read", (run) => run.counts.read),
  textColumn("Changed", changedOf),
  numberColumn("Requests", (run) => run.requests),
];

const FIELDS: readonly Column<RunDetail>[] = [
  idColumn((run) => run.id, "Run"),
  textColumn("Site", (run) => run.siteName),
  stateColumn("State", (run) => run.state),
  textColumn("Why", (run) => run.errorMessage),
  textColumn("Held", heldOf, () => "warn"),
  textColumn("Decided", (run) => run.heldDecision),
  textColumn("Scope", (run) => run.scope),
  textColumn("Began by", (run) => run.trigger),
  instantColumn("Requested", (run) => run.requestedAt),
  textColumn("Took", tookOf),
  numberColumn("Read", (run) => run.counts.read),
  textColumn("Changed", changedOf),
  numberColumn("Not visible", (run) => run.counts.notVisible),
  numberColumn("Errors", (run) => run.counts.errors),
  numberColumn("Requests", (run) => run.requests),
  numberColumn("Forecast", (run) => run.forecastRequests),
  numberColumn("Points", (run) => run.points),
  textColumn("Answers", ({ answers }) =>
    Object.entries(answers)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${count} ${kind}`),
  ),
  numberColumn("Warnings", (run) => run.warnings),
  textColumn("Compared with", ({ earlier }) => (earlier ? `${earlier.id}: ${changedOf(earlier)}` : null)),
  textColumn("Worker", (run) => run.worker),
  instantColumn("Waits until", (run) => run.waitsUntil),
  textColumn("Asked to slow down", (run) => (run.waitedMs > 0 ? formatDuration(run.waitedMs) : null)),
];

const PROGRESS: readonly Column<RunDetail["progress"][number]>[] = [
  textColumn("Listing", (totals) => totals.kind),
  stateColumn("State", (totals) => totals.state),
  textColumn("Done", (totals) => `${totals.ended} of ${totals.listings}`),
  numberColumn("Complete", (totals) => totals.complete),
  numberColumn("Failed", (totals) => totals.failed),
  numberColumn("Not allowed", (totals) => totals.notAllowed),
  numberColumn("Rows", (totals) => totals.rows),
  numberColumn("Rows/s", (totals) => totals.rowsPerSecond),
  textColumn("Took", ({ tookMs }) => (tookMs === null ? null : formatDuration(tookMs))),
  textColumn("Changed", ({ added, changed, gone }) => `+${added} ~${changed} −${gone}`),
];

const LOG: readonly Column<RunLogEntry>[] = [
  timeColumn("Time (UTC)", (entry) => entry.at),
  textColumn(
    "Level",
    (entry) => entry.level,
    ({ level }) => (level === "error" ? "danger" : level === "warn" ? "warn" : "muted"),
  ),
  textColumn("What", (entry) => entry.event),
  textColumn("Message", (entry) => entry.message),
];

/** How far a run is, once a second: progress to look at, not a log to read. */
const PROGRESS_EVENT = "progress";

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("runs, newest first"), cli, {
    route: listRuns,
    columns: COLUMNS,
    empty: "No run yet. Start one: usher sync",
  });
  command
    .command("get")
    .description("one run and how far it is")
    .argument("<run-id>")
    .action((runId: string) => show(cli, runId));
  command
    .command("logs")
    .description("what a run wrote down")
    .argument("<run-id>")
    .option("-f, --follow", "until the run has ended")
    .action((runId: string, options: { follow?: boolean }) => logs(cli, runId, options.follow ?? false));
  command
    .command("cancel")
    .description("stop a run; what it merged stays")
    .argument("<run-id>")
    .action((runId: string) => cancel(cli, runId));
  registerHeld(command, cli);
}

async function show(cli: Cli, runId: string): Promise<void> {
  const session = await connect(cli);
  const run = await session.call(getRun, { params: { runId } });
  printRecord(cli, FIELDS, run);
  if (layoutOf(cli) === "table" && run.progress.length > 0) {
    cli.stdout.write("\n");
    printRows(cli, PROGRESS, run.progress);
  }
  if (run.heldDecision === "accepted" && run.held)
    tellNext(cli, `usher sync ${run.siteName}     its next run closes them`);
  else if (run.held) tellNext(cli, `usher run difference ${runId}     then: usher run accept, or usher run discard`);
}

async function logs(cli: Cli, runId: string, follows: boolean): Promise<void> {
  const session = await connect(cli);
  const layout = layoutOf(cli);
  let isFirst = true;
  const print = (entry: RunLogEntry) => {
    if (entry.event === PROGRESS_EVENT) return;
    if (layout === "table") cli.stdout.write(`${logLine(cli, entry)}\n`);
    else if (layout === "tabs") printRows(cli, LOG, [entry]);
    else if (layout === "csv") cli.stdout.write(csvText([entry], Object.keys(entry), isFirst));
    // A log is told as it comes, also as `json`: one text a line.
    else cli.stdout.write(`${JSON.stringify(entry)}\n`);
    isFirst = false;
  };
  if (!follows) {
    for await (const entry of session.items(listRunLog, { params: { runId } })) print(entry);
    return;
  }
  const ended = await followToEnd(cli, session, runId, { logged: print });
  cli.stderr.write(`${outcomeLine(cli, ended)}\n`);
  cli.exitWith(exitCodeOf([ended]));
}

/** Entries come one by one, so each stands for itself instead of in a table. */
function logLine({ stdout: { colors }, clock }: Cli, entry: RunLogEntry): string {
  const now = clock.now();
  const [time = "", level = "", , message = ""] = LOG.map((column) => {
    const tone = column.tone(entry);
    const text = column.show(entry, now);
    return tone ? colors[tone](text) : text;
  });
  return [time, level, message].join("  ");
}

async function cancel(cli: Cli, runId: string): Promise<void> {
  const session = await connect(cli);
  const run = await session.call(cancelRun, { params: { runId } });
  printForPrograms(cli, run);
  tellDone(cli, `The run of ${run.siteName} stops; what it merged stays.`);
  tellNext(cli, `usher run get ${runId}`);
}

function tookOf({ startedAt, finishedAt }: Pick<RunDetail, "startedAt" | "finishedAt">): string | null {
  if (!startedAt || !finishedAt) return null;
  return formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}

function changedOf({ counts }: Pick<RunDetail, "counts">): string {
  return `+${counts.added} ~${counts.changed} −${counts.gone}`;
}
