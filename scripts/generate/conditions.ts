import type { ConditionParameter } from "../../src/rules/conditions/condition.ts";
import { FACT_NAMES, FACTS } from "../../src/rules/conditions/facts.ts";
import { CONDITIONS } from "../../src/rules/conditions/index.ts";
import { code, page, table } from "./markdown.ts";

export function conditionsPage(): string {
  return page(
    "# Conditions",
    "What reclamation rules and exclusions ask of a seat: each by its name and parameters, or combined by `all`, `any` " +
      "and `not`. What they mean together is in the guide [Reclamation](../guide/reclamation.md).",
    ...CONDITIONS.flatMap(({ id, label, description, parameters }) => [
      `## ${code(id)}: ${label}`,
      description,
      ...(parameters.length > 0 ? [parametersTable(parameters)] : []),
    ]),
    "## Facts of expressions",
    "What `expression` may name in CEL, besides `now`. A fact that is not known is told by `has(…)`; whatever else names it is " +
      "neither true nor false.",
    table(
      ["fact", "type", "meaning"],
      FACT_NAMES.map((name) => [code(name), FACTS[name].type, FACTS[name].about]),
    ),
  );
}

function parametersTable(parameters: readonly ConditionParameter[]): string {
  return table(
    ["parameter", "takes", "default", "meaning"],
    parameters.map((each) => [code(each.name), takes(each), defaultOf(each), each.label]),
  );
}

function takes({ type, min, max, choices, lengthMax }: ConditionParameter): string {
  if (type === "integer") return `a whole number from ${min} to ${max}`;
  if (type === "text") return `a text of up to ${lengthMax} characters`;
  return choices ? `a list of ${choices.map(code).join(", ")}` : "a list of texts";
}

function defaultOf({ default: value, isRequired }: ConditionParameter): string {
  if (value === undefined) return isRequired ? "needed" : "none";
  return [value].flat().map(String).map(code).join(", ");
}
