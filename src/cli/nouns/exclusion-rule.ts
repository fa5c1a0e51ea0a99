import { type Command } from "commander";
import type { z } from "zod";
import {
  changeExclusionRule,
  createExclusionRule,
  endExclusionRule,
  getExclusionRule,
  listExclusionHits,
  listExclusionRules,
  previewExclusionRule,
  renewExclusionRule,
  switchExclusionRule,
} from "../../api/exclusions.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { HITS, type Preview, PREVIEWED, type Rule, RULE, RULES } from "../exclusions/columns.ts";
import {
  addCatchOptions,
  type CatchOptions,
  conditionOf,
  neededCondition,
  siteIdsOf,
} from "../exclusions/condition.ts";
import { usageFailure } from "../failure.ts";
import { findId } from "../find-one.ts";
import { addList } from "../list-command.ts";
import { counted, formatMoney } from "../output/format.ts";
import { layoutOf, printJson, printRecord, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

interface UntilOptions {
  days?: string;
  until?: string;
  reason: string;
}

interface CreateOptions extends CatchOptions, UntilOptions {
  dryRun?: boolean;
}

interface EditOptions extends CatchOptions {
  name?: string;
  reason?: string;
  dryRun?: boolean;
}

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("who is left out, of what, why and until when"), cli, {
    route: listExclusionRules,
    columns: RULES,
    aliases: { name: "q", search: "q" },
    empty: "Nobody is left out.",
  });
  const rule = (verb: string, description: string) =>
    command.command(verb).description(description).argument("<rule>", "id or name");
  rule("show", "one exclusion, and whom it catches").action((given: string) => show(cli, given));
  addList(
    rule("hits", "whom it catches now"),
    cli,
    { route: listExclusionHits, columns: HITS, aliases: { name: "q", search: "q" }, empty: "It catches nobody." },
    async (session, [given = ""]) => ({ ruleId: await ruleIdOf(session, given) }),
  );
  addCatchOptions(
    command.command("preview").description("whom one would catch and what would change, saving nothing"),
  ).action(async (options: CatchOptions) => {
    const session = await connect(cli);
    const condition = await neededCondition(session, options, () => cli.stdin.readAll());
    await preview(cli, session, {
      condition,
      effects: effectsOf(options),
      siteIds: await siteIdsOf(session, options.site),
    });
  });
  addCatchOptions(command.command("create").description("leave somebody out").argument("<name>"))
    .requiredOption("--reason <text>", "why")
    .option("--days <number>", "so many days from now (180)")
    .option("--until <day>", "until that day, such as 2027-03-01")
    .option("--dry-run", "save nothing, show whom it would catch")
    .action((name: string, options: CreateOptions) => create(cli, name, options));
  addCatchOptions(rule("edit", "change whom it catches, its effects, name or reason"))
    .option("--name <name>", "another name")
    .option("--reason <text>", "another reason")
    .option("--dry-run", "save nothing, show whom it would catch")
    .action((given: string, options: EditOptions) => edit(cli, given, options));
  rule("renew", "let it hold for longer, or end on another day")
    .requiredOption("--reason <text>", "why it still holds")
    .option("--days <number>", "so many days from now (180)")
    .option("--until <day>", "until that day, such as 2027-03-01")
    .action((given: string, options: UntilOptions) => renew(cli, given, options));
  rule("end", "whom it leaves out counts again, at once")
    .requiredOption("--reason <text>", "why it no longer holds")
    .action((given: string, { reason }: { reason: string }) => end(cli, given, reason));
  for (const [verb, isEnabled] of [
    ["enable", true],
    ["disable", false],
  ] as const) {
    rule(verb, `switch one that comes with Usher ${isEnabled ? "on again" : "off"}`)
      .requiredOption("--reason <text>", "why")
      .action((given: string, { reason }: { reason: string }) => switchOne(cli, given, { isEnabled, reason }));
  }
}

async function show(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  printRecord(cli, RULE, await readRule(session, given));
  tellNext(cli, `usher exclusion-rule hits ${given.startsWith("exclusion_") ? given : JSON.stringify(given)}`);
}

async function create(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const session = await connect(cli);
  const condition = await neededCondition(session, options, () => cli.stdin.readAll());
  const siteIds = (await siteIdsOf(session, options.site)) ?? null;
  const effects = effectsOf(options);
  if (options.dryRun) return preview(cli, session, { condition, effects, siteIds });
  const body = { name, condition, effects, siteIds, reason: options.reason, expiresAt: untilOf(cli, options) };
  const made = await session.call(createExclusionRule, { body });
  printRecord(cli, RULE, made);
  tellDone(cli, `It catches ${counted(made.hits, "account")}, ${counted(made.seats, "seat")} among them.`);
  tellNext(cli, `usher exclusion-rule hits ${made.id}`);
}

