import { sortKey } from "../lib/sort-key.ts";
import { roleCanAdminister, roleCanRead } from "../rules/access.ts";
import type {
  ObservedAccount,
  ObservedAuditEvent,
  ObservedContentChange,
  ObservedGroup,
  ObservedOrganizationAccount,
  ObservedOrganizationGroup,
  ObservedPermission,
  ObservedRoleAssignment,
  ObservedSpace,
  ObservedSpaceRole,
} from "../sources/source.ts";
import type { AccountRow } from "../store/merge/accounts.ts";
import type { EventRow } from "../store/merge/activity.ts";
import type { AuditRow } from "../store/merge/audit.ts";
import type { GroupRow } from "../store/merge/groups.ts";
import type { GroupOfAccountRow } from "../store/merge/memberships.ts";
import type { OrganizationAccountRow, OrganizationGroupRow } from "../store/merge/organization.ts";
import type { RoleAssignmentRow, SpacePermissionRow, SpaceRoleRow } from "../store/merge/space-access.ts";
import type { SpaceRow } from "../store/merge/spaces.ts";

/** From what a source observed to the rows that a merge reads as JSON. Undefined is left out: "not told". */
export function accountRow(seen: ObservedAccount, splitDisplayName: boolean): AccountRow {
  const displayName = text(seen.displayName);
  const name = displayName ?? text(seen.publicName) ?? seen.sourceId;
  return {
    source_id: seen.sourceId,
    account_type: seen.accountType === "unknown" ? undefined : seen.accountType,
    status: seen.status === "unknown" ? undefined : (seen.status ?? undefined),
    is_guest: seen.isGuest ?? undefined,
    has_access: seen.hasAccess ?? undefined,
    display_name: displayName,
    public_name: text(seen.publicName),
    ...(splitDisplayName && displayName ? partsOf(displayName) : {}),
    email: text(seen.email),
    time_zone: text(seen.timeZone),
    fallback_name: name,
    sort_key: orderOf(name),
  };
}

export function organizationAccountRow(
  seen: ObservedOrganizationAccount,
  splitDisplayName: boolean,
): OrganizationAccountRow {
  const displayName = text(seen.name);
  const name = displayName ?? seen.sourceId;
  return {
    source_id: seen.sourceId,
    account_type: seen.accountType === "unknown" ? undefined : seen.accountType,
    status: seen.status === "unknown" ? undefined : seen.status,
    is_suspended: seen.isSuspended,
    is_managed: seen.isManaged ?? undefined,
    display_name: displayName,
    ...(splitDisplayName && displayName ? partsOf(displayName) : {}),
    email: text(seen.email),
    department: text(seen.department),
    job_title: text(seen.jobTitle),
    location: text(seen.location),
    added_at: seen.addedAt?.toISOString(),
    fallback_name: name,
    sort_key: orderOf(name),
    group_source_ids: seen.groupSourceIds,
    has_product: seen.productAccess !== null,
    last_active_at: seen.productAccess?.lastActiveAt?.toISOString() ?? null,
  };
}

export function organizationGroupRow(seen: ObservedOrganizationGroup): OrganizationGroupRow {
  return { source_id: seen.sourceId, member_count: seen.memberCount };
}

export function groupRow(seen: ObservedGroup): GroupRow {
  const name = text(seen.name) ?? seen.sourceId;
  return { source_id: seen.sourceId, name, managed_by: seen.managedBy, usage: seen.usage, sort_key: orderOf(name) };
}

export function spaceRow(seen: ObservedSpace): SpaceRow {
  const name = text(seen.name) ?? seen.key;
  return {
    source_id: seen.sourceId,
    key: seen.key,
    name,
    type: seen.type,
    status: seen.status,
    owner_source_id: seen.ownerSourceId,
    created_at: seen.createdAt?.toISOString() ?? null,
    sort_key: orderOf(name),
  };
}

