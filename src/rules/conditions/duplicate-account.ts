import type { ConditionKind } from "./condition.ts";

export const duplicateAccount: ConditionKind = {
  id: "duplicate-account",
  label: "Duplicate account",
  description: "The person holds more than one seat at the site, and this is not the one used last, which stays.",
  parameters: [],
  toCel: () => `has(seat.duplicateRank) && seat.duplicateRank > 1`,
  say: () => "Another seat of the same person is used more recently",
};
