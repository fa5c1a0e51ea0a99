import { type AffectedObject, type AuditAction, note } from "./audit.ts";
import type { ChangeBy } from "./change.ts";
import {
  type Operation,
  rowKey,
  sameOperation,
  type SpacePermission,
  spacePermissions,
  type SpaceRight,
  type Subject,
  subjectKey,
} from "./permissions.ts";
import type { DataCenterSpace } from "./spaces.ts";
import type { DataCenter } from "./world.ts";

/** Nothing happens when the right is held already. */
export function grantInSpace(dc: DataCenter, space: DataCenterSpace, permission: SpacePermission, by: ChangeBy): void {
  const wanted = rowKey(permission);
  if (spacePermissions(dc, space).some((each) => rowKey(each) === wanted)) return;
  const changes = changesOf(dc, space);
  // A seeded row that was taken away comes back where it was, unless its subject has been gone in between.
  if (changes.removed.has(wanted) && !dc.removedSubjects.has(subjectKey(permission.subject)))
    changes.removed.delete(wanted);
  else changes.added.push(permission);
  note(dc, { ...by, ...spaceRecord(dc, "spacePermissionAdded", space, permission) });
}

/** Each right is its own: revoking VIEWSPACE leaves the others. */
export function revokeInSpace(dc: DataCenter, space: DataCenterSpace, permission: SpacePermission, by: ChangeBy): void {
  const wanted = rowKey(permission);
  if (!spacePermissions(dc, space).some((each) => rowKey(each) === wanted)) return;
  const changes = changesOf(dc, space);
  const isAdded = changes.added.some((each) => rowKey(each) === wanted);
  if (isAdded) changes.added = changes.added.filter((each) => rowKey(each) !== wanted);
  else changes.removed.add(wanted);
  note(dc, { ...by, ...spaceRecord(dc, "spacePermissionRemoved", space, permission) });
}

export function grantGlobally(dc: DataCenter, operation: Operation, subject: Subject, by: ChangeBy): void {
  if (holdsGlobally(dc, operation, subject)) return;
  dc.globalPermissions = [...dc.globalPermissions, { operation, subject }];
  note(dc, { ...by, ...globalRecord(dc, "globalPermissionAdded", operation, subject) });
}

export function revokeGlobally(dc: DataCenter, operation: Operation, subject: Subject, by: ChangeBy): void {
  if (!holdsGlobally(dc, operation, subject)) return;
  const key = subjectKey(subject);
  dc.globalPermissions = dc.globalPermissions.filter(
    (each) => subjectKey(each.subject) !== key || !sameOperation(each.operation, operation),
  );
  note(dc, { ...by, ...globalRecord(dc, "globalPermissionRemoved", operation, subject) });
}

function holdsGlobally(dc: DataCenter, operation: Operation, subject: Subject): boolean {
  const key = subjectKey(subject);
  return dc.globalPermissions.some(
    (each) => subjectKey(each.subject) === key && sameOperation(each.operation, operation),
  );
}

function changesOf(dc: DataCenter, space: DataCenterSpace) {
  const known = dc.permissionChanges.get(space.number);
  if (known) return known;
  const made = { added: [], removed: new Set<string>() };
  dc.permissionChanges.set(space.number, made);
  return made;
}

function spaceRecord(
  dc: DataCenter,
  action: AuditAction,
  space: DataCenterSpace,
  { right, subject }: { right: SpaceRight; subject: Subject },
) {
  const affected: AffectedObject[] = [
    { type: "Space", name: space.name, id: String(space.id) },
    ...subjectObjects(dc, subject),
  ];
  return { action, affected, changed: [changeOf(action, right.key)] };
}

function globalRecord(dc: DataCenter, action: AuditAction, operation: Operation, subject: Subject) {
  const value = `${operation.targetType}/${operation.operationKey}`;
  return { action, affected: subjectObjects(dc, subject), changed: [changeOf(action, value)] };
}

function changeOf(action: AuditAction, value: string): { key: string; from?: string; to?: string } {
  return action.endsWith("Added") ? { key: "Type", to: value } : { key: "Type", from: value };
}

function subjectObjects(dc: DataCenter, subject: Subject): AffectedObject[] {
  if (subject.kind === "anonymous") return [];
  if (subject.kind === "group") return [{ type: "Group", name: subject.name }];
  const user = dc.users[subject.index];
  return user ? [{ type: "User", name: user.displayName, id: user.userKey }] : [];
}
