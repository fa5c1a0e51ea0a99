import { celList, listOf, type ConditionKind } from "./condition.ts";

export const outsider: ConditionKind = {
  id: "outsider",
  label: "Outsider",
  description:
    "The e-mail address is of none of your domains, or the people import says that the person is external. Where the " +
    "address is hidden, only the import can tell.",
  parameters: [{ name: "domains", label: "Your own e-mail domains", type: "list", isRequired: true, lengthMax: 253 }],
  toCel(values) {
    const domains = listOf(values, "domains").map((domain) => domain.toLowerCase().replace(/^@/, ""));
    return `person.employmentType in ["external", "External", "EXTERNAL"] || !(account.emailDomain in ${celList(domains)})`;
  },
  say: (values) => `External, or with an address outside ${listOf(values, "domains").join(", ")}`,
};
