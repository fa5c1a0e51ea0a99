import { memberPosition, withMember, withoutMember } from "../world/groups.ts";
import { type AffectedObject, note } from "./audit.ts";
import { type DataCenterGroup, USERS_GROUP } from "./groups.ts";
import { type DataCenterUser, userKeyOf } from "./people.ts";
import { type Subject, subjectKey } from "./permissions.ts";
import type { DataCenter } from "./world.ts";

/** When a change happens and who made it; null for the system. */
export interface ChangeBy {
  at: number;
  author: number | null;
}

const userObject = ({ displayName, userKey }: DataCenterUser): AffectedObject => ({
  type: "User",
  name: displayName,
  id: userKey,
});
/** Records of memberships name a user by the user name, all others by the display name (Elastic's integration). */
const memberObject = ({ username, userKey }: DataCenterUser): AffectedObject => ({
  type: "User",
  name: username,
  id: userKey,
});
const groupObject = ({ name }: Pick<DataCenterGroup, "name">): AffectedObject => ({ type: "Group", name });

/** True when it changed something. */
export function addMember(dc: DataCenter, group: DataCenterGroup, user: DataCenterUser, by: ChangeBy): boolean {
  if (memberPosition(group.members, user.index) >= 0) return false;
  dc.groupsByName.set(group.name, { ...group, members: withMember(group.members, user.index) });
  note(dc, { ...by, action: "memberAdded", affected: [groupObject(group), memberObject(user)], changed: [] });
  return true;
}

export function removeMember(dc: DataCenter, group: DataCenterGroup, user: DataCenterUser, by: ChangeBy): boolean {
  if (memberPosition(group.members, user.index) < 0) return false;
  dc.groupsByName.set(group.name, { ...group, members: withoutMember(group.members, user.index) });
  note(dc, { ...by, action: "memberRemoved", affected: [groupObject(group), memberObject(user)], changed: [] });
  return true;
}

export function nestGroup(dc: DataCenter, group: DataCenterGroup, inner: DataCenterGroup, by: ChangeBy): void {
  if (group.subgroups.includes(inner.name)) return;
  dc.groupsByName.set(group.name, { ...group, subgroups: [...group.subgroups, inner.name] });
  note(dc, { ...by, action: "subgroupAdded", affected: [groupObject(group), groupObject(inner)], changed: [] });
}

export function unnestGroup(dc: DataCenter, group: DataCenterGroup, inner: DataCenterGroup, by: ChangeBy): void {
  if (!group.subgroups.includes(inner.name)) return;
  dc.groupsByName.set(group.name, { ...group, subgroups: group.subgroups.filter((each) => each !== inner.name) });
  note(dc, { ...by, action: "subgroupRemoved", affected: [groupObject(group), groupObject(inner)], changed: [] });
}

export function addGroup(dc: DataCenter, name: string, by: ChangeBy): DataCenterGroup {
  if (dc.groupsByName.has(name)) throw new Error(`There is a group ${name} already.`);
  const made: DataCenterGroup = { name, directory: "internal", members: new Int32Array(), subgroups: [] };
  dc.groupsByName.set(name, made);
  note(dc, { ...by, action: "groupCreated", affected: [groupObject(made)], changed: [] });
  return made;
}

export function removeGroup(dc: DataCenter, group: DataCenterGroup, by: ChangeBy): void {
  dc.groupsByName.delete(group.name);
  for (const outer of dc.groupsByName.values())
    if (outer.subgroups.includes(group.name))
      dc.groupsByName.set(outer.name, { ...outer, subgroups: outer.subgroups.filter((each) => each !== group.name) });
  forgetSubject(dc, { kind: "group", name: group.name });
  note(dc, { ...by, action: "groupDeleted", affected: [groupObject(group)], changed: [] });
}

/** A new colleague, who gets a seat through confluence-users. */
export function addUser(
  dc: DataCenter,
  wish: { displayName?: string; username?: string },
  by: ChangeBy,
): DataCenterUser {
  const index = dc.users.length;
  const displayName = wish.displayName ?? `New Colleague ${index}`;
  const user: DataCenterUser = {
    index,
    username: wish.username ?? `new.${index}`,
    userKey: userKeyOf(dc.seed, dc.number, index),
    displayName,
    isActive: true,
    directory: "internal",
    cloudIndex: null,
    isGone: false,
  };
  dc.users.push(user);
  dc.usersByName.set(user.username, user);
  dc.usersByKey.set(user.userKey, user);
  const changed = [
    { key: "Display name", to: displayName },
    { key: "Username", to: user.username },
    { key: "Active", to: "Yes" },
  ];
  note(dc, { ...by, action: "userCreated", affected: [userObject(user)], changed });
  const everybody = dc.groupsByName.get(USERS_GROUP);
  if (everybody) addMember(dc, everybody, user, by);
  return user;
}

export function removeUser(dc: DataCenter, user: DataCenterUser, by: ChangeBy): void {
  user.isGone = true;
  dc.usersByName.delete(user.username);
  dc.usersByKey.delete(user.userKey);
  for (const group of dc.groupsByName.values())
    if (memberPosition(group.members, user.index) >= 0)
      dc.groupsByName.set(group.name, { ...group, members: withoutMember(group.members, user.index) });
  forgetSubject(dc, { kind: "user", index: user.index });
  note(dc, { ...by, action: "userDeleted", affected: [userObject(user)], changed: [] });
}

/** Idempotent; leaves no record when nothing changes. */
export function setActive(dc: DataCenter, user: DataCenterUser, isActive: boolean, by: ChangeBy): void {
  if (user.isActive === isActive) return;
  user.isActive = isActive;
  const [from, to] = isActive ? ["No", "Yes"] : ["Yes", "No"];
  const changed = [{ key: "Active", from, to }];
  note(dc, { ...by, action: "userUpdated", affected: [userObject(user)], changed });
}

export function renameUser(dc: DataCenter, user: DataCenterUser, displayName: string, by: ChangeBy): void {
  const from = user.displayName;
  user.displayName = displayName;
  const changed = [{ key: "Display name", from, to: displayName }];
  note(dc, { ...by, action: "userUpdated", affected: [userObject(user)], changed });
}

/** Its rights go with it, in spaces and of the whole instance. */
function forgetSubject(dc: DataCenter, subject: Subject): void {
  const key = subjectKey(subject);
  dc.removedSubjects.add(key);
  dc.globalPermissions = dc.globalPermissions.filter((each) => subjectKey(each.subject) !== key);
  for (const changes of dc.permissionChanges.values())
    changes.added = changes.added.filter((each) => subjectKey(each.subject) !== key);
}
