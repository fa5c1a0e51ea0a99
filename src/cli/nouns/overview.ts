import type { Command } from "commander";
import { getOverview } from "../../api/overview.ts";
import type { Cli } from "../cli.ts";
import { siteLines } from "../overview/site-lines.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { formatRelative } from "../output/format.ts";
import { SITE_OVERVIEWS } from "../overview/columns.ts";
import { connect } from "../session.ts";

export function register(command: Command, cli: Cli): void {
  command.action(async () => {
    const session = await connect(cli);
    const overview = await session.call(getOverview, {});
    const layout = layoutOf(cli);
    if (layout === "json" || layout === "jsonl") return printJson(cli, overview);
    if (layout !== "table") return printRows(cli, SITE_OVERVIEWS, overview.sites);
    const now = cli.clock.now();
    const options = { colors: cli.stdout.colors, now, widthMax: cli.stdout.columns(), idleAfterDays: null };
    const blocks = overview.sites.map((site) => siteLines(site, options).join("\n"));
    cli.stdout.write(blocks.length > 0 ? `${blocks.join("\n\n")}\n` : "");
    if (overview.sites.length === 0) cli.stderr.write("No site yet. Connect one: usher connection create\n");
    else if (overview.dataAsOf) cli.stderr.write(`Data as of ${formatRelative(new Date(overview.dataAsOf), now)}\n`);
  });
}
