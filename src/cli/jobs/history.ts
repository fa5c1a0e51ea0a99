import type { Command } from "commander";
import { downloadJobLog, listJobOutcomes } from "../../api/job-results.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import { formatDuration } from "../output/format.ts";
import { connect } from "../session.ts";

type Outcome = RowOf<typeof listJobOutcomes>;

const OUTCOMES: readonly Column<Outcome>[] = [
  idColumn((outcome) => outcome.id, "Result"),
  textColumn("Job", (outcome) => outcome.name),
  stateColumn("State", (outcome) => outcome.state),
  textColumn("Began by", (outcome) => outcome.trigger),
  instantColumn("Started", (outcome) => outcome.startedAt ?? outcome.requestedAt),
  textColumn("Took", ({ tookMs }) => (tookMs === null ? null : formatDuration(tookMs))),
  textColumn("What it did", summaryOf),
  instantColumn("Next", (outcome) => outcome.nextAt),
];

/** What every job did, and the log of one time as a file. */
export function registerHistory(command: Command, cli: Cli): void {
  addList(command.command("history").description("what every job did, and every run, newest first"), cli, {
    route: listJobOutcomes,
    columns: OUTCOMES,
    empty: "No job has run yet.",
  });
  command
    .command("log-file")
    .description("the whole log of a run or of a job's result, to standard output")
    .argument("<id>", "the id of a run or of a result, as `usher job history` shows it")
    .option("--jsonl", "one JSON object a line")
    .action(async (resultId: string, options: { jsonl?: boolean }) => {
      const session = await connect(cli);
      const query = { as: options.jsonl ? ("jsonl" as const) : ("text" as const) };
      const decoder = new TextDecoder();
      for await (const piece of session.download(downloadJobLog, { params: { resultId }, query }))
        cli.stdout.write(decoder.decode(piece, { stream: true }));
      cli.stdout.write(decoder.decode());
    });
}

function summaryOf({ message, counts }: Outcome): string | null {
  if (message !== null || counts === null) return message;
  return `+${counts.added} ~${counts.changed} −${counts.gone}, ${counts.read} read`;
}
