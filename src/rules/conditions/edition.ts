import { EDITIONS } from "../../model/editions.ts";
import { celList, listOf, type ConditionKind } from "./condition.ts";

export const edition: ConditionKind = {
  id: "edition",
  label: "Edition",
  description: "The seat is of one of these editions.",
  parameters: [
    {
      name: "editions",
      label: "Editions",
      type: "list",
      isRequired: true,
      choices: [...EDITIONS, "unrecognized"],
    },
  ],
  toCel: (values) => `seat.edition in ${celList(listOf(values, "editions"))}`,
  say: (values) => `The edition is ${listOf(values, "editions").join(" or ")}`,
};
