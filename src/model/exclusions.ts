/** What an exclusion leaves out: the license position, reclaiming, access reviews, messages. */
export const EXCLUSION_EFFECTS = ["not-counted", "no-reclaim", "no-review", "no-notify"] as const;
export type ExclusionEffect = (typeof EXCLUSION_EFFECTS)[number];

/** Exclusions that come with Usher. */
export type BuiltInExclusion = "credential-account" | "break-glass-admins" | "app-accounts" | "last-space-admin";
