import type { GuardedKind } from "../model/runs.ts";

export interface SafeguardSettings {
  /** Most that may go at once, in percent of what was known. */
  safeguardPercentMax: number;
  /** Fewer than this never hold a run: three of four members may well leave a small group. */
  safeguardCountMin: number;
}

/** What a run found of one kind, before anything is closed. */
export interface KindDifference {
  kind: GuardedKind;
  known: number;
  gone: number;
}

export type HoldReason = "too-many-gone" | "none-left" | "credential-changed" | "depends-on-held";

export interface HeldKind extends KindDifference {
  reason: HoldReason;
}

/** What a site says of itself while a difference waits for a person. */
export const HELD_HEALTH = {
  capability: null,
  reason:
    "The last run found more gone than the safeguard allows, or reads with another account than before. Nothing of it was removed.",
  fix: "Look at the held difference of the last run, then accept or discard it, or correct the credential and run again.",
};

/** Closing something of the first kind also closes what hangs on it of the second. */
const CARRIES: readonly (readonly [parent: GuardedKind, dependent: GuardedKind])[] = [
  ["accounts", "memberships"],
  ["groups", "memberships"],
  ["groups", "group-nestings"],
  ["groups", "product-access"],
  ["spaces", "space-permissions"],
  ["spaces", "role-assignments"],
];

/**
 * The kinds of which nothing may be closed until a person has looked. A weaker credential sees less and calls it gone,
 * so after the account behind it changed any loss waits. A kind whose dependents are held is held with them: a closed
 * group whose memberships stay open would be a contradiction.
 */
export function judgeSafeguard(
  differences: readonly KindDifference[],
  settings: SafeguardSettings,
  credentialChanged: boolean,
): HeldKind[] {
  const held = new Map<GuardedKind, HeldKind>();
  for (const difference of differences) {
    if (difference.gone === 0) continue;
    if (credentialChanged) held.set(difference.kind, { ...difference, reason: "credential-changed" });
    else if (isNoneLeft(difference)) held.set(difference.kind, { ...difference, reason: "none-left" });
    else if (isTooMuch(difference, settings)) held.set(difference.kind, { ...difference, reason: "too-many-gone" });
  }
  for (const [parent, dependent] of CARRIES) {
    const difference = differences.find((each) => each.kind === parent);
    if (!difference || difference.gone === 0 || held.has(parent) || !held.has(dependent)) continue;
    held.set(parent, { ...difference, reason: "depends-on-held" });
  }
  return [...held.values()];
}

/**
 * Every site has a group that gives the product; without one nobody would hold a seat. Such an answer is wrong, however
 * few groups they were (an empty page can say that it is the whole list).
 */
function isNoneLeft({ kind, known, gone }: KindDifference): boolean {
  return kind === "product-access" && gone === known;
}

function isTooMuch({ known, gone }: KindDifference, settings: SafeguardSettings): boolean {
  return gone >= settings.safeguardCountMin && gone * 100 > known * settings.safeguardPercentMax;
}
