import type { Command } from "commander";
import { listJobResults, listJobs, runJob } from "../../api/jobs.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import { booleanColumn, type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import { formatDuration } from "../output/format.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";

type Result = RowOf<typeof listJobResults>;

const COLUMNS: readonly Column<RowOf<typeof listJobs>>[] = [
  idColumn((job) => job.id, "Job"),
  textColumn("Name", (job) => job.name),
  textColumn("Schedule (UTC)", (job) => job.cron),
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

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("what runs by itself, and whether it worked"), cli, {
    route: listJobs,
    columns: COLUMNS,
    empty: "No job yet. Publishing a connection makes them.",
  });
  addList(
    command.command("results").description("how a job ended each time").argument("<job-id>"),
    cli,
    { route: listJobResults, columns: RESULTS, empty: "It has not run yet." },
    async (_, [jobId = ""]) => ({ jobId }),
  );
  command
    .command("run")
    .description("run a job now; its schedule stays")
    .argument("<job-id>")
    .action((jobId: string) => run(cli, jobId));
}

async function run(cli: Cli, jobId: string): Promise<void> {
  const session = await connect(cli);
  const result = await session.call(runJob, { params: { jobId } });
  printRecord(cli, RESULTS, result);
  tellNext(cli, result.runId ? `usher run logs -f ${result.runId}` : `usher job results ${jobId}`);
}

function tookOf({ startedAt, finishedAt }: Result): string | null {
  return finishedAt ? formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) : null;
}
