import type { Change } from "../control/changes.ts";
import { contentItem, contentNumber } from "../world/content.ts";
import { note } from "./audit.ts";
import * as change from "./change.ts";
import { grantInSpace, revokeInSpace } from "./change-permissions.ts";
import type { DataCenterGroup } from "./groups.ts";
import { type DataCenterUser, SYSTEM_ADMIN } from "./people.ts";
import { sameOperation, SPACE_RIGHTS, type SpaceRight, type Subject } from "./permissions.ts";
import { parseSettings } from "./settings.ts";
import { countingSeats } from "./seat-count.ts";
import { type DataCenterSpace, makeDataCenterSpace } from "./spaces.ts";
import type { DataCenter } from "./world.ts";

/**
 * One change of an instance: users by key or name, groups by name, spaces by id or key. A right is a key of JSON-RPC
 * (VIEWSPACE) or, with `target`, of REST. Answers the id of what was made or changed. `now` in epoch milliseconds.
 */
export function applyDataCenterChange(dc: DataCenter, wish: Change, now: number): string {
  return countingSeats(dc, now, () => applied(dc, wish, now));
}

function applied(dc: DataCenter, wish: Change, now: number): string {
  const by = { at: now, author: SYSTEM_ADMIN };
  switch (wish.kind) {
    case "add-account":
      return change.addUser(dc, wish.name === undefined ? {} : { displayName: wish.name }, by).userKey;
    case "remove-account":
      return withUser(dc, wish, (user) => change.removeUser(dc, user, by));
    case "deactivate":
      return withUser(dc, wish, (user) => change.setActive(dc, user, false, by));
    case "reactivate":
      return withUser(dc, wish, (user) => change.setActive(dc, user, true, by));
    case "rename-account":
      return withUser(dc, wish, (user) => change.renameUser(dc, user, need(wish.name, "name"), by));
    case "add-group":
      return change.addGroup(dc, need(wish.name, "name"), by).name;
    case "remove-group":
      return withGroup(dc, wish.group, (group) => change.removeGroup(dc, group, by));
    case "add-member":
      return withUser(dc, wish, (user) => withGroup(dc, wish.group, (group) => change.addMember(dc, group, user, by)));
    case "remove-member":
      return withUser(dc, wish, (user) =>
        withGroup(dc, wish.group, (group) => change.removeMember(dc, group, user, by)),
      );
    case "nest-group":
    case "unnest-group": {
      const nest = wish.kind === "nest-group" ? change.nestGroup : change.unnestGroup;
      return withGroup(dc, wish.subgroup, (inner) => withGroup(dc, wish.group, (group) => nest(dc, group, inner, by)));
    }
    case "add-space":
    case "remove-space":
    case "rename-space":
      return changeSpace(dc, wish, by);
    case "grant":
    case "revoke":
      return changeRight(dc, wish, by);
    case "edit-page":
      return editPage(dc, wish, now);
    case "set-data-center":
      Object.assign(dc.settings, parseSettings(wish.settings));
      dc.buckets.clear();
      dc.changeCount += 1;
      return dc.name;
    default:
      throw new Error(`A change of kind ${wish.kind} is for sites of Cloud.`);
  }
}

function changeSpace(dc: DataCenter, wish: Change, by: change.ChangeBy): string {
  if (wish.kind === "add-space") {
    const creators = dc.users.filter((each) => each.isActive && !each.isGone);
    const made = makeDataCenterSpace(dc.seed, dc.number, dc.nextSpaceNumber++, creators);
    const space: DataCenterSpace = { ...made, status: "current", name: wish.name ?? made.name };
    dc.spaces = [...dc.spaces, space];
    note(dc, { ...by, action: "spaceCreated", affected: [spaceObject(space)], changed: [] });
    return String(space.id);
  }
  const space = findSpace(dc, wish);
  if (wish.kind === "remove-space") {
    dc.spaces = dc.spaces.filter((each) => each !== space);
    note(dc, { ...by, action: "spaceRemoved", affected: [spaceObject(space)], changed: [] });
    return String(space.id);
  }
  const renamed = { ...space, name: need(wish.name, "name") };
  dc.spaces = dc.spaces.map((each) => (each === space ? renamed : each));
  const changed = [{ key: "Name", from: space.name, to: renamed.name }];
  note(dc, { ...by, action: "spaceUpdated", affected: [spaceObject(renamed)], changed });
  return String(space.id);
}

