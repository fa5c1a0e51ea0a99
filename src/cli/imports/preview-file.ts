import { constants, openAsBlob } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import type { getImport } from "../../api/imports.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { type Column, numberColumn, textColumn } from "../output/columns.ts";
import { counted, formatNumber } from "../output/format.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { oneLine } from "../output/width.ts";
import { tellDone, tellNext } from "../write-command.ts";

export type Preview = WireOf<typeof getImport>;

export interface FileOptions {
  map?: string[];
  apply?: boolean;
  acceptErrors?: boolean;
}

export function addFileOptions(command: Command, fields: string): Command {
  return command
    .argument("<file>", "CSV in UTF-8 with a row of headings")
    .option("--map <heading=field...>", `which field a column fills: ${fields}, attribute:<name>, or - to leave it out`)
    .option("--apply", "do what the preview says, if no row is wrong")
    .option("--accept-errors", "apply the rows that are right although others are not");
}

/** The file, read as it is sent, and what the query says of it. */
export async function openFile(path: string, { map = [] }: FileOptions): Promise<{ csv: Blob; query: FileQuery }> {
  try {
    // A blob is read only as it is sent, and could not say then which file it is.
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new CliFailure(`The file ${path} cannot be read.`, {
      exitCode: EXIT.usage,
      next: "name a CSV file that is there and that you may read",
      cause,
    });
  }
  const csv = await openAsBlob(path, { type: "text/csv" });
  const chosen = Object.fromEntries(map.map(mappingOf));
  const mapping = map.length > 0 ? { map: JSON.stringify(chosen) } : {};
  return { csv, query: { fileName: basename(path), ...mapping } };
}

interface FileQuery {
  fileName: string;
  map?: string;
}

function mappingOf(text: string): [heading: string, field: string] {
  const place = text.lastIndexOf("=");
  if (place > 0) return [text.slice(0, place), text.slice(place + 1)];
  throw usageFailure(`--map ${text} is no mapping.`, 'It looks like --map "Work e-mail=email".');
}

const COLUMNS: readonly Column<Preview["columns"][number]>[] = [
  textColumn("Column", ({ column }) => column),
  textColumn("Fills", ({ field }) => field ?? "nothing: left out"),
];

const ERRORS: readonly Column<Preview["errors"][number]>[] = [
  numberColumn("Row", ({ row }) => row),
  textColumn("Field", ({ field }) => field),
  textColumn("What is wrong", ({ what }) => what),
  textColumn("What would be right", ({ expected }) => expected),
];

/** Errors on one screen; the list of the import has all. */
const ERRORS_SHOWN = 20;

/** What each count of a preview is called, in the order that they are told in. */
const WORDS: Readonly<Record<string, string>> = {
  rows: "rows",
  new: "new",
  known: "known already",
  changed: "changed",
  unchanged: "unchanged",
  removed: "taken away",
  absent: "absent",
  leaving: "absent who have not left",
  left: "marked as left",
  accounts: "accounts",
  accountsMoved: "accounts that went to another person",
  unknownAccounts: "of accounts that the site does not know",
  errors: "rows with errors",
};

export function printPreview(cli: Cli, preview: Preview): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, preview);
  const known = Object.keys(WORDS).filter((name) => name in preview.counts);
  const counts = known.map((name) => ({ name: WORDS[name] ?? name, count: preview.counts[name] ?? 0 }));
  if (layout === "table") {
    printRows(cli, COLUMNS, preview.columns);
    cli.stdout.write("\n");
  }
  printRows(
    cli,
    [textColumn("Count", ({ name }) => name), numberColumn("Of", ({ count }) => count)] as Column<
      (typeof counts)[number]
    >[],
    counts,
  );
  const errors = preview.errors.slice(0, ERRORS_SHOWN);
  if (errors.length === 0) return;
  if (layout === "table") {
    cli.stdout.write("\n");
    return printRows(cli, ERRORS, errors);
  }
  // Whoever reads the log of a script sees what is wrong, and the data on standard output stays one table.
  for (const { row, field, what, expected } of errors) {
    cli.stderr.write(`${oneLine(`row ${row}: ${field} ${what}; expected ${expected}`)}\n`);
  }
}

/**
 * Shows a preview, and applies it where that was asked for and nothing is wrong with it; ends with the code of what is
 * held otherwise, so that a script notices. `next` is where to look at what was applied.
 */
export async function previewThenApply(
  cli: Cli,
  preview: Preview,
  options: FileOptions,
  apply: (body: { acceptErrors: boolean }) => Promise<Preview>,
  next = "usher people match list",
): Promise<void> {
  const { errors = 0 } = preview.counts;
  const isHeld = errors > 0 && !options.acceptErrors;
  if (!options.apply || isHeld) {
    printPreview(cli, preview);
    tellNothingChanged(cli, preview, errors);
    if (isHeld) cli.exitWith(EXIT.held);
    return;
  }
  const applied = await apply({ acceptErrors: options.acceptErrors ?? false });
  printPreview(cli, applied);
  tellDone(cli, `Applied ${applied.id}.`);
  tellNext(cli, next);
}

function tellNothingChanged(cli: Cli, { id }: Preview, errors: number): void {
  tellDone(cli, `Previewed as ${id}. Nothing was changed.`);
  if (errors > ERRORS_SHOWN) {
    cli.stderr.write(
      `${ERRORS_SHOWN} of ${formatNumber(errors)} are shown; all: usher api '/imports/${id}/errors?format=csv'\n`,
    );
  }
  if (errors > 0) {
    tellNext(cli, `correct ${counted(errors, "row")}, or go on without: --apply --accept-errors`);
  } else tellNext(cli, "the same command with --apply");
}
