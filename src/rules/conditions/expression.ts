import type { ConditionKind } from "./condition.ts";

/** Characters of an expression; longer ones are several conditions. */
export const EXPRESSION_LENGTH_MAX = 2000;

export const expression: ConditionKind = {
  id: "expression",
  label: "Expression",
  description:
    "A claim in CEL over `seat`, `account`, `person` and `now`. What compares a fact that is not known is neither true " +
    "nor false, and does not match.",
  parameters: [
    { name: "cel", label: "Expression in CEL", type: "text", isRequired: true, lengthMax: EXPRESSION_LENGTH_MAX },
  ],
  toCel: (values) => String(values["cel"]),
  say: (values) => String(values["cel"]),
};