async function edit(cli: Cli, given: string, options: EditOptions): Promise<void> {
  const session = await connect(cli);
  const rule = await readRule(session, given);
  const condition = await conditionOf(session, options, () => cli.stdin.readAll());
  const siteIds = await siteIdsOf(session, options.site);
  const body: z.input<NonNullable<typeof changeExclusionRule.body>> = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(condition ? { condition } : {}),
    ...(siteIds ? { siteIds } : {}),
    ...(options.effect ? { effects: options.effect } : {}),
  };
  if (Object.keys(body).length === 0) throw usageFailure("Nothing was said to be changed.", "Add what is to be other.");
  if (options.dryRun) {
    const next = { condition: condition ?? rule.condition ?? {}, effects: options.effect ?? rule.effects };
    return preview(cli, session, { ...next, siteIds: siteIds ?? rule.siteIds, ruleId: rule.id });
  }
  const { id: ruleId, revision } = rule;
  const changed = await session.call(changeExclusionRule, { params: { ruleId }, body, ifMatch: revision });
  printRecord(cli, RULE, changed);
  tellDone(cli, `It catches ${counted(changed.hits, "account")} now.`);
  tellNext(cli, `usher exclusion-rule hits ${ruleId}`);
}

async function renew(cli: Cli, given: string, options: UntilOptions): Promise<void> {
  const session = await connect(cli);
  const { id: ruleId, revision } = await readRule(session, given);
  const body = { reason: options.reason, expiresAt: untilOf(cli, options) };
  const renewed = await session.call(renewExclusionRule, { params: { ruleId }, body, ifMatch: revision });
  printRecord(cli, RULE, renewed);
  tellDone(cli, `It holds until ${renewed.expiresAt?.slice(0, 10)}.`);
  tellNext(cli, "usher exclusion-rule list --sort expiresAt");
}

async function end(cli: Cli, given: string, reason: string): Promise<void> {
  const session = await connect(cli);
  const { id: ruleId, revision, name, hits } = await readRule(session, given);
  await confirm(cli, `End "${name}"? ${counted(hits, "account")} would be left out no longer.`);
  const ended = await session.call(endExclusionRule, { params: { ruleId }, body: { reason }, ifMatch: revision });
  printRecord(cli, RULE, ended);
  tellDone(cli, `Ended "${name}".`);
  tellNext(cli, "usher exclusion-rule list");
}

async function switchOne(cli: Cli, given: string, body: { isEnabled: boolean; reason: string }): Promise<void> {
  const session = await connect(cli);
  const { id: ruleId, revision, name } = await readRule(session, given);
  const done = await session.call(switchExclusionRule, { params: { ruleId }, body, ifMatch: revision });
  printRecord(cli, RULE, done);
  tellDone(cli, `"${name}" is ${body.isEnabled ? "on" : "off"}.`);
  tellNext(cli, "usher exclusion-rule list");
}

async function preview(
  cli: Cli,
  session: Session,
  asked: z.input<NonNullable<typeof previewExclusionRule.body>>,
): Promise<void> {
  const found = await session.call(previewExclusionRule, { body: asked });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, found);
  printRows(cli, PREVIEWED, found.rows);
  tellDone(cli, previewText(found));
  if (found.next !== null) cli.stderr.write(`These are the first ${found.rows.length}.\n`);
}

function previewText({ accounts, seats, seatsUncounted, money, openCandidates, released }: Preview): string {
  const cost = money.map(({ monthMinor, currency }) => formatMoney(monthMinor, currency)).join(" and ");
  const parts = [`${counted(accounts, "account")}, ${counted(seats, "seat")} among them.`];
  if (seatsUncounted > 0) {
    parts.push(
      `${counted(seatsUncounted, "seat")} would no longer count${cost ? `: ${cost} a month at list price` : ""}.`,
    );
  }
  if (openCandidates > 0) parts.push(`${counted(openCandidates, "open candidate")} would be closed.`);
  if (released > 0) parts.push(`${counted(released, "account")} would no longer be left out.`);
  return [...parts, "Nothing was changed."].join(" ");
}

async function readRule(session: Session, given: string): Promise<Rule> {
  return session.call(getExclusionRule, { params: { ruleId: await ruleIdOf(session, given) } });
}

function ruleIdOf(session: Session, given: string): Promise<string> {
  return findId(session, {
    route: listExclusionRules,
    prefix: "exclusion",
    given,
    // One that ended may have had the same name.
    among: { state: "active,off,expired" },
    names: ({ name }) => [name],
    idOf: ({ id }) => id,
  });
}

function effectsOf({ effect }: CatchOptions): NonNullable<CatchOptions["effect"]> {
  if (effect) return effect;
  throw usageFailure(
    "It is not said what they are left out of.",
    "Add --effect not-counted, no-reclaim, no-review or no-notify.",
  );
}

const DAY_MS = 86_400_000;

/** The instant at which it ends; null: the usual time from now. */
function untilOf({ clock }: Cli, { days, until }: UntilOptions): string | null {
  if (days !== undefined && until !== undefined)
    throw usageFailure("--days and --until say the same thing twice.", null);
  if (days !== undefined) {
    if (!/^[1-9]\d{0,3}$/.test(days))
      throw usageFailure(`--days ${days} is no number of days.`, "It is a whole number from 1 on.");
    return new Date(clock.now().getTime() + Number(days) * DAY_MS).toISOString();
  }
  if (until === undefined) return null;
  const at = /^\d{4}-\d\d-\d\d$/.test(until) ? new Date(`${until}T23:59:59.999Z`) : new Date(until);
  if (Number.isNaN(at.getTime())) throw usageFailure(`--until ${until} is no day.`, "It is written as 2027-03-01.");
  return at.toISOString();
}
