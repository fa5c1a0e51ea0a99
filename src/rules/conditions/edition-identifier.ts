import { celList, listOf, type ConditionKind } from "./condition.ts";

export const editionIdentifier: ConditionKind = {
  id: "edition-identifier",
  label: "Edition identifier",
  description:
    "The site calls its edition by one of these technical names, whatever its case. Of a guest, who has no seat, it is " +
    "not known.",
  parameters: [{ name: "identifiers", label: "Edition identifiers", type: "list", isRequired: true, lengthMax: 200 }],
  toCel: (values) =>
    `seat.editionIdentifier in ${celList(listOf(values, "identifiers").map((each) => each.toUpperCase()))}`,
  say: (values) => `The edition identifier is ${listOf(values, "identifiers").join(" or ")}`,
};
