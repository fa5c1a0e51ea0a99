import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ConditionProblem } from "../../model/conditions.ts";
import type { ConditionParameter, ConditionValues } from "./condition.ts";

/** Entries of a list, and characters of one of them. */
const LIST_MAX = 100;
const WORD_MAX = 300;

/** The values of a condition's parameters, those left out filled in; or each one that is wrong. */
export function readValues(
  parameters: readonly ConditionParameter[],
  given: ConditionValues,
  path: string,
): Result<ConditionValues, ConditionProblem[]> {
  const problems: ConditionProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (parameters.some((each) => each.name === name)) continue;
    const known = parameters.map((each) => each.name).join(", ") || "none";
    problems.push({ path: `${path}.${name}`, message: `There is no such parameter here; there are: ${known}.` });
  }
  for (const parameter of parameters) {
    const value = given[parameter.name] ?? parameter.default;
    if (value === undefined) {
      if (parameter.isRequired) problems.push({ path: `${path}.${parameter.name}`, message: `${needed(parameter)}` });
    } else if (isRight(parameter, value)) {
      values[parameter.name] = value;
    } else {
      problems.push({ path: `${path}.${parameter.name}`, message: needed(parameter) });
    }
  }
  return problems.length > 0 ? refuse(problems) : ok(values);
}

function isRight({ type, min = 0, max = Infinity, choices, lengthMax = WORD_MAX }: ConditionParameter, value: unknown) {
  switch (type) {
    case "integer":
      return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    case "text":
      return isText(value) && value.trim() !== "" && value.length <= lengthMax;
    case "list":
      return (
        Array.isArray(value) &&
        value.length > 0 &&
        value.length <= LIST_MAX &&
        value.every((each) => isText(each) && each !== "" && each.length <= lengthMax) &&
        (choices === undefined || value.every((each) => choices.includes(each)))
      );
  }
}

/** PostgreSQL holds neither a zero character nor half of one. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

function needed({ type, label, min, max, choices, lengthMax }: ConditionParameter): string {
  switch (type) {
    case "integer":
      return `${label}: a whole number from ${min} to ${max} is needed.`;
    case "text":
      return `${label}: a text of up to ${lengthMax ?? WORD_MAX} characters is needed.`;
    case "list":
      return choices
        ? `${label}: a list of any of ${choices.join(", ")} is needed.`
        : `${label}: a list of 1 to ${LIST_MAX} texts is needed.`;
  }
}
