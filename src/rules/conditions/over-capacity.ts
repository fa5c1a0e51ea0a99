import { integerOf, type ConditionKind } from "./condition.ts";

export const overCapacity: ConditionKind = {
  id: "over-capacity",
  label: "Over capacity",
  description:
    "One of the seats of its site used least recently, while the site uses so much of its capacity or more. Only seats " +
    "whose reading is observed since their last use are ranked; the others lack evidence. Where the capacity of the " +
    "site is not known, no seat matches.",
  parameters: [
    {
      name: "seats",
      label: "How many of the least active seats",
      type: "integer",
      isRequired: true,
      min: 1,
      max: 100_000,
    },
    {
      name: "percent",
      label: "Use from which it holds, in percent of the capacity",
      type: "integer",
      isRequired: false,
      default: 95,
      min: 1,
      max: 200,
    },
  ],
  toCel: (values) => `seat.leastActive(${integerOf(values, "seats")}, ${integerOf(values, "percent")})`,
  say: (values) =>
    `Among the ${integerOf(values, "seats")} least active seats, while ${integerOf(values, "percent")} % or more are used`,
};
