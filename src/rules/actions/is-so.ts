import type { ChangeKind } from "../../model/changes.ts";

/** What a source says of one account now; null where it was not asked or does not tell. */
export interface AccessNow {
  /** False: the source does not know the account any more. */
  isKnown: boolean;
  groups: readonly { sourceId: string; name: string }[] | null;
  isActive: boolean | null;
  isSuspended: boolean | null;
}

/** Whether what a change wants is so already. Null: what was read does not tell. */
export function isSo(kind: ChangeKind, groupSourceId: string | undefined, now: AccessNow): boolean | null {
  const isMember = now.groups?.some((each) => each.sourceId === groupSourceId) ?? null;
  switch (kind) {
    case "remove-member":
      return now.isKnown ? not(isMember) : true;
    case "add-member":
      return now.isKnown ? isMember : false;
    case "suspend-account":
      return now.isKnown ? now.isSuspended : true;
    case "reinstate-account":
      return now.isKnown ? not(now.isSuspended) : false;
    case "scim-deactivate":
    case "disable-account":
      return now.isKnown ? not(now.isActive) : true;
    case "scim-activate":
    case "enable-account":
      return now.isKnown ? now.isActive : false;
    case "create-group":
    case "delete-group":
      return null;
  }
}

/**
 * Whether a seat that a person or another system changes is taken, or given back. Which way they went is theirs: out of
 * its groups, suspended, or deactivated. Null: what was read does not tell.
 */
export function isSeatChanged(
  kind: "reclaim" | "restore",
  groupSourceIds: readonly string[],
  now: AccessNow,
): boolean | null {
  const isOff = !now.isKnown || now.isSuspended === true || now.isActive === false;
  const held = new Set(now.groups?.map((each) => each.sourceId));
  const areKnown = groupSourceIds.length > 0 && now.groups !== null;
  if (kind === "reclaim") {
    if (isOff) return true;
    return areKnown ? !groupSourceIds.some((each) => held.has(each)) : null;
  }
  if (isOff) return false;
  return areKnown ? groupSourceIds.every((each) => held.has(each)) : null;
}

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}
