import type { Condition, ConditionTerms } from "./conditions.ts";

/** What an exclusion leaves out: the license position, reclaiming, access reviews, messages. */
export const EXCLUSION_EFFECTS = ["not-counted", "no-reclaim", "no-review", "no-notify"] as const;
export type ExclusionEffect = (typeof EXCLUSION_EFFECTS)[number];

/** Exclusions that come with Usher. */
export const BUILT_IN_EXCLUSIONS = [
  "credential-account",
  "break-glass-admins",
  "app-accounts",
  "last-space-admin",
] as const;
export type BuiltInExclusion = (typeof BUILT_IN_EXCLUSIONS)[number];

/** `off`: one that comes with Usher was switched off; `expired`: its time is over, and what ends it has not run yet. */
export const EXCLUSION_STATES = ["active", "off", "expired", "ended"] as const;
export type ExclusionState = (typeof EXCLUSION_STATES)[number];

/** Who or what is left out, of which effects, why and until when. */
export interface ExclusionRule {
  id: string;
  name: string;
  condition: Condition;
  /** Null: at every site. */
  siteIds: string[] | null;
  effects: ExclusionEffect[];
  reason: string;
  builtIn: BuiltInExclusion | null;
  isEnabled: boolean;
  /** Why one that comes with Usher is off. */
  offReason: string | null;
  /** Null only of those that come with Usher. */
  expiresAt: Date | null;
  /** When its owner was told that it expires. */
  warnedAt: Date | null;
  ownerId: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
}

/**
 * With what the conditions of exclusions are judged: evidence of every kind, taken for fresh for the 36 hours that a
 * connection takes it unless told otherwise, and the 24 by which views come late.
 */
export function exclusionTerms(asOf: Date): ConditionTerms {
  return { asOf, evidence: ["viewed", "contributed", "administered", "authenticated"], lateHoursMax: 60 };
}
