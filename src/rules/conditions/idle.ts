import { KINDS_THAT_SEE_READERS } from "../../model/facts.ts";
import { celList, integerOf, listOf, type ConditionKind } from "./condition.ts";

export const idle: ConditionKind = {
  id: "idle",
  label: "Idle",
  description:
    "No use of any kind for so many days. A kind of evidence that sees readers must cover all of them; else the seat " +
    "lacks evidence and does not match. A seat that was given more recently than that is not idle.",
  parameters: [
    { name: "days", label: "Days without use", type: "integer", isRequired: false, default: 60, min: 1, max: 3650 },
    {
      name: "kinds",
      label: "Kinds whose silence counts, among those of the rule",
      type: "list",
      isRequired: false,
      choices: KINDS_THAT_SEE_READERS,
    },
  ],
  toCel(values) {
    const kinds = listOf(values, "kinds");
    const days = integerOf(values, "days");
    return kinds.length === 0 ? `seat.idle(${days})` : `seat.idle(${days}, ${celList(kinds)})`;
  },
  say(values) {
    const kinds = listOf(values, "kinds");
    const by = kinds.length === 0 ? "" : ` by ${kinds.join(" or ")}`;
    return `Idle for ${integerOf(values, "days")} days or more${by}`;
  },
};
