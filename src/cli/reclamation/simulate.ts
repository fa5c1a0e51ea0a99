import type { WireOf } from "../../api/contract.ts";
import {
  backtestReclamationRule,
  backtestUnsavedRule,
  simulateReclamationRule,
  simulateUnsavedRule,
} from "../../api/reclamation-rules.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import {
  type Column,
  idColumn,
  instantColumn,
  moneyColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { formatMoney } from "../output/format.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { findRule } from "./find.ts";
import { type RuleOptions, ruleOf } from "./rule-options.ts";

type Simulation = WireOf<typeof simulateReclamationRule>;
type SimulatedOutcome = Simulation["items"][number]["outcome"];
type Backtest = WireOf<typeof backtestReclamationRule>;

export interface SimulateOptions extends RuleOptions {
  outcome?: SimulatedOutcome[];
  limit: string;
}

const ROWS: readonly Column<Simulation["items"][number]>[] = [
  textColumn("Name", (row) => row.name),
  textColumn("Site", (row) => row.site),
  stateColumn("Outcome", (row) => row.outcome),
  textColumn("Why", (row) => row.because.map(({ says, isNegated }) => (isNegated ? `not: ${says}` : says))),
  textColumn("Missing", (row) => row.missing.map(({ kind, why }) => `${kind} ${why}`)),
  instantColumn("Last used", (row) => row.lastUsedAt),
  textColumn("Loses", (row) => row.loses.groups.map(({ group }) => group ?? "its own permission")),
  numberColumn("Spaces", (row) => row.loses.spaces),
  moneyColumn("A month", ({ saves }) =>
    saves.monthMinor !== null && saves.currency !== null ? { minor: saves.monthMinor, currency: saves.currency } : null,
  ),
  idColumn((row) => row.accountId),
];

const HISTOGRAM: readonly Column<Simulation["histogram"][number]>[] = [
  textColumn("Days since last use", (row) => row.bucket),
  numberColumn("Seats", (row) => row.seats),
  numberColumn("Would take", (row) => row.wouldTake),
];

const BACKTEST_ROWS: readonly Column<Backtest["items"][number]>[] = [
  textColumn("Name", (row) => row.name),
  textColumn("Site", (row) => row.site),
  textColumn("Why", (row) => row.because.map(({ says }) => says)),
  instantColumn("Last used", (row) => row.lastUsedAt),
  instantColumn("Active after", (row) => row.activeAfterAt),
  idColumn((row) => row.accountId),
];

/** What a rule would do today: a saved one, or one that the options say. */
export async function simulate(cli: Cli, given: string | undefined, options: SimulateOptions): Promise<void> {
  const session = await connect(cli);
  const page = { outcomes: options.outcome, limit: rowsOf(options.limit) };
  const rule = given === undefined ? null : await findRule(session, given);
  const simulation = rule
    ? await session.call(simulateReclamationRule, { params: { ruleId: rule.id }, body: page })
    : await session.call(simulateUnsavedRule, { body: { ...(await unsavedOf(cli, session, options)), ...page } });

  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, simulation);
  if (layout === "table") {
    printRows(cli, HISTOGRAM, simulation.histogram);
    cli.stdout.write("\n");
  }
  printRows(cli, ROWS, simulation.items);
  tellOutcomes(cli, simulation);
  tellNext(
    cli,
    rule ? `usher reclamation-rule backtest ${rule.id} --as-of <day>` : "usher reclamation-rule create --help",
  );
}

/** Why the others would not be taken. */
const OTHERS: Readonly<Record<Exclude<SimulatedOutcome, "would-take">, string>> = {
  excluded: "excluded",
  "in-grace": "given too recently",
  "cooling-down": "kept a while ago",
  "already-candidate": "candidates already",
  "lacks-evidence": "without evidence",
};

function tellOutcomes(cli: Cli, { outcomes, savings, seats, withoutPrice }: Simulation): void {
  const others = Object.entries(OTHERS)
    .map(([outcome, says]) => ({ count: outcomes[outcome as SimulatedOutcome] ?? 0, says }))
    .filter(({ count }) => count > 0)
    .map(({ count, says }) => `${count} ${says}`);
  const besides = others.length > 0 ? ` Besides: ${others.join(", ")}.` : "";
  tellDone(cli, `${outcomes["would-take"] ?? 0} of ${seats} seats would be taken.${besides} Nothing was changed.`);
  for (const { currency, monthMinor, saving } of savings) {
    const from = saving.from ? `from ${saving.from.slice(0, 10)}` : "no billing day is known";
    cli.stderr.write(`  ${formatMoney(monthMinor, currency)} a month, ${WHEN[saving.kind]} (${from})\n`);
  }
  if (withoutPrice > 0) cli.stderr.write(`  of ${withoutPrice} the price is not known\n`);
}

const WHEN: Readonly<Record<Simulation["savings"][number]["saving"]["kind"], string>> = {
  "next-bill": "with the next bill",
  renewal: "at renewal",
  "lower-tier": "once a lower tier is reached",
};

export interface BacktestOptions extends RuleOptions {
  asOf: string;
  limit: string;
}

/** Whom it would have taken on a past day, and who of them was active afterwards. */
export async function backtest(cli: Cli, given: string | undefined, options: BacktestOptions): Promise<void> {
  const session = await connect(cli);
  const body = { asOf: dayOf(options.asOf), limit: rowsOf(options.limit) };
  const rule = given === undefined ? null : await findRule(session, given);
  const tested = rule
    ? await session.call(backtestReclamationRule, { params: { ruleId: rule.id }, body })
    : await session.call(backtestUnsavedRule, { body: { ...(await unsavedOf(cli, session, options)), ...body } });

  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, tested);
  printRows(cli, BACKTEST_ROWS, tested.items);
  const { activeWithin, wouldTake, seats, lacksEvidence } = tested;
  tellDone(
    cli,
    `${wouldTake} of ${seats} seats would have been taken, ${lacksEvidence} lacked evidence. Of those taken were active ` +
      `within 7 days ${activeWithin.days7 ?? "(not over)"}, 30 days ${activeWithin.days30 ?? "(not over)"}, ` +
      `90 days ${activeWithin.days90 ?? "(not over)"}.`,
  );
  tellNext(cli, rule ? `usher reclamation-rule show ${rule.id}` : "usher reclamation-rule create --help");
}

async function unsavedOf(cli: Cli, session: Awaited<ReturnType<typeof connect>>, options: RuleOptions) {
  const { siteIds, condition, settings } = await ruleOf(cli, session, options);
  if (condition) return { siteIds, condition, settings };
  throw usageFailure("Which rule? Name a saved one, or say its condition.", '--when "idle days=60"');
}

function rowsOf(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 200) return Number(text);
  throw usageFailure(`--limit ${text} is no number of rows.`, "It is a whole number from 1 to 200.");
}

/** The end of a day in UTC, or an instant. */
function dayOf(text: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = new Date(isDay ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at.getTime())) throw usageFailure(`--as-of ${text} is not a day.`, "It looks like 2026-05-03.");
  return new Date(at.getTime() + (isDay ? 86_400_000 : 0)).toISOString();
}
