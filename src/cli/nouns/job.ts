import type { Command } from "commander";
import { getJob, listJobResultEvents, listJobResults, listJobs, runJob } from "../../api/jobs.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  stateColumn,
  textColumn,
  timeColumn,
} from "../output/columns.ts";
import { formatDuration } from "../output/format.ts";
import { printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";
import { registerHistory } from "../jobs/history.ts";
import { registerSchedule } from "../jobs/schedule.ts";
import { jobIdOf } from "../jobs/find.ts";

type Result = RowOf<typeof listJobResults>;

const COLUMNS: readonly Column<RowOf<typeof listJobs>>[] = [
  idColumn((job) => job.id, "Job"),
  textColumn("Name", (job) => job.name),
  textColumn("Schedule", (job) => job.schedule),
  booleanColumn("On", (job) => job.enabled),
  instantColumn("Last", (job) => job.lastResult?.startedAt),
  stateColumn("Result", (job) => job.lastResult?.state),
  textColumn("Took", (job) => (job.lastResult ? tookOf(job.lastResult) : null)),
  instantColumn("Next", (job) => job.nextAt),
];

const RESULTS: readonly Column<Result>[] = [
  idColumn((result) => result.id, "Result"),
  stateColumn("State", (result) => result.state),
  textColumn("Began by", (result) => result.trigger),
  instantColumn("Started", (result) => result.startedAt),
  textColumn("Took", tookOf),
  idColumn((result) => result.runId, "Run"),
  textColumn("Message", (result) => result.message),
];

const FIELDS: typeof COLUMNS = [
  ...COLUMNS,
  textColumn("Cron (UTC)", (job) => job.cron),
  textColumn("Worker", (job) => job.lastResult?.worker),
  textColumn("Message", (job) => job.lastResult?.message),
];

const EVENTS: readonly Column<RowOf<typeof listJobResultEvents>>[] = [
  timeColumn("Time (UTC)", (event) => event.at),
  textColumn("Message", (event) => event.message),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("what runs by itself, and whether it worked"), cli, {
    route: listJobs,
    columns: COLUMNS,
    empty: "No job yet. Publishing a connection makes them.",
  });
  addList(
    command.command("results").description("how a job ended each time").argument("<job>", "its id or kind"),
    cli,
    { route: listJobResults, columns: RESULTS, empty: "It has not run yet." },
    async (session, [given = ""]) => ({ jobId: await jobIdOf(session, given) }),
  );
  registerHistory(command, cli);
  registerSchedule(command, cli);
  command
    .command("show")
    .description("one job: its schedule, when it is next, how it ended last")
    .argument("<job>", "its id or kind")
    .action((given: string) => show(cli, given));
  command
    .command("run")
    .description("run a job now; its schedule stays")
    .argument("<job>", "its id or kind")
    .action((given: string) => run(cli, given));
  command
    .command("logs")
    .description("what a job told while it worked, the last time unless a result is named")
    .argument("<job>", "its id or kind")
    .argument("[result-id]")
    .action((given: string, resultId: string | undefined) => logs(cli, given, resultId));
}

async function show(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const job = await session.call(getJob, { params: { jobId: await jobIdOf(session, given) } });
  printRecord(cli, FIELDS, job);
}

async function logs(cli: Cli, given: string, resultId: string | undefined): Promise<void> {
  const session = await connect(cli);
  const jobId = await jobIdOf(session, given);
  const result = resultId ?? (await session.call(getJob, { params: { jobId } })).lastResult?.id;
  if (result === undefined)
    throw new CliFailure("It has not run yet.", { exitCode: EXIT.notFound, next: `usher job run ${jobId}` });
  const events: RowOf<typeof listJobResultEvents>[] = [];
  for await (const event of session.items(listJobResultEvents, { params: { jobId, resultId: result } }))
    events.push(event);
  printRows(cli, EVENTS, events);
  if (events.length === 0 && cli.stderr.isTty) cli.stderr.write("It told nothing beside its result.\n");
}

async function run(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const jobId = await jobIdOf(session, given);
  const result = await session.call(runJob, { params: { jobId } });
  printRecord(cli, RESULTS, result);
  tellNext(cli, result.runId ? `usher run logs -f ${result.runId}` : `usher job results ${jobId}`);
}

function tookOf({ startedAt, finishedAt }: Result): string | null {
  return finishedAt ? formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) : null;
}