function changeRight(dc: DataCenter, wish: Change, by: change.ChangeBy): string {
  const write = wish.kind === "grant" ? grantInSpace : revokeInSpace;
  const space = findSpace(dc, wish);
  write(dc, space, { right: rightOf(wish), subject: subjectOf(dc, wish) }, by);
  return String(space.id);
}

/** Anonymous access when neither a group nor a user is named. */
function subjectOf(dc: DataCenter, wish: Change): Subject {
  if (wish.group !== undefined) return { kind: "group", name: findGroup(dc, wish.group).name };
  if (wish.account === undefined || wish.account === "anonymous") return { kind: "anonymous" };
  return { kind: "user", index: findUser(dc, wish.account).index };
}

function rightOf({ key = "VIEWSPACE", target = "space" }: Change): SpaceRight {
  const found = SPACE_RIGHTS.find(
    (each) => each.key === key || sameOperation(each, { targetType: target, operationKey: key }),
  );
  if (!found) throw new Error(`There is no right ${key} of ${target}.`);
  return found;
}

/** A new page in the first space, or a new version of a known one. */
function editPage(dc: DataCenter, wish: Change, now: number): string {
  const editor = wish.account === undefined ? SYSTEM_ADMIN : findUser(dc, wish.account).index;
  const changedAt = now - (wish.daysAgo ?? 0) * 86_400_000;
  const number = wish.content === undefined ? -1 : contentNumber(dc, wish.content);
  const old = dc.contentChanges.get(wish.content ?? "") ?? (number < 0 ? undefined : contentItem(dc, number));
  if (wish.content !== undefined && !old) throw new Error(`There is no content ${wish.content}.`);
  const id = old?.id ?? String(90_000_000 + dc.contentChanges.size);
  const base = old ?? {
    id,
    title: `New work ${id}`,
    type: wish.type ?? ("page" as const),
    spaceNumber: dc.spaces[0]?.number ?? 0,
    containerId: null,
    createdAt: changedAt,
    creator: editor,
    version: 0,
  };
  dc.contentChanges.set(id, { ...base, changedAt, editor, version: base.version + 1 });
  dc.changeCount += 1;
  return id;
}

const spaceObject = ({ id, name }: DataCenterSpace) => ({ type: "Space" as const, name, id: String(id) });

function withUser(dc: DataCenter, wish: Change, act: (user: DataCenterUser) => unknown): string {
  const user = findUser(dc, need(wish.account, "account"));
  act(user);
  return user.userKey;
}

function withGroup(dc: DataCenter, name: string | undefined, act: (group: DataCenterGroup) => unknown): string {
  const group = findGroup(dc, need(name, "group or subgroup"));
  act(group);
  return group.name;
}

function findUser(dc: DataCenter, text: string): DataCenterUser {
  const found = dc.usersByKey.get(text) ?? dc.usersByName.get(text);
  if (!found) throw new Error(`The instance knows no user ${text}.`);
  return found;
}

function findGroup(dc: DataCenter, name: string): DataCenterGroup {
  const found = dc.groupsByName.get(name);
  if (!found) throw new Error(`The instance has no group ${name}.`);
  return found;
}

function findSpace(dc: DataCenter, wish: Change): DataCenterSpace {
  const text = need(wish.space, "space");
  const found = dc.spaces.find((each) => String(each.id) === text || each.key === text);
  if (!found) throw new Error(`The instance has no space ${text}.`);
  return found;
}

function need<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`A change of this kind needs ${name}.`);
  return value;
}
