import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { z } from "zod";
import type { WireOf } from "../../api/contract.ts";
import {
  changeMatchRule,
  createMatchRule,
  deleteMatchRule,
  listMatchRules,
  orderMatchRules,
  previewMatchRules,
  Transform,
} from "../../api/match-rules.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { booleanColumn, type Column, idColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Rule = RowOf<typeof listMatchRules>;
type Preview = WireOf<typeof previewMatchRules>;
type NewRule = z.input<NonNullable<typeof createMatchRule.body>>;

const RULES: readonly Column<Rule>[] = [
  numberColumn("#", (rule) => rule.position),
  textColumn("Rule", (rule) => rule.name),
  textColumn("Account", (rule) => sideOf(rule.accountField, rule.accountTransforms)),
  textColumn("Person", (rule) => sideOf(rule.personField, rule.personTransforms)),
  textColumn("Confidence", (rule) => rule.confidence),
  textColumn("Source", (rule) => rule.source),
  booleanColumn("On", (rule) => rule.isEnabled),
  numberColumn("Accounts", (rule) => rule.accounts),
  idColumn((rule) => rule.id),
];

const CHANGES: readonly Column<Preview["changes"][number]>[] = [
  textColumn("Site", (change) => change.site),
  textColumn("Account", (change) => change.name),
  stateColumn("Now", (change) => change.from),
  stateColumn("Then", (change) => change.to),
  textColumn("Goes to", (change) => (change.fromPersonId === change.toPersonId ? null : change.toPersonId)),
  textColumn("Candidates", (change) => change.candidates),
  idColumn((change) => change.accountId),
];

function sideOf(field: string, transforms: Rule["accountTransforms"]): string {
  return [field, ...transforms.map(({ kind }) => kind)].join(" | ");
}

interface RuleOptions {
  account: string;
  person: string;
  confidence: "exact" | "likely";
  source?: "confluence-cloud" | "confluence-data-center";
  accountTransform?: string[];
  personTransform?: string[];
  position?: string;
  preview?: boolean;
}

/** The ordered rules by which the person behind an account is found. */
export function registerMatchRules(match: Command, cli: Cli): void {
  addList(match.command("rules").description("the rules, in their order"), cli, {
    route: listMatchRules,
    columns: RULES,
    empty: "There is no rule. Add one: usher people match add",
  });
  match
    .command("add")
    .description("add a rule; --preview only says what it would change")
    .argument("<name>")
    .requiredOption("--account <field>", "email, username, displayName, accountId or attribute:<name>")
    .requiredOption("--person <field>", "email, externalId, userName, displayName or attribute:<name>")
    .addOption(
      new Option("--confidence <how>", "exact matches, likely proposes")
        .choices(["exact", "likely"])
        .makeOptionMandatory(),
    )
    .addOption(new Option("--source <source>", "only of it").choices(["confluence-cloud", "confluence-data-center"]))
    .option("--account-transform <steps...>", "lowercase, trim, strip-domain, or a transform as JSON")
    .option("--person-transform <steps...>", "the same, for the person's field")
    .option("--position <number>", "its place, from 1 on (behind all others)")
    .option("--preview", "change nothing")
    .action((name: string, options: RuleOptions) => addRule(cli, name, options));
  for (const [verb, isEnabled] of [
    ["enable", true],
    ["disable", false],
  ] as const) {
    match
      .command(verb)
      .description(isEnabled ? "let a rule decide again" : "let a rule decide nothing")
      .argument("<rule-id>")
      .action((ruleId: string) => change(cli, ruleId, { isEnabled }));
  }
  match
    .command("order")
    .description("put the rules into this order")
    .argument("<rule-ids...>")
    .action((ruleIds: string[]) => order(cli, ruleIds));
  match
    .command("remove")
    .description("take a rule away")
    .argument("<rule-id>")
    .action((ruleId: string) => remove(cli, ruleId));
  match
    .command("preview")
    .description("what the rules of a JSON file would do, in place of all that are saved")
    .argument("<file>", "a list of rules, as `usher people match rules -o json` shows them")
    .action((path: string) => previewFile(cli, path));
}

