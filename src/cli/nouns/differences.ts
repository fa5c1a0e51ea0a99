import type { Command } from "commander";
import { listDifferences } from "../../api/differences.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, textColumn, timeColumn } from "../output/columns.ts";

type Difference = RowOf<typeof listDifferences>;

const COLUMNS: readonly Column<Difference>[] = [
  timeColumn("Time (UTC)", (difference) => difference.at),
  textColumn("Kind", (difference) => difference.kind),
  textColumn("Change", (difference) => difference.change),
  textColumn("What", whatText),
  textColumn("Fields", (difference) => difference.changes.map(fieldText)),
  textColumn("Site", (difference) => difference.site),
];

export function register(command: Command, cli: Cli): void {
  addList(command, cli, {
    route: listDifferences,
    columns: COLUMNS,
    flags: { from: "from", to: "to", kind: "kind", site: "siteId" },
    empty: "Nothing differs.",
  });
}

/** What it is about: the account in the group, the principal on the space. */
function whatText({ account, group, space, principal, principalId }: Difference): string {
  return [account, group, space, principal ?? principalId].filter(Boolean).join(" · ");
}

function fieldText({ field, before, after }: Difference["changes"][number]): string {
  return `${field}: ${valueText(before)} > ${valueText(after)}`;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
