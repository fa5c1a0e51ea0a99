import { mix } from "../random.ts";
import {
  ADMINISTRATORS_GROUP,
  CONTRACTORS_GROUP,
  KEEPERS_GROUP,
  LDAP_GROUP,
  PARTNERS_GROUP,
  USERS_GROUP,
} from "./groups.ts";
import { CONFLUENCE_ADMIN, type DataCenterUser, slotOf, SLOTS } from "./people.ts";
import type { DataCenterSpace } from "./spaces.ts";
import type { DataCenter } from "./world.ts";

/** To whom access is given. */
export type Subject = { kind: "user"; index: number } | { kind: "group"; name: string } | { kind: "anonymous" };

export interface Operation {
  targetType: string;
  operationKey: string;
}

/** A right in a space by both of its names (FACTS §5). */
export interface SpaceRight extends Operation {
  key: string;
}

export interface SpacePermission {
  right: SpaceRight;
  subject: Subject;
}

export interface GlobalPermission {
  operation: Operation;
  subject: Subject;
}

const right = (key: string, targetType: string, operationKey: string): SpaceRight => ({
  key,
  targetType,
  operationKey,
});

export const SPACE_RIGHTS: readonly SpaceRight[] = [
  right("VIEWSPACE", "space", "read"),
  right("REMOVEOWNCONTENT", "space", "delete_own"),
  right("EDITSPACE", "page", "create"),
  right("COMMENT", "comment", "create"),
  right("CREATEATTACHMENT", "attachment", "create"),
  right("EDITBLOG", "blogpost", "create"),
  right("REMOVEPAGE", "page", "delete"),
  right("REMOVECOMMENT", "comment", "delete"),
  right("REMOVEATTACHMENT", "attachment", "delete"),
  right("REMOVEBLOG", "blogpost", "delete"),
  right("SETPAGEPERMISSIONS", "space", "restrict"),
  right("REMOVEMAIL", "space", "delete_mail"),
  right("EXPORTSPACE", "space", "export"),
  right("SETSPACEPERMISSIONS", "space", "administer"),
];

export const USE: Operation = { targetType: "application", operationKey: "use" };
export const ADMINISTER: Operation = { targetType: "application", operationKey: "administer" };
export const ADMINISTER_SYSTEM: Operation = { targetType: "system", operationKey: "administer" };
const CREATE_SPACE: Operation = { targetType: "space", operationKey: "create" };
const CREATE_PERSONAL_SPACE: Operation = { targetType: "personal_space", operationKey: "create" };
export const GLOBAL_OPERATIONS = [USE, ADMINISTER, ADMINISTER_SYSTEM, CREATE_SPACE, CREATE_PERSONAL_SPACE];

/** What was changed since the start, over the rows that the seed gives. */
export interface SpacePermissionChanges {
  added: SpacePermission[];
  /** `rowKey` of seeded rows. */
  removed: Set<string>;
}

export const isView = ({ right }: SpacePermission): boolean => right.key === "VIEWSPACE";

export function sameOperation(one: Operation, other: Operation): boolean {
  return one.targetType === other.targetType && one.operationKey === other.operationKey;
}

export function subjectKey(subject: Subject): string {
  if (subject.kind === "anonymous") return "anonymous";
  return subject.kind === "user" ? `user:${subject.index}` : `group:${subject.name}`;
}

export function rowKey({ right, subject }: SpacePermission): string {
  return `${right.key} ${subjectKey(subject)}`;
}

/** Product access is a global permission; a group that holds one of the three gives a seat (FACTS §10). */
export function givesSeat(operation: Operation): boolean {
  return [USE, ADMINISTER, ADMINISTER_SYSTEM].some((each) => sameOperation(each, operation));
}

