import { proveWrites } from "../../api/connection-life.ts";
import type { WireOf } from "../../api/contract.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { type Column, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { oneLine } from "../output/width.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";
import { findConnection, pickSite } from "./find.ts";

type Step = WireOf<typeof proveWrites>["steps"][number];

const STEPS: readonly Column<Step>[] = [
  textColumn("Step", (step) => step.name),
  stateColumn("Result", (step) => step.outcome),
  textColumn("Took", (step) => `${(step.tookMs / 1000).toFixed(1)} s`),
  textColumn("What was seen", (step) => step.detail),
];

export interface ProveWritesOptions {
  site?: string;
}

/** Makes, uses and deletes a temporary group; failed where one of its steps did. */
export async function proveWritesOf(cli: Cli, given: string, options: ProveWritesOptions): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const site = pickSite(connection.sites, options.site);
  const proof = await session.call(proveWrites, { params: { connectionId: connection.id, siteId: site.id } });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") printJson(cli, proof);
  else printRows(cli, STEPS, proof.steps);

  for (const note of proof.notes) cli.stderr.write(`${oneLine(note)}\n`);
  if (proof.problem) {
    cli.stderr.write(`${oneLine(proof.problem.reason)} ${oneLine(proof.problem.fix)}\n`);
    cli.exitWith(EXIT.failed);
    return;
  }
  tellNext(cli, `usher connection check ${connection.id}`);
}
