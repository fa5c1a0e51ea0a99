import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { z } from "zod";
import type { WireOf } from "../../api/contract.ts";
import { type createReclamationRule, listConditions } from "../../api/reclamation-rules.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import type { Session } from "../session.ts";

/** A rule as it is sent, every part of it optional. */
export type RuleBody = Partial<z.input<NonNullable<typeof createReclamationRule.body>>>;

export interface RuleOptions {
  when?: string[];
  expression?: string;
  any?: boolean;
  site?: string[];
  set?: string[];
  file?: string;
}

/** What says a rule, the same for making, editing and trying one. */
export function addRuleOptions(command: Command): Command {
  return command
    .option("--when <condition...>", 'a condition with its parameters, such as "idle days=90"; several must all hold')
    .option("--expression <cel>", "one more condition, in CEL")
    .option("--any", "one of the conditions is enough")
    .option("--site <sites...>", "only these sites (all)")
    .addOption(new Option("--set <setting...>", "a setting by its name in the API, such as checkIn.answerDays=14"))
    .option("--file <file>", "a rule as JSON, as `usher reclamation-rule show -o json` prints it");
}

/** What the options say; what they leave out is not in it. */
export async function ruleOf(session: Session, options: RuleOptions): Promise<RuleBody> {
  const fromFile = options.file === undefined ? {} : await readRule(options.file);
  const condition = await conditionOf(session, options);
  const siteIds = options.site && (await Promise.all(options.site.map((each) => findSite(session, each))));
  const settings = settingsOf(options.set ?? []);
  return {
    ...fromFile,
    ...(condition ? { condition } : {}),
    ...(siteIds ? { siteIds: siteIds.map(({ id }) => id) } : {}),
    ...(settings ? { settings: { ...fromFile.settings, ...settings } } : {}),
  };
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

type Kinds = WireOf<typeof listConditions>["items"];

async function conditionOf(session: Session, { when = [], expression, any }: RuleOptions) {
  const kinds = when.length > 0 ? (await session.call(listConditions, {})).items : [];
  const parts: Record<string, unknown>[] = when.map((text) => partOf(kinds, text));
  if (expression !== undefined) parts.push({ is: "expression", cel: expression });
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  return any ? { any: parts } : { all: parts };
}

/** `idle days=90 kinds=viewed,authenticated`, each value of the type that the parameter has. */
function partOf(kinds: Kinds, text: string): Record<string, unknown> {
  const [is = "", ...pairs] = text.trim().split(/\s+/);
  const kind = kinds.find(({ id }) => id === is);
  if (!kind) throw usageFailure(`There is no condition "${is}".`, "usher reclamation-rule conditions");
  const values = pairs.map((pair) => {
    const [name = "", ...rest] = pair.split("=");
    const parameter = kind.parameters.find((each) => each.name === name);
    const value = rest.join("=");
    if (!parameter || value === "") {
      const known = kind.parameters.map((each) => `${each.name}=…`).join(" ") || "no parameter";
      throw usageFailure(`"${pair}" is no parameter of ${is}.`, `It takes ${known}.`);
    }
    if (parameter.type === "integer") return [name, numberOf(value, pair)] as const;
    return [name, parameter.type === "list" ? value.split(",") : value] as const;
  });
  return { is, ...Object.fromEntries(values) };
}

function numberOf(value: string, pair: string): number {
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw usageFailure(`"${pair}" is no whole number.`);
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
