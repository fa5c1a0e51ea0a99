import type { Truth, TruthAccount, TruthEvent, TruthRights, TruthSeat } from "../control/truth.ts";
import { contentItem, type ContentItem, itemsChangedSince } from "../world/content.ts";
import { effectiveMembers, holdsSeat, seatGroupNames, seatHolders, viewingSubjects } from "./access.ts";
import { AUDIT_ACTIONS, auditRecord, type DataCenterAuditRecord, firstAuditIdSince, lastAuditId } from "./audit.ts";
import { spacesByNumber } from "./content-query.ts";
import type { DataCenterUser } from "./people.ts";
import { spacePermissions, type Subject } from "./permissions.ts";
import { type DataCenter, groupList, knownUsers } from "./world.ts";

export interface DataCenterTruthAccount extends TruthAccount {
  username: string;
  /** Id of the same person's account on Cloud; null for whoever is only here. */
  cloudAccountId: string | null;
}

export interface DataCenterTruth extends Truth {
  accounts: DataCenterTruthAccount[];
  /** Group → the groups directly in it, sorted; groups without any are left out. */
  nestings: Record<string, string[]>;
}

/** In the shapes of a Cloud site: an account is its user key, a group its name; memberships are the direct ones. */
export function dataCenterTruth(dc: DataCenter, cloudIds: readonly string[]): DataCenterTruth {
  const groups = groupList(dc);
  return {
    accounts: knownUsers(dc).map((each) => accountOf(dc, each, cloudIds)),
    groups: groups.map(({ name, directory, members }) => ({
      id: name,
      name,
      managedBy: directory === "ldap" ? "EXTERNAL" : "ADMINS",
      members: members.length,
    })),
    memberships: Object.fromEntries(groups.map((each) => [each.name, keysOf(dc, each.members)])),
    nestings: Object.fromEntries(
      groups.flatMap((each) => (each.subgroups.length === 0 ? [] : [[each.name, [...each.subgroups].sort()]])),
    ),
    productAccessGroups: seatGroupNames(dc),
    spaces: dc.spaces.map(({ id, key, name, type, status }) => ({ id: String(id), key, name, type, status })),
  };
}

function accountOf(dc: DataCenter, user: DataCenterUser, cloudIds: readonly string[]): DataCenterTruthAccount {
  const holds = holdsSeat(dc, user);
  return {
    id: user.userKey,
    class: !user.isActive ? "deactivated" : holds ? "licensed" : "no-access",
    state: user.isActive ? "active" : "inactive",
    holdsSeat: holds,
    displayName: user.displayName,
    email: null,
    emailHidden: false,
    managed: user.directory === "ldap",
    department: "",
    jobTitle: "",
    username: user.username,
    cloudAccountId: user.cloudIndex === null ? null : (cloudIds[user.cloudIndex] ?? null),
  };
}

/**
 * Who holds a seat and VIEWSPACE, directly or through groups within groups; anonymous access is said apart. That
 * confluence-administrators sees every space is no permission of the space and makes nobody a reader here.
 */
export function dataCenterSpaceReaders(
  dc: DataCenter,
  wanted: string,
): { readers: string[]; isAnonymous: boolean } | null {
  const space = dc.spaces.find((each) => String(each.id) === wanted || each.key === wanted);
  if (!space) return null;
  const subjects = viewingSubjects(dc, space);
  const found = new Set<number>();
  for (const group of groupList(dc))
    if (subjects.has(`group:${group.name}`)) for (const member of effectiveMembers(dc, group)) found.add(member);
  for (const user of knownUsers(dc)) if (subjects.has(`user:${user.index}`)) found.add(user.index);
  const holders = seatHolders(dc);
  const readers = keysOf(
    dc,
    [...found].filter((each) => holders.has(each)),
  );
  return { readers, isAnonymous: subjects.has("anonymous") };
}

