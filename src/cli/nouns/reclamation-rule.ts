import { type Command, Option } from "commander";
import {
  activateReclamationRule,
  changeReclamationRule,
  createReclamationRule,
  deleteReclamationRule,
  listConditions,
  listReclamationRules,
  pauseReclamationRule,
  reportOnlyReclamationRule,
} from "../../api/reclamation-rules.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { addList } from "../list-command.ts";
import { printRecord, printRows } from "../output/print.ts";
import { findRule } from "../reclamation/find.ts";
import { addRuleOptions, type RuleOptions, ruleOf } from "../reclamation/rule-options.ts";
import { CONDITION_ROWS, RULE_FIELDS, RULES } from "../reclamation/show.ts";
import { backtest, type BacktestOptions, simulate, type SimulateOptions } from "../reclamation/simulate.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const RULE = "<rule>";

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("when seats are taken back, and what each rule took"), cli, {
    route: listReclamationRules,
    columns: RULES,
    empty: "No rule yet. Publishing a connection makes the first one, or: usher reclamation-rule create",
  });
  command
    .command("show")
    .description("one rule with its settings and its record")
    .argument(RULE, "its id or name")
    .action(async (given: string) => printRecord(cli, RULE_FIELDS, await findRule(await connect(cli), given)));
  command
    .command("conditions")
    .description("what rules can ask of a seat")
    .action(async () => printRows(cli, CONDITION_ROWS, (await (await connect(cli)).call(listConditions, {})).items));
  registerChanges(command, cli);
  registerTrials(command, cli);
}

function registerChanges(command: Command, cli: Cli): void {
  addRuleOptions(command.command("create").description("make a rule that only reports").argument("[name]"))
    .option("--draft", "keep it as a draft, which finds nothing yet")
    .action((name: string | undefined, options: RuleOptions & { draft?: boolean }) => create(cli, name, options));
  addRuleOptions(command.command("edit").description("change a rule; what is left out stays").argument(RULE))
    .option("--name <name>")
    .option("--all-sites", "let it look at every site")
    .action((given: string, options: EditOptions) => edit(cli, given, options));
  command
    .command("activate")
    .description("let it act on what it finds")
    .argument(RULE)
    .action((given: string) => activate(cli, given));
  command
    .command("report-only")
    .description("let it only report again")
    .argument(RULE)
    .action((given: string) => reportOnly(cli, given));
  command
    .command("pause")
    .description("stop it until somebody activates it again")
    .argument(RULE)
    .requiredOption("--reason <text>", "why")
    .action((given: string, options: { reason: string }) => pause(cli, given, options.reason));
  command
    .command("delete")
    .description("take it away; what it took stays on record")
    .argument(RULE)
    .action((given: string) => remove(cli, given));
}

function registerTrials(command: Command, cli: Cli): void {
  const outcomes = ["would-take", "excluded", "in-grace", "cooling-down", "already-candidate", "lacks-evidence"];
  addRuleOptions(
    command
      .command("simulate")
      .description("what a rule would do today: a saved one, or what the options say")
      .argument("[rule]"),
  )
    .addOption(new Option("--outcome <outcomes...>", "which seats are listed (would-take)").choices(outcomes))
    .option("--limit <rows>", "seats listed", "50")
    .action((given: string | undefined, options: SimulateOptions) => simulate(cli, given, options));
  addRuleOptions(
    command
      .command("backtest")
      .description("whom a rule would have taken on a past day, and who was active afterwards")
      .argument("[rule]"),
  )
    .requiredOption("--as-of <day>", "the end of that day in UTC, such as 2026-05-03, or an instant")
    .option("--limit <rows>", "seats listed", "50")
    .action((given: string | undefined, options: BacktestOptions) => backtest(cli, given, options));
}

async function create(cli: Cli, given: string | undefined, options: RuleOptions & { draft?: boolean }): Promise<void> {
  const session = await connect(cli);
  const {
    name = given,
    condition,
    ...rest
  } = { ...(await ruleOf(cli, session, options)), ...(given ? { name: given } : {}) };
  if (name === undefined) throw usageFailure("The rule needs a name.", "usher reclamation-rule create 'Idle seats' …");
  if (!condition) throw usageFailure("The rule needs a condition.", '--when "idle days=60"');
  const status = options.draft ? "draft" : "report-only";
  const rule = await session.call(createReclamationRule, { body: { ...rest, name, condition, status } });
  printRecord(cli, RULE_FIELDS, rule);
  tellDone(cli, options.draft ? "Made a draft. It finds nothing yet." : "Made. It only reports what it finds.");
  tellNext(cli, `usher reclamation-rule simulate ${rule.id}`);
}

interface EditOptions extends RuleOptions {
  name?: string;
  allSites?: boolean;
}

async function edit(cli: Cli, given: string, options: EditOptions): Promise<void> {
  const session = await connect(cli);
  const change = {
    ...(await ruleOf(cli, session, options)),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.allSites ? { siteIds: null } : {}),
  };
  if (Object.keys(change).length === 0) {
    throw usageFailure("Nothing to change was given.", "usher reclamation-rule edit --help");
  }
  const { id, revision } = await findRule(session, given);
  const rule = await session.call(changeReclamationRule, { params: { ruleId: id }, body: change, ifMatch: revision });
  printRecord(cli, RULE_FIELDS, rule);
  tellNext(cli, `usher reclamation-rule simulate ${id}`);
}

async function activate(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, revision, name, settings } = await findRule(session, given);
  const asked = settings.checkIn.asked === "holder" ? "Holders are asked first." : "Nobody is asked first.";
  await confirm(cli, `Let "${name}" act on what it finds? ${asked}`);
  const rule = await session.call(activateReclamationRule, { params: { ruleId: id }, ifMatch: revision });
  printRecord(cli, RULE_FIELDS, rule);
  // Each night otherwise.
  tellNext(cli, "usher job run 'Find reclamation candidates'");
}

async function reportOnly(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, revision } = await findRule(session, given);
  const rule = await session.call(reportOnlyReclamationRule, { params: { ruleId: id }, ifMatch: revision });
  printRecord(cli, RULE_FIELDS, rule);
  tellNext(cli, `usher reclamation-rule simulate ${id}`);
}

async function pause(cli: Cli, given: string, reason: string): Promise<void> {
  const session = await connect(cli);
  const { id, revision } = await findRule(session, given);
  const rule = await session.call(pauseReclamationRule, {
    params: { ruleId: id },
    body: { reason },
    ifMatch: revision,
  });
  printRecord(cli, RULE_FIELDS, rule);
  tellNext(cli, `usher reclamation-rule activate ${id}`);
}

async function remove(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, revision, name, openCandidates } = await findRule(session, given);
  await confirm(cli, `Delete "${name}"? ${openCandidates} candidates of it are open.`);
  await session.call(deleteReclamationRule, { params: { ruleId: id }, ifMatch: revision });
  tellDone(cli, `Deleted "${name}". What it took stays on record.`);
  tellNext(cli, "usher reclamation-rule list");
}
