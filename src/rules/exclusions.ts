import { ok, refuse, type Result } from "../lib/result.ts";
import type { BuiltInExclusion, ExclusionRule, ExclusionState } from "../model/exclusions.ts";

const DAY_MS = 86_400_000;

/** How long an exclusion holds unless something else is said, and how long it may. */
export const EXPIRES_AFTER_DAYS = 180;
export const EXPIRES_AFTER_DAYS_MAX = 730;
/** So long before it expires its owner is told. */
export const WARN_BEFORE_DAYS = 14;

/** When a new or renewed exclusion ends; nothing is left out for ever. */
export function expiryAfter(asked: Date | null, now: Date): Result<Date, "expiry-not-allowed"> {
  if (asked === null) return ok(new Date(now.getTime() + EXPIRES_AFTER_DAYS * DAY_MS));
  const latest = now.getTime() + EXPIRES_AFTER_DAYS_MAX * DAY_MS;
  return asked > now && asked.getTime() <= latest ? ok(asked) : refuse("expiry-not-allowed");
}

export function exclusionState(
  rule: Pick<ExclusionRule, "endedAt" | "expiresAt" | "isEnabled">,
  now: Date,
): ExclusionState {
  if (rule.endedAt !== null) return "ended";
  if (rule.expiresAt !== null && rule.expiresAt <= now) return "expired";
  return rule.isEnabled ? "active" : "off";
}

/** Whether a person says whom it catches; of the others that come with Usher, the facts say it. */
export function hasOwnCondition(builtIn: BuiltInExclusion | null): boolean {
  return builtIn === null || builtIn === "break-glass-admins";
}
