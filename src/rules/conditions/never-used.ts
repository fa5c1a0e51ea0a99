import { integerOf, type ConditionKind } from "./condition.ts";

export const neverUsed: ConditionKind = {
  id: "never-used",
  label: "Never used",
  description:
    "Given so many days ago or more, and no use ever seen. A kind of evidence that sees readers must cover the time " +
    "since it was given; where the source does not tell when that was, it counts from when Usher first saw the seat.",
  parameters: [
    {
      name: "grantedDays",
      label: "Days since it was given",
      type: "integer",
      isRequired: false,
      default: 30,
      min: 1,
      max: 3650,
    },
  ],
  toCel: (values) => `seat.neverUsed(${integerOf(values, "grantedDays")})`,
  say: (values) => `Never used, given ${integerOf(values, "grantedDays")} days ago or more`,
};
