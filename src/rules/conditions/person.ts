import { celList, listOf, type ConditionKind } from "./condition.ts";

export const person: ConditionKind = {
  id: "person",
  label: "Named people",
  description:
    "The seat is of one of these people, whichever site it is at. Who is named by an e-mail address is caught where the " +
    "account shows that address.",
  parameters: [
    { name: "people", label: "People, by id or e-mail address", type: "list", isRequired: true, lengthMax: 320 },
  ],
  toCel(values) {
    const named = listOf(values, "people");
    const emails = named.filter((each) => each.includes("@")).map((each) => each.toLowerCase());
    const ids = named.filter((each) => !each.includes("@"));
    const claims = [
      ...(ids.length > 0 ? [`person.id in ${celList(ids)}`] : []),
      ...(emails.length > 0 ? [`account.email in ${celList(emails)}`] : []),
    ];
    return claims.join(" || ");
  },
  say: (values) => `The person is one of ${listOf(values, "people").join(", ")}`,
};
