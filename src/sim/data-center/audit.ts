import { fraction, mix } from "../random.ts";
import { outsideQuietDays } from "../world/content.ts";
import { DAY_MS } from "../world/people.ts";
import { SPACE_RIGHTS } from "./permissions.ts";
import type { DataCenter } from "./world.ts";

/** What happened, by the name of its action; keys and texts are in AUDIT_ACTIONS. */
export type AuditAction = keyof typeof AUDIT_ACTIONS;

export interface AffectedObject {
  type: "User" | "Group" | "Space" | "Page";
  name: string;
  /** A user's key, a space's id; groups have none. */
  id?: string;
}

export interface DataCenterAuditRecord {
  at: number;
  /** Index of the user; null for the system. */
  author: number | null;
  action: AuditAction;
  affected: AffectedObject[];
  changed: { key: string; from?: string; to?: string }[];
  extra?: { name: string; nameI18nKey: string; value: string }[];
}

const USERS_AND_GROUPS = ["audit.logging.category.user.management", "Users and groups"] as const;
const PERMISSIONS = ["audit.logging.category.permissions", "Permissions"] as const;
const SPACES = ["audit.logging.category.spaces", "Spaces"] as const;

/**
 * Keys as Elastic's integration has recorded them; `space.created`, `space.permission.removed` and those of global
 * permissions are formed after the others.
 */
export const AUDIT_ACTIONS = {
  userCreated: [...USERS_AND_GROUPS, "audit.logging.summary.user.created", "User created"],
  userDeleted: [...USERS_AND_GROUPS, "audit.logging.summary.user.deleted", "User deleted"],
  userUpdated: [...USERS_AND_GROUPS, "audit.logging.summary.user.updated", "User details updated"],
  groupCreated: [...USERS_AND_GROUPS, "audit.logging.summary.group.created", "Group created"],
  groupDeleted: [...USERS_AND_GROUPS, "audit.logging.summary.group.deleted", "Group deleted"],
  memberAdded: [...USERS_AND_GROUPS, "audit.logging.summary.group.membership.added", "User added to group"],
  memberRemoved: [...USERS_AND_GROUPS, "audit.logging.summary.group.membership.removed", "User removed from group"],
  subgroupAdded: [...USERS_AND_GROUPS, "audit.logging.summary.group.membership.added", "Group added to group"],
  subgroupRemoved: [...USERS_AND_GROUPS, "audit.logging.summary.group.membership.removed", "Group removed from group"],
  spacePermissionAdded: [...PERMISSIONS, "audit.logging.summary.space.permission.added", "Space permission added"],
  spacePermissionRemoved: [
    ...PERMISSIONS,
    "audit.logging.summary.space.permission.removed",
    "Space permission removed",
  ],
  globalPermissionAdded: [...PERMISSIONS, "audit.logging.summary.global.permission.added", "Global permission added"],
  globalPermissionRemoved: [
    ...PERMISSIONS,
    "audit.logging.summary.global.permission.removed",
    "Global permission removed",
  ],
  spaceCreated: [...SPACES, "audit.logging.summary.space.created", "Space created"],
  spaceRemoved: [...SPACES, "audit.logging.summary.space.removed", "Space deleted"],
  spaceUpdated: [...SPACES, "audit.logging.summary.space.config.updated", "Space configuration updated"],
  auditSearched: [
    "atlassian.audit.event.category.audit",
    "Auditing",
    "atlassian.audit.event.action.audit.search",
    "Audit Log search performed",
  ],
} as const;

/** Of a change: whatever was computed before is computed again. */
export function note(dc: DataCenter, record: DataCenterAuditRecord): void {
  dc.changeCount += 1;
  dc.auditChanges.push(record);
}

/** Every record has a number: those of the seed count up to the start, changes from there on. */
export function auditRecord(dc: DataCenter, id: number): DataCenterAuditRecord | undefined {
  const seeded = dc.scale.auditRecordsPerYear;
  return id > seeded ? dc.auditChanges[id - seeded - 1] : seededRecord(dc, seeded - id);
}

export function lastAuditId(dc: DataCenter): number {
  return dc.scale.auditRecordsPerYear + dc.auditChanges.length;
}

/** The first id at or after an instant; one past the last when there is none. Instants never fall with the id. */
export function firstAuditIdSince(dc: DataCenter, since: number): number {
  let low = 1;
  let high = lastAuditId(dc) + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((auditRecord(dc, middle)?.at ?? 0) >= since) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Number 0 is the last that happened before the simulator started. */
function seededRecord(dc: DataCenter, number: number): DataCenterAuditRecord | undefined {
  const { seed, scale } = dc;
  if (number < 0 || number >= scale.auditRecordsPerYear) return undefined;
  const chance = mix(seed, dc.number, number, 240);
  const age = ((number + fraction(seed, dc.number, number, 241)) / scale.auditRecordsPerYear) * 365;
  const at = dc.startedAt - Math.floor(outsideQuietDays(age) * DAY_MS);
  const author = chance % 3 === 0 ? null : (chance >>> 3) % 2 === 0 ? 0 : 2;
  const user = dc.users[(chance >>> 5) % dc.seededUsers];
  const person: AffectedObject = { type: "User", name: user?.displayName ?? "", id: user?.userKey ?? "" };
  const group: AffectedObject = { type: "Group", name: dc.seededGroups[(chance >>> 6) % dc.seededGroups.length] ?? "" };
  const known = dc.seededSpaces[(chance >>> 7) % dc.seededSpaces.length];
  const space: AffectedObject = { type: "Space", name: known?.name ?? "", id: String(known?.id ?? "") };
  const right = SPACE_RIGHTS[(chance >>> 4) % SPACE_RIGHTS.length]?.key ?? "";
  const base = { at, author, changed: [] };
  switch (chance % 5) {
    case 0:
      return { ...base, action: "memberAdded", affected: [group, { ...person, name: user?.username ?? "" }] };
    case 1:
      return { ...base, action: "memberRemoved", affected: [group, { ...person, name: user?.username ?? "" }] };
    case 2:
      return {
        ...base,
        action: "spacePermissionAdded",
        affected: [space, group],
        changed: [{ key: "Type", to: right }],
      };
    case 3:
      return { ...base, action: "spaceUpdated", affected: [space], changed: [{ key: "Name", to: space.name }] };
    default:
      return {
        ...base,
        action: "userCreated",
        affected: [person],
        changed: [
          { key: "Display name", to: person.name },
          { key: "Username", to: user?.username ?? "" },
          { key: "Active", to: "Yes" },
        ],
      };
  }
}
