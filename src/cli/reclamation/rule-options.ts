import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { z } from "zod";
import type { createReclamationRule } from "../../api/reclamation-rules.ts";
import { addConditionOptions, type Condition, type ConditionOptions, conditionsOf } from "../conditions.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import type { Session } from "../session.ts";

/** A rule as it is sent, every part of it optional. */
export type RuleBody = Partial<z.input<NonNullable<typeof createReclamationRule.body>>>;

export interface RuleOptions extends ConditionOptions {
  any?: boolean;
  site?: string[];
  set?: string[];
  file?: string;
}

/** What says a rule, the same for making, editing and trying one. */
export function addRuleOptions(command: Command): Command {
  return addConditionOptions(command, "several must all hold")
    .option("--any", "one of the conditions is enough")
    .option("--site <sites...>", "only these sites (all)")
    .addOption(new Option("--set <setting...>", "a setting by its name in the API, such as checkIn.answerDays=14"))
    .option("--file <file>", "a rule as JSON, as `usher reclamation-rule show -o json` prints it");
}

/** What the options say; what they leave out is not in it. */
export async function ruleOf(cli: Cli, session: Session, options: RuleOptions): Promise<RuleBody> {
  const fromFile = options.file === undefined ? {} : await readRule(options.file);
  const [condition, ...others] = await conditionsOf(session, options, () => cli.stdin.readAll());
  const siteIds = options.site && (await Promise.all(options.site.map((each) => findSite(session, each))));
  const settings = settingsOf(options.set ?? []);
  return {
    ...fromFile,
    ...(condition ? { condition: together([condition, ...others], options.any) } : {}),
    ...(siteIds ? { siteIds: siteIds.map(({ id }) => id) } : {}),
    ...(settings ? { settings: { ...fromFile.settings, ...settings } } : {}),
  };
}

function together(conditions: Condition[], any = false): Condition {
  const [only, ...others] = conditions;
  if (only && others.length === 0) return only;
  return any ? { any: conditions } : { all: conditions };
}

/** What of a rule's file can be sent; the rest is what the server knows of it. */
async function readRule(path: string): Promise<RuleBody> {
  try {
    const rule = JSON.parse(await readFile(path, "utf8")) as RuleBody;
    if (typeof rule !== "object" || rule === null) throw new SyntaxError("no rule");
    const { name, siteIds, condition, settings } = rule;
    const fields = { name, siteIds, condition, settings };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  } catch (cause) {
    const next = "usher reclamation-rule show <rule> -o json";
    throw new CliFailure(`The file ${path} holds no rule.`, { exitCode: EXIT.usage, next, cause });
  }
}

/** `limits.perRun=10`: numbers, `true`, `false`, `null`, JSON and texts, put where their names say. */
function settingsOf(pairs: readonly string[]): Record<string, unknown> | null {
  if (pairs.length === 0) return null;
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, group, name, value] = /^(?:([a-zA-Z]+)\.)?([a-zA-Z]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw usageFailure(`"${pair}" sets nothing.`, "It looks like --set limits.perRun=10.");
    }
    if (group === undefined) settings[name] = parsed(value);
    else settings[group] = { ...(settings[group] as object | undefined), [name]: parsed(value) };
  }
  return settings;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, so it is meant as it stands; the server says where a setting takes something else.
    return text;
  }
}
