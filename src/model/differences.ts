/** What is compared between two days. */
export const DIFFERENCE_KINDS = [
  "accounts",
  "groups",
  "memberships",
  "product-access",
  "spaces",
  "space-permissions",
  "role-assignments",
  "seats",
] as const;

export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