/** Two users hold `use` directly, one of them deactivated. */
export function makeGlobalPermissions(users: readonly DataCenterUser[]): GlobalPermission[] {
  const byGroup = (name: string, operations: readonly Operation[]): GlobalPermission[] =>
    operations.map((operation) => ({ operation, subject: { kind: "group", name } }));
  const direct = users.filter((each) => slotOf(each.index) === SLOTS.noAccess).slice(0, 2);
  return [
    ...byGroup(USERS_GROUP, [USE, CREATE_SPACE, CREATE_PERSONAL_SPACE]),
    ...byGroup(ADMINISTRATORS_GROUP, [USE, ADMINISTER, ADMINISTER_SYSTEM, CREATE_SPACE]),
    ...byGroup(KEEPERS_GROUP, [ADMINISTER]),
    ...byGroup(PARTNERS_GROUP, [USE]),
    ...byGroup(CONTRACTORS_GROUP, [USE]),
    ...byGroup(LDAP_GROUP, [USE, CREATE_PERSONAL_SPACE]),
    ...direct.map(({ index }): GlobalPermission => ({ operation: USE, subject: { kind: "user", index } })),
  ];
}

/** The rows of a space as they are now. */
export function spacePermissions(dc: DataCenter, space: DataCenterSpace): SpacePermission[] {
  const changes = dc.permissionChanges.get(space.number);
  const seeded = seededRows(dc, space);
  const rows = changes ? [...seeded.filter((each) => !changes.removed.has(rowKey(each))), ...changes.added] : seeded;
  return rows.filter((each) => isThere(dc, each.subject));
}

/** A group or user that is gone took its rights along, also when a group of the same name came later. */
function isThere(dc: DataCenter, subject: Subject): boolean {
  if (subject.kind === "anonymous") return true;
  if (subject.kind === "user") return dc.users[subject.index]?.isGone === false;
  return dc.groupsByName.has(subject.name);
}

const OPEN_RIGHTS = 6;

function seededRows(dc: DataCenter, space: DataCenterSpace): SpacePermission[] {
  if (space.number >= dc.seededSpaces.length) return ownRows(space);
  const { seed } = dc;
  const place = dc.number * 1_000_000 + space.number;
  const rows = ownRows(space);
  const taken = new Set([subjectKey({ kind: "user", index: space.creator })]);
  const grant = (subject: Subject, count: number) => {
    const key = subjectKey(subject);
    if (taken.has(key) || dc.removedSubjects.has(key)) return;
    taken.add(key);
    for (const each of SPACE_RIGHTS.slice(0, count)) rows.push({ right: each, subject });
  };

  if (mix(seed, place, 230) % 10 < 4) grant({ kind: "group", name: USERS_GROUP }, OPEN_RIGHTS);
  if (space.number % 8 === 5) grant({ kind: "anonymous" }, 1);
  if (space.number % 8 === 2) grant({ kind: "group", name: "R&D: Plattform/Daten" }, OPEN_RIGHTS);
  if (space.number % 8 === 3) grant({ kind: "group", name: "Projekt Übergang" }, 2);
  const draws = 2 + (mix(seed, place, 231) % 8);
  for (let draw = 0; draw < draws; draw++) {
    const chance = mix(seed, place, 232, draw);
    grant(drawSubject(dc, chance >>> 8), 1 + (chance % SPACE_RIGHTS.length));
  }
  return rows;
}

/** Who makes a space may do everything in it. */
function ownRows({ creator }: DataCenterSpace): SpacePermission[] {
  return SPACE_RIGHTS.map((each) => ({ right: each, subject: { kind: "user", index: creator } }));
}

function drawSubject(dc: DataCenter, chance: number): Subject {
  const draw = Math.floor(chance / 10);
  if (chance % 10 < 6) return { kind: "group", name: dc.seededGroups[1 + (draw % (dc.seededGroups.length - 1))] ?? "" };
  // Not those whose credentials are handed out: what they see comes from their groups.
  const first = CONFLUENCE_ADMIN + 1;
  return { kind: "user", index: first + (draw % (dc.seededUsers - first)) };
}
