import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { WireOf } from "../api/contract.ts";
import { listConditions } from "../api/reclamation-rules.ts";
import { EXIT } from "./exit-codes.ts";
import { CliFailure, usageFailure } from "./failure.ts";
import type { Session } from "./session.ts";

export type Condition = Record<string, unknown>;

/** Options that say conditions, the same for reclamation rules and for exclusions. */
export interface ConditionOptions {
  when?: string[];
  expression?: string;
}

/** `together` says what several of them mean. */
export function addConditionOptions(command: Command, together: string): Command {
  return command
    .option(
      "--when <conditions...>",
      `conditions with their parameters, such as "idle days=90", or as JSON, from a file as @file (@- for standard input); ${together}`,
    )
    .option("--expression <cel>", "one more condition, in CEL over seat, account and person");
}

/** The conditions that the options say, in their order, the expression last. `readInput` gives standard input. */
export async function conditionsOf(
  session: Session,
  { when = [], expression }: ConditionOptions,
  readInput: () => Promise<string>,
): Promise<Condition[]> {
  const isJson = (text: string) => /^\s*[{@]/.test(text);
  const kinds = when.every(isJson) ? [] : (await session.call(listConditions, {})).items;
  const conditions: Condition[] = [];
  for (const text of when) conditions.push(isJson(text) ? await readJson(text, readInput) : partOf(kinds, text));
  if (expression !== undefined) conditions.push({ is: "expression", cel: expression });
  return conditions;
}

async function readJson(text: string, readInput: () => Promise<string>): Promise<Condition> {
  const path = text.startsWith("@") ? text.slice(1) : null;
  const json = path === null ? text : path === "-" ? await readInput() : await readFile(path, "utf8").catch(unreadable);
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new SyntaxError("no object");
    return parsed as Condition;
  } catch (cause) {
    const where = path === null ? "--when" : path === "-" ? "Standard input" : `The file ${path}`;
    throw new CliFailure(`${where} holds no condition.`, {
      exitCode: EXIT.usage,
      why: 'It is JSON such as {"not": {"is": "idle", "days": 60}}.',
      cause,
    });
  }

  function unreadable(cause: unknown): never {
    throw new CliFailure(`The file ${path} cannot be read.`, {
      exitCode: EXIT.usage,
      why: "Behind @, --when takes the name of a file that holds a condition as JSON.",
      cause,
    });
  }
}

type Kinds = WireOf<typeof listConditions>["items"];

/** `idle days=90 kinds=viewed,authenticated`, each value of the type that the parameter has. */
function partOf(kinds: Kinds, text: string): Condition {
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