/** One row per principal of a page, its operations in order: a tenth of the rows, and what the table holds. */
export function spacePermissionRows(scope: string, seen: readonly ObservedPermission[]): SpacePermissionRow[] {
  const rows = new Map<string, SpacePermissionRow>();
  for (const each of seen) {
    const principal = `${each.principalType}|${each.principalId}`;
    const row = rows.get(principal) ?? {
      scope,
      principal_type: each.principalType,
      principal_id: each.principalId,
      operations: [],
    };
    row.operations.push({ key: each.operationKey, target: each.operationTarget, sourceId: each.sourceId });
    rows.set(principal, row);
  }
  return [...rows.values()].map((row) => ({ ...row, operations: inOrder(row.operations) }));
}

type Operations = SpacePermissionRow["operations"];

/** By key, target and source id, each once: the order in which the store puts the operations of several pages together. */
function inOrder(operations: Operations): Operations {
  const sorted = operations.toSorted(
    (one, other) =>
      compare(one.key, other.key) || compare(one.target, other.target) || compare(one.sourceId, other.sourceId),
  );
  return sorted.filter((each, index) => {
    const before = sorted[index - 1];
    return before?.sourceId !== each.sourceId || before.key !== each.key || before.target !== each.target;
  });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function roleAssignmentRows(scope: string, seen: readonly ObservedRoleAssignment[]): RoleAssignmentRow[] {
  const rows = new Map<string, RoleAssignmentRow>();
  for (const each of seen) {
    const principal = `${each.principalType}|${each.principalId}`;
    const row = rows.get(principal) ?? {
      scope,
      principal_type: each.principalType,
      principal_id: each.principalId,
      roles: [],
    };
    row.roles.push(each.roleSourceId);
    rows.set(principal, row);
  }
  return [...rows.values()];
}

export function spaceRoleRow(seen: ObservedSpaceRole): SpaceRoleRow {
  return {
    source_id: seen.sourceId,
    name: text(seen.name) ?? seen.sourceId,
    description: text(seen.description) ?? null,
    is_custom: seen.isCustom,
    permissions: [...seen.permissions].sort(),
    can_read: roleCanRead(seen.permissions),
    can_administer: roleCanAdminister(seen.permissions),
  };
}

export function eventRow(seen: ObservedContentChange): EventRow {
  return {
    event_id: seen.eventId,
    account_source_id: seen.accountSourceId,
    type: seen.type,
    summary: text(seen.summary) ?? "",
    occurred_at: seen.occurredAt.toISOString(),
    space_key: seen.spaceKey,
    path: seen.path,
  };
}

export function auditRow(seen: ObservedAuditEvent): AuditRow {
  return {
    event_id: seen.eventId,
    author_source_id: text(seen.authorSourceId) ?? null,
    change: seen.change,
    summary: summaryOf(seen),
    occurred_at: seen.occurredAt.toISOString(),
    objects: seen.objects.map((each) => ({ ...each, name: text(each.name) ?? "" })),
  };
}

/**
 * `User added to group confluence-users`, `Space created: Engineering`. Who it was done to is left out: people are listed
 * by their account, never by a name in a text.
 */
function summaryOf({ summary, objects }: ObservedAuditEvent): string {
  const said = text(summary.trim()) ?? "Changed";
  const object = objects.find((each) => each.type !== "account" && each.name !== "");
  const name = object && text(object.name);
  if (!name) return said;
  return /\b(to|from) group$/i.test(said) ? `${said} ${name}` : `${said}: ${name}`;
}

export function groupOfAccountRow(accountSourceId: string, seen: ObservedGroup): GroupOfAccountRow {
  return { scope: accountSourceId, group_source_id: seen.sourceId };
}

/** PostgreSQL's text holds neither a zero character nor half of a surrogate pair; both occur in names that were cut. */
function text(value: string | null): string | undefined {
  const clean = value?.replaceAll("\u0000", "").toWellFormed();
  return clean === "" ? undefined : clean;
}

function orderOf(name: string): string {
  return sortKey(name).toWellFormed();
}

/** First and last word, and what lies between; a single word is nobody's family name. */
function partsOf(displayName: string): Pick<AccountRow, "given_name" | "middle_name" | "family_name"> {
  const words = displayName.trim().split(/\s+/u);
  if (words.length < 2) return { given_name: words[0] };
  return {
    given_name: words[0],
    middle_name: words.length > 2 ? words.slice(1, -1).join(" ") : undefined,
    family_name: words.at(-1),
  };
}
