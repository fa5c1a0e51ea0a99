import { celList, listOf, type ConditionKind } from "./condition.ts";

export const personLeft: ConditionKind = {
  id: "person-left",
  label: "Person left",
  description:
    "The people import says that the person left or is disabled. Of somebody it does not tell of, nothing is known, and " +
    "the seat does not match.",
  parameters: [
    {
      name: "statuses",
      label: "Statuses of the person",
      type: "list",
      isRequired: false,
      default: ["left", "disabled"],
      choices: ["left", "disabled"],
    },
  ],
  toCel: (values) => `person.status in ${celList(listOf(values, "statuses"))}`,
  say: (values) => `The person is ${listOf(values, "statuses").join(" or ")}`,
};