/** In the words of REST, whichever API of the instance tells them; a user is its key, and there are no roles. */
export function dataCenterRights(dc: DataCenter): TruthRights[] {
  return dc.spaces.map((space) => ({
    spaceId: String(space.id),
    permissions: spacePermissions(dc, space).map(({ right, subject }) => ({
      ...principalOf(dc, subject),
      key: right.operationKey,
      target: right.targetType,
    })),
    assignments: [],
  }));
}

function principalOf(dc: DataCenter, subject: Subject): { type: string; id: string } {
  if (subject.kind === "anonymous") return { type: "access-class", id: "ANONYMOUS_USERS" };
  if (subject.kind === "group") return { type: "group", id: subject.name };
  return { type: "user", id: dc.users[subject.index]?.userKey ?? "" };
}

export interface DataCenterSeatsWish {
  analyzeSince: number;
  idleAfterDays: number;
  withAuditLog: boolean;
  now: number;
}

/** As for Cloud, but nobody is seen reading: silence is *no-evidence*. */
export function dataCenterSeats(dc: DataCenter, wish: DataCenterSeatsWish): TruthSeat[] {
  const contributed = new Map<number, number>();
  const see = (last: Map<number, number>, user: number, at: number) => {
    if (at >= wish.analyzeSince && at > (last.get(user) ?? 0)) last.set(user, at);
  };
  for (const item of contentSince(dc, wish.analyzeSince)) {
    see(contributed, item.creator, item.createdAt);
    see(contributed, item.editor, item.changedAt);
  }
  const administered = new Map<number, number>();
  if (wish.withAuditLog)
    for (const { author, at } of administrationsSince(dc, wish.analyzeSince))
      if (author !== null) see(administered, author, at);
  const threshold = wish.now - wish.idleAfterDays * 86_400_000;
  return knownUsers(dc)
    .filter((each) => holdsSeat(dc, each))
    .map(({ index, userKey }) => {
      const contributedAt = contributed.get(index) ?? null;
      const administeredAt = administered.get(index) ?? null;
      const isActive = Math.max(contributedAt ?? 0, administeredAt ?? 0) >= threshold;
      return {
        accountId: userKey,
        status: isActive ? "active" : "no-evidence",
        viewedAt: null,
        contributedAt: iso(contributedAt),
        administeredAt: iso(administeredAt),
      };
    });
}

/** Newest first. */
export function dataCenterEvents(dc: DataCenter, since: number): TruthEvent[] {
  const events: TruthEvent[] = [];
  const add = (id: string, user: number, kind: TruthEvent["kind"], type: string, at: number) => {
    if (at >= since)
      events.push({ id, accountId: dc.users[user]?.userKey ?? "", kind, type, at: new Date(at).toISOString() });
  };
  for (const item of contentSince(dc, since)) {
    add(`${item.id}.1`, item.creator, "created", item.type, item.createdAt);
    if (item.version > 1) add(`${item.id}.${item.version}`, item.editor, "edited", item.type, item.changedAt);
  }
  for (const { author, at, action } of administrationsSince(dc, since))
    if (author !== null) add(`audit.${at}`, author, "administered", AUDIT_ACTIONS[action][1], at);
  return events.sort((one, other) => other.at.localeCompare(one.at));
}

function* contentSince(dc: DataCenter, since: number): Generator<ContentItem> {
  for (const item of dc.contentChanges.values()) if (item.changedAt >= since) yield item;
  const spaces = spacesByNumber(dc);
  const count = itemsChangedSince(dc, since);
  for (let number = 0; number < count; number++) {
    const item = contentItem(dc, number);
    if (!dc.contentChanges.has(item.id) && spaces.has(item.spaceNumber)) yield item;
  }
}

/** Reading the audit log is a machine's work and nobody's administration. */
function* administrationsSince(dc: DataCenter, since: number): Generator<DataCenterAuditRecord> {
  const first = firstAuditIdSince(dc, since);
  for (let id = lastAuditId(dc); id >= first; id--) {
    const record = auditRecord(dc, id);
    if (record && record.action !== "auditSearched") yield record;
  }
}

function keysOf(dc: DataCenter, indexes: Iterable<number>): string[] {
  return [...indexes].map((each) => dc.users[each]?.userKey ?? "").sort();
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
