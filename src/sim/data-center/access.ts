import { memberPosition } from "../world/groups.ts";
import { ADMINISTRATORS_GROUP, type DataCenterGroup } from "./groups.ts";
import type { DataCenterUser } from "./people.ts";
import {
  ADMINISTER,
  ADMINISTER_SYSTEM,
  givesSeat,
  isView,
  type Operation,
  sameOperation,
  spacePermissions,
  type Subject,
  subjectKey,
} from "./permissions.ts";
import type { DataCenterSpace } from "./spaces.ts";
import { type DataCenter, groupList, kept } from "./world.ts";

/** A group and every group in it, however deep; a circle is walked once. */
export function withSubgroups(dc: DataCenter, group: DataCenterGroup): DataCenterGroup[] {
  const found = new Set([group]);
  for (const each of found) {
    for (const name of each.subgroups) {
      const inner = dc.groupsByName.get(name);
      if (inner) found.add(inner);
    }
  }
  return [...found];
}

/** Names of the groups that a group is directly in. */
const parentsByName = kept((dc) => {
  const parents = new Map<string, string[]>();
  for (const group of groupList(dc))
    for (const inner of group.subgroups) parents.set(inner, [...(parents.get(inner) ?? []), group.name]);
  return parents;
});

export function parentsOf(dc: DataCenter, group: DataCenterGroup): DataCenterGroup[] {
  return (parentsByName(dc).get(group.name) ?? []).flatMap((each) => dc.groupsByName.get(each) ?? []);
}

/** Direct parents, their parents and so on; in a circle a group is its own ancestor, which is left out. */
export function ancestorsOf(dc: DataCenter, group: DataCenterGroup): DataCenterGroup[] {
  const found = new Set(parentsOf(dc, group));
  for (const each of found) for (const parent of parentsOf(dc, each)) found.add(parent);
  found.delete(group);
  return [...found];
}

/** Indexes of the members of a group, those of the groups in it included, sorted. */
export function effectiveMembers(dc: DataCenter, group: DataCenterGroup): number[] {
  const found = new Set<number>();
  for (const each of withSubgroups(dc, group)) for (const member of each.members) found.add(member);
  return [...found].sort((one, other) => one - other);
}

export function directGroupsOf(dc: DataCenter, user: DataCenterUser): DataCenterGroup[] {
  return groupList(dc).filter((each) => memberPosition(each.members, user.index) >= 0);
}

/** The groups of a user, those included that hold one of them. */
export function effectiveGroupsOf(dc: DataCenter, user: DataCenterUser): DataCenterGroup[] {
  const direct = directGroupsOf(dc, user);
  return [...new Set([...direct, ...direct.flatMap((each) => ancestorsOf(dc, each))])];
}

/** Indexes of the users to whom a global permission comes, directly or through groups. */
function usersWith(dc: DataCenter, holds: (operation: Operation) => boolean): Set<number> {
  const found = new Set<number>();
  const names = new Set<string>();
  for (const { operation, subject } of dc.globalPermissions) {
    if (!holds(operation)) continue;
    if (subject.kind === "user") found.add(subject.index);
    if (subject.kind === "group") names.add(subject.name);
  }
  for (const name of names) {
    const group = dc.groupsByName.get(name);
    if (group) for (const member of effectiveMembers(dc, group)) found.add(member);
  }
  return found;
}

/**
 * Who counts against the license: active, and `use` or an administration comes to them, directly or through groups within
 * groups (FACTS §10).
 */
export const seatHolders = kept((dc) => {
  const found = usersWith(dc, givesSeat);
  for (const index of found) {
    const user = dc.users[index];
    if (!user?.isActive || user.isGone) found.delete(index);
  }
  return found;
});

const administrators = kept((dc) =>
  usersWith(dc, (each) => sameOperation(each, ADMINISTER) || sameOperation(each, ADMINISTER_SYSTEM)),
);

export function holdsSeat(dc: DataCenter, user: DataCenterUser): boolean {
  return seatHolders(dc).has(user.index);
}

/** Of Confluence or of the system. */
export function isAdministrator(dc: DataCenter, user: DataCenterUser): boolean {
  return administrators(dc).has(user.index);
}

/** Product-access groups: those that hold a global permission which gives a seat. */
export function seatGroupNames(dc: DataCenter): string[] {
  const names = dc.globalPermissions.flatMap(({ operation, subject }) =>
    givesSeat(operation) && subject.kind === "group" && dc.groupsByName.has(subject.name) ? [subject.name] : [],
  );
  return [...new Set(names)];
}

/** `subjectKey` of everything that a user stands for where access is given. */
export function subjectsOf(dc: DataCenter, user: DataCenterUser): Set<string> {
  const own: Subject[] = [{ kind: "anonymous" }, { kind: "user", index: user.index }];
  const groups = effectiveGroupsOf(dc, user).map((each): Subject => ({ kind: "group", name: each.name }));
  return new Set([...own, ...groups].map(subjectKey));
}

export function viewingSubjects(dc: DataCenter, space: DataCenterSpace): Set<string> {
  return new Set(
    spacePermissions(dc, space)
      .filter(isView)
      .map((each) => subjectKey(each.subject)),
  );
}

const seenSpaces = kept(() => new Map<number, readonly DataCenterSpace[]>());

/**
 * The spaces that a user sees. Members of confluence-administrators see all of them; any other administrator only those
 * that are open to them, and is not told (Atlassian, "Global permissions overview").
 */
export function visibleSpaces(dc: DataCenter, user: DataCenterUser): readonly DataCenterSpace[] {
  const known = seenSpaces(dc).get(user.index);
  if (known) return known;
  const subjects = subjectsOf(dc, user);
  const found = subjects.has(subjectKey({ kind: "group", name: ADMINISTRATORS_GROUP }))
    ? dc.spaces
    : dc.spaces.filter((each) => !viewingSubjects(dc, each).isDisjointFrom(subjects));
  seenSpaces(dc).set(user.index, found);
  return found;
}

/** Tiers of users that a license is sold by. */
const TIERS = [25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];

/** What the license allows: as set, or the tier that fitted when the world was made (its users and a tenth more). */
export function maxUsers({ settings, seededUsers }: DataCenter): number {
  return settings.maxUsers ?? TIERS.find((each) => each >= seededUsers * 1.1) ?? 100_000;
}
