import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import {
  comparePositions,
  computePosition,
  getPosition,
  listPositionChanges,
  listPositions,
  listPositionSeats,
  listPositionTrend,
} from "../../api/position.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  moneyColumn,
  needed,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { formatMoney, formatRelative } from "../output/format.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Position = WireOf<typeof getPosition>;
type Line = Position["lines"][number];
type Difference = WireOf<typeof comparePositions>["lines"][number];

/** Of one currency; a product with several has a line of its own for each in the JSON. */
const money = (heading: string, read: (each: Line["money"][number]) => number | null): Column<Pick<Line, "money">> =>
  moneyColumn(heading, ({ money: [only, ...others] }) => {
    const minor = only && others.length === 0 ? read(only) : null;
    return minor === null || !only ? null : { minor, currency: only.currency };
  });

/** What a line is for is whether it is enough and what it costs: a narrow window leaves out the parts of used before. */
export const LINES: readonly Column<Line>[] = [
  textColumn("Of", placeOf),
  stateColumn("Status", (line) => line.status),
  numberColumn("Owned", (line) => line.owned),
  numberColumn("Used", (line) => line.used),
  numberColumn("Free", (line) => line.free),
  numberColumn("Short", (line) => line.short),
  numberColumn("Idle", (line) => line.idle),
  numberColumn("Never used", (line) => line.neverUsed),
  needed(money("Cost", (each) => each.costMinor)),
  textColumn("Each", ({ money: [only, ...others] }) => (only && others.length === 0 ? only.period : null)),
  needed(money("Avoidable", (each) => each.avoidableMinor)),
  textColumn("From", ({ money: [only] }) => only?.avoidableFrom),
  money("Realized", (each) => each.realizedMinor),
  numberColumn("No evidence", (line) => line.noEvidence),
  numberColumn("Excluded", (line) => line.excluded),
  numberColumn("Guests", (line) => line.guests),
  numberColumn("Pending", (line) => line.pending),
];

const SEATS: readonly Column<RowOf<typeof listPositionSeats>>[] = [
  textColumn("Site", (seat) => seat.site),
  textColumn("Person", (seat) => seat.name),
  stateColumn("Status", (seat) => seat.status ?? "guest"),
  booleanColumn("Excluded", (seat) => seat.isExcluded),
  booleanColumn("Pending", (seat) => seat.isPending),
  textColumn("Cost center", (seat) => seat.costCenter),
  textColumn("Department", (seat) => seat.department),
  idColumn((seat) => seat.seatId, "Seat"),
];

const POSITIONS: readonly Column<RowOf<typeof listPositions>>[] = [
  instantColumn("At", (each) => each.at),
  instantColumn("Data as of", (each) => each.dataAsOf),
  textColumn("By", (each) => each.computedBy),
  idColumn((each) => each.id, "Position"),
];

const HEADINGS = {
  owned: "Owned",
  used: "Used",
  free: "Free",
  short: "Short",
  idle: "Idle",
  neverUsed: "Never used",
} as const;

const DIFFERENCES: readonly Column<Difference>[] = [
  textColumn("Of", placeOf),
  ...(Object.keys(HEADINGS) as (keyof typeof HEADINGS)[]).map((field) =>
    textColumn<Difference>(HEADINGS[field], ({ before, after }) => changeText(before?.[field], after?.[field])),
  ),
  textColumn("Status", ({ before, after }) => changeText(before?.status, after?.status)),
];

const CHANGES: readonly Column<RowOf<typeof listPositionChanges>>[] = [
  textColumn("Site", (row) => row.site),
  textColumn("Person", (row) => row.name),
  stateColumn("Change", (row) => row.change),
  textColumn("Before", (row) => row.before),
  textColumn("After", (row) => row.after),
  idColumn((row) => row.accountId, "Account"),
];

const TREND: readonly Column<RowOf<typeof listPositionTrend>>[] = [
  instantColumn("At", (point) => point.at),
  textColumn("Of", placeOf),
  stateColumn("Status", (point) => point.status),
  numberColumn("Owned", (point) => point.owned),
  numberColumn("Used", (point) => point.used),
  numberColumn("Idle", (point) => point.idle),
  numberColumn("Never used", (point) => point.neverUsed),
  money("Cost", (each) => each.costMinor),
  idColumn((point) => point.positionId, "Position"),
];

