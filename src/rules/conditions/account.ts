import { celList, listOf, type ConditionKind } from "./condition.ts";

export const account: ConditionKind = {
  id: "account",
  label: "Named accounts",
  description: "The seat is of one of these accounts of a site.",
  parameters: [{ name: "accounts", label: "Accounts, by id", type: "list", isRequired: true }],
  toCel: (values) => `account.id in ${celList(listOf(values, "accounts"))}`,
  say: (values) => `The account is one of ${listOf(values, "accounts").join(", ")}`,
};
