import { celList, listOf, type ConditionKind } from "./condition.ts";

export const groupMember: ConditionKind = {
  id: "group-member",
  label: "Member of a group",
  description: "The account is in one of these groups now, directly or through a group that is nested in it.",
  parameters: [{ name: "groups", label: "Groups, by id", type: "list", isRequired: true }],
  toCel: (values) => `account.inGroup(${celList(listOf(values, "groups"))})`,
  say: (values) => `The account is in one of ${listOf(values, "groups").join(", ")}`,
};
