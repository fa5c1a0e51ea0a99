import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { changeJob } from "../../api/jobs.ts";
import type { Cli } from "../cli.ts";
import { printForPrograms } from "../runs/held.ts";
import { connect } from "../session.ts";
import { tellDone } from "../write-command.ts";
import { jobIdOf } from "./find.ts";

/** Switches a job off or on, or moves it. */
export function registerSchedule(command: Command, cli: Cli): void {
  command
    .command("on")
    .description("let a job run by its schedule again")
    .argument("<job>", "its id or kind")
    .action((given: string) => change(cli, given, { enabled: true }));
  command
    .command("off")
    .description("run a job no more by itself; what it did stays")
    .argument("<job>", "its id or kind")
    .action((given: string) => change(cli, given, { enabled: false }));
  command
    .command("move")
    .description("run a job at other times")
    .argument("<job>", "its id or kind")
    .argument("<cron>", 'minute, hour, day of month, month, day of week in UTC, such as "17 3 * * *"')
    .action((given: string, cron: string) => change(cli, given, { cron }));
}

async function change(cli: Cli, given: string, body: { enabled?: boolean; cron?: string }): Promise<void> {
  const session = await connect(cli);
  const job: WireOf<typeof changeJob> = await session.call(changeJob, {
    params: { jobId: await jobIdOf(session, given) },
    body,
  });
  printForPrograms(cli, job);
  tellDone(cli, job.enabled ? `"${job.name}" runs ${job.schedule}.` : `"${job.name}" is off.`);
}