export function register(command: Command, cli: Cli): void {
  command
    .command("compute")
    .description("compute the license position now, and keep it")
    .action(async () => {
      const session = await connect(cli);
      const made = await session.call(computePosition, {});
      printPosition(cli, made);
      tellDone(cli, `Computed ${made.id}.`);
      tellNext(cli, "usher position seats --part idle");
    });
  command
    .command("show")
    .description("rights owned against seats used, and what can be done about it")
    .argument("[position]", "an id; the latest unless said otherwise")
    .action(async (given = "latest") => {
      const session = await connect(cli);
      const position = await session.call(getPosition, { params: { positionId: given } });
      printPosition(cli, position);
      tellWhen(cli, position);
    });
  addList(command.command("list").description("positions that were computed"), cli, {
    route: listPositions,
    columns: POSITIONS,
    empty: "No position yet: usher position compute",
  });
  addList(
    command.command("seats").description("the seats behind a number").argument("[position]"),
    cli,
    { route: listPositionSeats, columns: SEATS, flags: { part: "part" }, empty: "Nobody stands behind it." },
    async (_, [positionId = "latest"]) => ({ positionId }),
  );
  command
    .command("compare")
    .description("what changed between two positions, line by line")
    .argument("<earlier>")
    .argument("[later]", "the latest unless said otherwise")
    .action((since: string, positionId = "latest") => compare(cli, since, positionId));
  addList(
    command.command("changes").description("which seats came and went since a position").argument("[position]"),
    cli,
    { route: listPositionChanges, columns: CHANGES, flags: { since: "since" }, empty: "Nothing changed." },
    async (_, [positionId = "latest"]) => ({ positionId }),
  );
  addList(command.command("trend").description("one line of the position over time"), cli, {
    route: listPositionTrend,
    columns: TREND,
    flags: { level: "level" },
    empty: "No position yet: usher position compute",
  });
}

/** What was changed since, a license perhaps, is in none of its numbers. */
function tellWhen(cli: Cli, { at, dataAsOf }: Position): void {
  const ago = (instant: string) => formatRelative(new Date(instant), cli.clock.now());
  tellDone(cli, `Computed ${ago(at)}${dataAsOf ? `, of what was read ${ago(dataAsOf)}` : ""}.`);
  tellNext(cli, "usher position compute makes it anew");
}

function printPosition(cli: Cli, position: Position): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, position);
  const { id, at, dataAsOf } = position;
  // Its id is what the others are compared with.
  if (layout === "table")
    cli.stdout.write(`${id}, computed ${utc(at)}, data as of ${dataAsOf ? utc(dataAsOf) : "no sync yet"}\n\n`);
  printRows(cli, LINES, position.lines);
  if (layout !== "table") return;
  for (const line of position.lines.filter(({ ways }) => ways.length > 0)) {
    cli.stdout.write(`\n${placeOf(line)}\n`);
    for (const { says, costMinor, currency, period, from } of line.ways) {
      const cost = costMinor === null || currency === null ? null : `${formatMoney(costMinor, currency)} a ${period}`;
      const told = [cost, from === null ? null : `from ${from}`].filter(Boolean).join(", ");
      cli.stdout.write(`  ${says}${told === "" ? "" : ` (${told})`}\n`);
    }
  }
}

function utc(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

async function compare(cli: Cli, since: string, positionId: string): Promise<void> {
  const session = await connect(cli);
  const found = await session.call(comparePositions, { params: { positionId }, query: { since } });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, found);
  printRows(cli, DIFFERENCES, found.lines);
  tellDone(cli, `${found.came} came, ${found.went} went, ${found.changed} stand under another number.`);
  tellNext(cli, `usher position changes ${found.to.id} --since ${found.from.id}`);
}

function placeOf({
  level,
  product,
  site,
  license,
  edition,
}: Pick<Line, "level" | "product" | "site" | "license" | "edition">) {
  if (level === "license") return license;
  return level === "product" ? product : [site, edition].filter(Boolean).join(" ");
}

function changeText(before: number | string | null | undefined, after: number | string | null | undefined): string {
  const [old, now] = [before ?? "—", after ?? "—"];
  return old === now ? String(now) : `${old} → ${now}`;
}
