import type { WireOf } from "../../api/contract.ts";
import { chooseSiteExecutor, getSiteExecutor } from "../../api/site-executors.ts";
import type { Cli } from "../cli.ts";
import { type Column, numberColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { findSite } from "./find.ts";

type Chosen = WireOf<typeof getSiteExecutor>;

const fieldsAt = (site: string): readonly Column<Chosen>[] => [
  textColumn("Site", () => site),
  textColumn("Seats by", (chosen) => chosen.executor),
  textColumn("Identity provider's groups by", (chosen) => chosen.managedExecutor),
  textColumn("Webhook", (chosen) => chosen.webhookId),
  textColumn("Instruction", (chosen) => chosen.instructionText),
  numberColumn("Revision", (chosen) => chosen.revision),
];

export interface ExecutorOptions {
  by?: Chosen["executor"];
  managedBy?: Chosen["managedExecutor"];
  webhook?: string;
  instruction?: string;
}

/** Without options tells how the seats of a site are taken; with them chooses it. What is left out stays. */
export async function executor(cli: Cli, siteGiven: string, options: ExecutorOptions): Promise<void> {
  const session = await connect(cli);
  const { id, name } = await findSite(session, siteGiven);
  const params = { siteId: id };
  const before = await session.call(getSiteExecutor, { params });
  if (Object.keys(options).length === 0) return printRecord(cli, fieldsAt(name), before);
  const after = await session.call(chooseSiteExecutor, {
    params,
    ifMatch: before.revision,
    body: {
      executor: options.by ?? before.executor,
      managedExecutor: options.managedBy ?? before.managedExecutor,
      webhookId: options.webhook ?? before.webhookId,
      instructionText: options.instruction ?? before.instructionText,
    },
  });
  printRecord(cli, fieldsAt(name), after);
  tellDone(cli, `Seats of ${name} are taken and given by ${after.executor} from now on.`);
  tellNext(cli, "usher reclaim plan --filter 'status=idle' --reason <why>");
}
