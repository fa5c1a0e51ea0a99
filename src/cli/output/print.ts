import type { Cli } from "../cli.ts";
import type { Column } from "./columns.ts";
import { csvText } from "./csv.ts";
import { formatTable, type TableCell } from "./table.ts";
import { displayWidth } from "./width.ts";

/** How data goes out when nothing was said: for people at a terminal, tab-separated into a pipe. */
export type Layout = "table" | "tabs" | "json" | "jsonl" | "csv";

export function layoutOf({ options, stdout }: Cli): Layout {
  return options.output ?? (stdout.isTty ? "table" : "tabs");
}

/** Rows that are all there is of them: for people, for a pipe, as the API's lists look, or one JSON text a line. */
export function printRows<Row extends object>(cli: Cli, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const layout = layoutOf(cli);
  if (layout === "table") return printTable(cli, columns, rows);
  if (layout === "json") return printJson(cli, { items: rows });
  if (layout === "csv") return cli.stdout.write(rows.length > 0 ? csvText(rows, Object.keys(rows[0] ?? {}), true) : "");
  const lines = rows.map((row) =>
    layout === "tabs" ? columns.map((column) => column.plain(row)).join("\t") : JSON.stringify(row),
  );
  if (lines.length > 0) cli.stdout.write(`${lines.join("\n")}\n`);
}

export function printJson(cli: Cli, value: unknown): void {
  const isJsonl = layoutOf(cli) === "jsonl";
  cli.stdout.write(`${JSON.stringify(value, null, isJsonl ? undefined : 2)}\n`);
}

/** One thing: a line a field, its name first; or as JSON, or as a CSV of one row. */
export function printRecord<Row extends object>(cli: Cli, fields: readonly Column<Row>[], row: Row): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, row);
  if (layout === "csv") return cli.stdout.write(csvText([row], Object.keys(row), true));
  if (layout === "tabs") {
    cli.stdout.write(fields.map((field) => `${field.heading}\t${field.plain(row)}\n`).join(""));
    return;
  }
  const { colors } = cli.stdout;
  const width = Math.max(...fields.map(({ heading }) => displayWidth(heading)));
  const now = cli.clock.now();
  for (const field of fields) {
    const tone = field.tone(row);
    const shown = field.show(row, now);
    const name = colors.muted(field.heading + " ".repeat(width - displayWidth(field.heading)));
    cli.stdout.write(`${name}  ${tone ? colors[tone](shown) : shown}\n`);
  }
}

function printTable<Row>(cli: Cli, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  if (rows.length === 0) return;
  const { colors } = cli.stdout;
  const now = cli.clock.now();
  const cells = rows.map((row) =>
    columns.map((column): TableCell => {
      const tone = column.tone(row);
      return { text: column.show(row, now), paint: tone ? colors[tone] : null };
    }),
  );
  const { lines, hidden } = formatTable(columns, cells, { widthMax: cli.stdout.columns(), paintHeading: colors.muted });
  cli.stdout.write(`${lines.join("\n")}\n`);
  if (hidden.length > 0) cli.stderr.write(`${cli.stderr.colors.muted(`Too narrow for: ${hidden.join(", ")}`)}\n`);
}
