import type { ConditionKind } from "./condition.ts";

export const guestWithoutSpace: ConditionKind = {
  id: "guest-without-space",
  label: "Guest without a space",
  description: "A guest who reaches no space. Where rights are not read, nothing is known, and nobody matches.",
  parameters: [],
  toCel: () => `account.class == "guest" && seat.spaces == 0`,
  say: () => "A guest who reaches no space",
};