async function addRule(cli: Cli, name: string, options: RuleOptions): Promise<void> {
  const { account, person, confidence, source = null, accountTransform = [], personTransform = [] } = options;
  const rule: NewRule = {
    name,
    source,
    accountField: account,
    accountTransforms: accountTransform.map(transformOf),
    personField: person,
    personTransforms: personTransform.map(transformOf),
    confidence,
  };
  const position = placeOf(options.position);
  const session = await connect(cli);
  if (options.preview) {
    const saved = (await rulesOf(session)).map(ruleAlone);
    const rules = saved.toSpliced(position === null ? saved.length : position - 1, 0, rule as (typeof saved)[number]);
    return printPreview(cli, await session.call(previewMatchRules, { body: { rules } }));
  }
  const { id } = await session.call(createMatchRule, { body: { ...rule, position } });
  printRows(cli, RULES, await rulesOf(session));
  tellDone(cli, `Added ${id}. Every account was matched anew.`);
  tellNext(cli, "usher people match list --filter situation=ambiguous,conflicting");
}

async function change(cli: Cli, ruleId: string, body: { isEnabled: boolean }): Promise<void> {
  const session = await connect(cli);
  await session.call(changeMatchRule, { params: { ruleId }, body });
  printRows(cli, RULES, await rulesOf(session));
  tellNext(cli, "usher people match list");
}

async function order(cli: Cli, ruleIds: string[]): Promise<void> {
  const session = await connect(cli);
  await session.call(orderMatchRules, { body: { ruleIds } });
  printRows(cli, RULES, await rulesOf(session));
  tellNext(cli, "usher people match list");
}

async function remove(cli: Cli, ruleId: string): Promise<void> {
  const session = await connect(cli);
  const rule = (await rulesOf(session)).find(({ id }) => id === ruleId);
  const name = rule ? `"${rule.name}"` : ruleId;
  await confirm(cli, `Remove ${name}? It decides ${rule?.accounts ?? 0} accounts now.`);
  await session.call(deleteMatchRule, { params: { ruleId } });
  tellDone(cli, `Removed ${name}. Every account was matched anew.`);
  tellNext(cli, "usher people match rules");
}

async function previewFile(cli: Cli, path: string): Promise<void> {
  const session = await connect(cli);
  const rules = await readRules(path);
  printPreview(cli, await session.call(previewMatchRules, { body: { rules } as never }));
}

/** The list itself, or a page of the API's list; what the list shows beside the rule is left out. */
async function readRules(path: string): Promise<object[]> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    const rules = Array.isArray(parsed) ? parsed : (parsed as { items?: unknown }).items;
    if (!Array.isArray(rules)) throw new SyntaxError("no list of rules");
    return rules.map(ruleAlone);
  } catch (cause) {
    throw new CliFailure(`The file ${path} holds no rules.`, {
      exitCode: EXIT.usage,
      next: "usher people match rules -o json",
      cause,
    });
  }
}

function printPreview(cli: Cli, preview: Preview): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, preview);
  const situations = Object.keys(preview.next) as (keyof Preview["next"])[];
  const rows = situations.map((situation) => ({
    situation,
    now: preview.now[situation],
    next: preview.next[situation],
  }));
  const columns: Column<(typeof rows)[number]>[] = [
    stateColumn("Situation", (row) => row.situation),
    numberColumn("Now", (row) => row.now),
    numberColumn("Then", (row) => row.next),
  ];
  if (layout === "table") {
    printRows(cli, columns, rows);
    cli.stdout.write("\n");
  }
  printRows(cli, CHANGES, preview.changes);
  tellDone(cli, `${preview.moved} accounts would go to another person. Nothing was changed.`);
}

/** What the list shows beside a rule is no part of it. */
function ruleAlone(listed: Rule): Omit<Rule, "position" | "accounts"> {
  const rule: Partial<Rule> = { ...listed };
  delete rule.position;
  delete rule.accounts;
  return rule as Rule;
}

async function rulesOf(session: Session): Promise<Rule[]> {
  return Array.fromAsync(session.items(listMatchRules, {}));
}

function transformOf(text: string): NewRule["accountTransforms"] extends (infer Each)[] | undefined ? Each : never {
  const given = text.startsWith("{") ? parsed(text) : { kind: text };
  const found = Transform.safeParse(given);
  if (found.success) return found.data;
  throw usageFailure(
    `${text} is no transform.`,
    'It is lowercase, trim, strip-domain, or JSON such as {"kind":"replace-domain","from":"old.example","to":"new.example"}.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told as no transform, with what one looks like.
    return null;
  }
}

function placeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw usageFailure(`--position ${text} is no place.`, "It is a whole number from 1 on.");
}
