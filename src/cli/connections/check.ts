import type { WireOf } from "../../api/contract.ts";
import { checkConnection } from "../../api/connection-life.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { type Column, stateColumn, textColumn } from "../output/columns.ts";
import { formatNumber } from "../output/format.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { oneLine } from "../output/width.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";
import { findConnection } from "./find.ts";
import { checkPendingOf } from "./pending.ts";

export type CheckReport = WireOf<typeof checkConnection>;
type Probe = CheckReport["sites"][number]["probes"][number] & { site: string };

const PROBES: readonly Column<Probe>[] = [
  textColumn("Site", (probe) => probe.site),
  stateColumn("Result", (probe) => probe.outcome),
  textColumn("Check", (probe) => probe.name),
  textColumn("For", (probe) => probe.capability),
  textColumn("Took", (probe) => (probe.outcome === "not-checked" ? null : `${(probe.tookMs / 1000).toFixed(1)} s`)),
  textColumn("What was seen", (probe) => probe.detail),
  textColumn("What to do", (probe) => probe.fix),
];

/** Tries each capability for real; of a connection with a pending revision, that one. Partly done where some capability of some site failed; failed where nothing works. */
export async function check(cli: Cli, given: string, options: { running?: boolean }): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const { id } = connection;
  if (connection.pendingRevision && !options.running) {
    cli.stderr.write(`Checking the pending revision of "${connection.name}"; --running checks what is running.\n`);
    return checkPendingOf(cli, session, connection);
  }
  const report = await session.call(checkConnection, { params: { connectionId: id } });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") printJson(cli, report);
  else
    printRows(
      cli,
      PROBES,
      report.sites.flatMap((site) => site.probes.map((probe) => ({ ...probe, site: site.name }))),
    );

  for (const { name, forecast } of report.sites) {
    if (forecast)
      cli.stderr.write(
        `${oneLine(name)}: about ${formatNumber(forecast.requests)} requests a full sync. ${forecast.verdict}\n`,
      );
  }
  const isWhole = report.isValid && report.sites.every(({ failed }) => failed.length === 0);
  if (!isWhole) cli.exitWith(report.isValid ? EXIT.partly : EXIT.failed);
  tellNext(cli, report.isValid ? nextOf(report, id) : `put right what failed, then: usher connection check ${id}`);
}

function nextOf({ state }: CheckReport, id: string): string {
  return state === "validated" ? `usher connection publish ${id}` : "usher sync";
}
