import { type Command, Option } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { createSampleCompany, getSampleCompany, removeSampleCompany } from "../../api/sample-company.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { type Column, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Sample = WireOf<typeof getSampleCompany>;

const COLUMNS: readonly Column<Sample>[] = [
  textColumn("State", (sample) => sample.state),
  textColumn("Doing", (sample) => sample.step),
  textColumn("Problem", (sample) => sample.problem),
  textColumn("Scale", (sample) => sample.scale),
  instantColumn("Ready", (sample) => sample.readyAt),
  textColumn("Sites", (sample) => sample.siteIds),
  textColumn("Connections", (sample) => sample.connectionIds),
];

const SCALES = ["tiny", "small", "medium"] as const;

const LOOK_MS = 500;

export function register(command: Command, cli: Cli): void {
  command
    .command("create")
    .description("a pretend company to look around in; nothing leaves this machine")
    .addOption(new Option("--scale <scale>", "40, 200 or 4,000 people").choices(SCALES).default("medium"))
    .option("--no-wait", "do not wait until it is there")
    .action((options: { scale: (typeof SCALES)[number]; wait: boolean }) => create(cli, options));
  command
    .command("show")
    .description("is it here, and what is its")
    .action(async () => {
      const session = await connect(cli);
      printRecord(cli, COLUMNS, await session.call(getSampleCompany, {}));
    });
  command
    .command("remove")
    .description("remove it without a trace")
    .option("--no-wait", "do not wait until it is gone")
    .action((options: { wait: boolean }) => remove(cli, options));
}

async function create(cli: Cli, { scale, wait }: { scale: (typeof SCALES)[number]; wait: boolean }): Promise<void> {
  const session = await connect(cli);
  const begun = await session.call(createSampleCompany, { body: { scale } });
  const sample = wait ? await follow(cli, session, "making") : begun;
  printRecord(cli, COLUMNS, sample);
  tellDone(cli, wait ? "The sample company is here." : "The sample company is being made.");
  tellNext(cli, wait ? "usher overview" : "usher sample show");
}

async function remove(cli: Cli, { wait }: { wait: boolean }): Promise<void> {
  const session = await connect(cli);
  await confirm(cli, "Remove the sample company, with everything that was made for its sites?");
  const begun = await session.call(removeSampleCompany, {});
  const sample = wait ? await follow(cli, session, "removing") : begun;
  printRecord(cli, COLUMNS, sample);
  tellDone(cli, wait ? "The sample company is gone." : "The sample company is being removed.");
  tellNext(cli, wait ? "usher connection create" : "usher sample show");
}

/** Tells each step once, until the state is another one. */
async function follow(cli: Cli, session: Session, during: "making" | "removing"): Promise<Sample> {
  let told: string | null = null;
  for (;;) {
    const sample = await session.call(getSampleCompany, {});
    if (sample.state !== during) return sample;
    if (sample.problem !== null) {
      throw new CliFailure("It did not go as it should, and is tried again.", {
        exitCode: EXIT.failed,
        why: sample.problem,
        next: "usher sample show",
      });
    }
    if (sample.step !== told) cli.stderr.write(`${cli.stderr.colors.muted("…")} ${sample.step}\n`);
    told = sample.step;
    await cli.clock.sleep(LOOK_MS, cli.signal);
  }
}
