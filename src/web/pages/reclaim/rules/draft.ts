import type { AnswerFor } from "../../../api/call.ts";

export type Rule = AnswerFor<"reclamation-rules.get">;
export type Condition = Rule["condition"];
export type Settings = Rule["settings"];
export type Kind = AnswerFor<"reclamation-conditions.list">["items"][number];
export type Parameter = Kind["parameters"][number];

/** One condition as the form has it: each parameter as it is typed. */
export interface Part {
  is: string;
  isNot: boolean;
  typed: Readonly<Record<string, string>>;
}

export interface RuleDraft {
  name: string;
  /** Null: every site. */
  siteIds: readonly string[] | null;
  match: "all" | "any";
  parts: readonly Part[];
  /** Set of a condition that is nested more deeply than the form shows. */
  json: string | null;
  settings: Settings;
}

/** The condition that the draft says; null while a part of it is not said. */
export function conditionOf({ match, parts, json }: RuleDraft, kinds: readonly Kind[]): Condition | null {
  if (json !== null) return readJson(json);
  const said = parts.map((part) => conditionOfPart(part, kinds));
  const all = said.filter((each) => each !== null);
  const [first] = all;
  if (!first || all.length < said.length) return null;
  return all.length === 1 ? first : { [match]: all };
}

/** Where the API speaks of parameter `name` of a part: `condition.all.1.cel`. */
export function pathOf({ match, parts }: RuleDraft, index: number, name: string): string {
  const inList = parts.length === 1 ? [] : [match, String(index)];
  return ["condition", ...inList, ...(parts[index]?.isNot ? ["not"] : []), name].join(".");
}

function conditionOfPart({ is, isNot, typed }: Part, kinds: readonly Kind[]): Condition | null {
  const parameters = kinds.find(({ id }) => id === is)?.parameters ?? [];
  const condition: Condition = { is };
  for (const parameter of parameters) {
    const text = typed[parameter.name]?.trim() ?? "";
    if (text === "") {
      if (parameter.isRequired) return null;
      continue;
    }
    condition[parameter.name] = valueOf(parameter, text);
  }
  return isNot ? { not: condition } : condition;
}

function valueOf({ type }: Parameter, text: string): unknown {
  switch (type) {
    case "integer":
      return Number(text);
    case "list":
      return listOf(text);
    case "text":
      return text;
  }
}

export function listOf(text: string): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function readJson(json: string): Condition | null {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Condition) : null;
  } catch {
    return null;
  }
}

export function draftOf({
  name,
  siteIds,
  condition,
  settings,
}: Pick<Rule, "name" | "siteIds" | "condition" | "settings">): RuleDraft {
  const match = "any" in condition ? "any" : "all";
  const list = condition[match] ?? [condition];
  const parts = Array.isArray(list) ? list.map((each) => partOf(each as Condition)) : [null];
  const isFlat = parts.every((each) => each !== null);
  return {
    name,
    siteIds,
    match,
    parts: isFlat ? parts : [],
    json: isFlat ? null : JSON.stringify(condition, null, 2),
    settings,
  };
}

function partOf(condition: Condition): Part | null {
  const isNot = "not" in condition;
  const inner = (isNot ? condition["not"] : condition) as Condition;
  if (typeof inner["is"] !== "string") return null;
  const { is, ...parameters } = inner;
  const typed = Object.entries(parameters).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(", ") : String(value),
  ]);
  return { is: String(is), isNot, typed: Object.fromEntries(typed) };
}

/** Days of silence that the rule asks for, where one condition says so: the line in the histogram. */
export function thresholdOf(condition: Condition | null): number | null {
  if (condition === null) return null;
  if (condition["is"] === "idle") return Number(condition["days"] ?? 60);
  const parts = (condition["all"] ?? condition["any"] ?? []) as Condition[];
  return parts.map(thresholdOf).find((each) => each !== null) ?? null;
}

/** A new part of this kind with what it is without being told. */
export function newPart(kind: Kind): Part {
  const typed = kind.parameters
    .filter((parameter) => parameter.default !== null)
    .map((parameter): [string, string] => [parameter.name, String(parameter.default).replaceAll(",", ", ")]);
  return { is: kind.id, isNot: false, typed: Object.fromEntries(typed) };
}
