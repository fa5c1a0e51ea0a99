import type { AuditChange, AuditObject } from "../model/facts.ts";

/** What one audit record says was changed, and what it names. */
export interface Hint {
  change: AuditChange;
  objects: readonly AuditObject[];
}

/** What is known of the things that hints name; a name is one that the thing has, or once had. */
export interface KnownThings {
  groups: readonly { sourceId: string; names: readonly string[]; members: number }[];
  spaces: readonly { sourceId: string; key: string; names: readonly string[] }[];
  accounts: readonly { sourceId: string; names: readonly string[] }[];
  /** Everybody's status may be asked for: they are few, and no directory outranks the answer. */
  canAskEverybody: boolean;
  /** Whether rights on spaces are read at all. */
  readsRights: boolean;
  /** Groups may hold groups (Data Center). */
  canNest: boolean;
  /** Who may use the product is told by the list of accounts and nothing else (Data Center, where the license counts). */
  isAccessListed: boolean;
}

/** What a delta run looks at again, by source id. What is not in it stays as it is. */
export interface LookAgain {
  /** Groups to be asked for one by one. */
  groups: string[];
  /** Groups whose members are listed again. */
  membersOf: string[];
  /** Groups that are asked again for the groups within them. */
  nestingsOf: string[];
  /** Accounts whose groups are asked for, because the group in question is too large to be listed. */
  groupsOf: string[];
  accounts: string[];
  spaces: string[];
  rightsOf: string[];
  /** Whole lists, because a record names what cannot be found by its name. */
  allAccounts: boolean;
  allGroups: boolean;
  allSpaces: boolean;
  allStatuses: boolean;
  productAccess: boolean;
  roles: boolean;
  /** What the hints say and nobody can look up; the next full run tells. */
  untold: Untold[];
}

export interface Untold {
  change: AuditChange;
  why: "names-nobody" | "unknown-account";
}

/** The members of such a group are one page (FACTS §3); of a larger one the groups of the account are asked for. */
export const SMALL_GROUP_MEMBERS_MAX = 200;

/** A delta that would look at more than this is no shorter than a full run, which it leaves the rest to. */
const LOOKS_MAX = 500;

type Known = Pick<KnownThings, "groups" | "spaces" | "accounts">;

/**
 * What to look at again because of what the audit log says. A hint names; whether what it names is so, only another read
 * tells. Of several things with one name all are looked at: to look at more is never wrong, only dearer.
 */
export function judgeHints(hints: readonly Hint[], known: KnownThings): LookAgain {
  const found = gather(hints, known);
  const { allGroups, allSpaces } = found;
  // Whoever is in another group, or whose group is in another one, may have come to the product or lost it.
  const allAccounts = known.isAccessListed && hints.some(({ change }) => DECIDES_ACCESS[change]);
  const look: LookAgain = {
    // A whole list tells each of them, and what is new in it is read further.
    groups: allGroups ? [] : sorted(found.groups),
    spaces: allSpaces ? [] : sorted(found.spaces),
    membersOf: sorted(found.membersOf),
    nestingsOf: sorted(found.nestingsOf),
    groupsOf: sorted(found.groupsOf),
    accounts: allAccounts ? [] : sorted(found.accounts),
    rightsOf: sorted(found.rightsOf),
    allAccounts,
    allGroups,
    allSpaces,
    allStatuses: !allAccounts && found.asksEverybody && known.canAskEverybody,
    productAccess: found.productAccess,
    roles: found.rightsOf.size > 0 || found.roles,
    untold: [...found.untold].map(([, each]) => each),
  };
  return look;
}

/** Changes after which somebody may use the product who could not before, or the other way round. */
const DECIDES_ACCESS: Record<AuditChange, boolean> = {
  "member-added": true,
  "member-removed": true,
  "group-added": true,
  "group-changed": true,
  "group-removed": true,
  "account-added": true,
  "account-changed": true,
  "account-removed": true,
  "product-access": true,
  "space-added": false,
  "space-changed": false,
  "space-removed": false,
  "space-rights": false,
  other: false,
};

/** How many things would be looked at, and whether that is left to a full run. */
export function isTooMuch(look: LookAgain): boolean {
  const { groups, membersOf, nestingsOf, groupsOf, accounts, spaces, rightsOf } = look;
  return [groups, membersOf, nestingsOf, groupsOf, accounts, spaces, rightsOf].flat().length > LOOKS_MAX;
}

interface Found {
  groups: Set<string>;
  membersOf: Set<string>;
  nestingsOf: Set<string>;
  groupsOf: Set<string>;
  accounts: Set<string>;
  spaces: Set<string>;
  rightsOf: Set<string>;
  allGroups: boolean;
  allSpaces: boolean;
  asksEverybody: boolean;
  productAccess: boolean;
  roles: boolean;
  untold: Map<string, Untold>;
}

function gather(hints: readonly Hint[], known: KnownThings): Found {
  const found: Found = {
    groups: new Set(),
    membersOf: new Set(),
    nestingsOf: new Set(),
    groupsOf: new Set(),
    accounts: new Set(),
    spaces: new Set(),
    rightsOf: new Set(),
    allGroups: false,
    allSpaces: false,
    asksEverybody: false,
    productAccess: false,
    roles: false,
    untold: new Map(),
  };
  const things = indexOf(known);
  for (const hint of hints) {
    switch (hint.change) {
      case "member-added":
      case "member-removed":
        if (known.canNest && isOfGroups(hint)) lookAtNestings(hint, things, found);
        else lookAtMembers(hint, things, found);
        break;
      case "group-added":
      case "group-changed":
      case "group-removed":
        lookAtGroups(hint, things, found);
        break;
      case "account-added":
      case "account-changed":
      case "account-removed":
        lookAtAccounts(hint, things, found, known.canAskEverybody || known.isAccessListed);
        break;
      case "product-access":
        found.productAccess = true;
        break;
      case "space-added":
      case "space-changed":
      case "space-removed":
      case "space-rights":
        if (known.readsRights) lookAtSpaces(hint, things, found);
        break;
      case "other":
        break;
      default:
        hint.change satisfies never;
    }
  }
  return found;
}

function lookAtMembers(hint: Hint, things: Things, found: Found): void {
  const groups = objectsOf(hint, "group");
  for (const group of groups) {
    const known = things.groups(group);
    // One that is new is asked for first; its members follow.
    if (known.length === 0) lookAtUnknownGroup(group, found);
    for (const { sourceId, members } of known) {
      if (members <= SMALL_GROUP_MEMBERS_MAX) found.membersOf.add(sourceId);
      else lookAtGroupsOfAccounts(hint, things, found);
    }
  }
  if (groups.length === 0) noteUntold(hint, "names-nobody", "", found);
}

/** A record of a group that was put into another one, or taken out of it, names both and no account. */
function isOfGroups(hint: Hint): boolean {
  return objectsOf(hint, "group").length > 1 && objectsOf(hint, "account").length === 0;
}

/** Which of the two holds the other one is not believed. Their own members may show differently by it, where few are listed. */
function lookAtNestings(hint: Hint, things: Things, found: Found): void {
  for (const group of objectsOf(hint, "group")) {
    const known = things.groups(group);
    // One that is new is asked for first; its members and the groups within it follow.
    if (known.length === 0) lookAtUnknownGroup(group, found);
    for (const { sourceId, members } of known) {
      found.nestingsOf.add(sourceId);
      if (members <= SMALL_GROUP_MEMBERS_MAX) found.membersOf.add(sourceId);
    }
  }
}

function lookAtGroupsOfAccounts(hint: Hint, things: Things, found: Found): void {
  const accounts = objectsOf(hint, "account");
  if (accounts.length === 0) noteUntold(hint, "names-nobody", "", found);
  for (const account of accounts) {
    const known = things.accounts(account);
    for (const { sourceId } of known) found.groupsOf.add(sourceId);
    if (known.length > 0) continue;
    if (account.sourceId === null) {
      noteUntold(hint, "unknown-account", account.name, found);
    } else {
      found.accounts.add(account.sourceId);
      found.groupsOf.add(account.sourceId);
    }
  }
}

function lookAtGroups(hint: Hint, things: Things, found: Found): void {
  const groups = objectsOf(hint, "group");
  for (const group of groups) {
    const known = things.groups(group);
    for (const { sourceId } of known) found.groups.add(sourceId);
    const isGoneAnyway = hint.change === "group-removed" && group.sourceId === null;
    if (known.length === 0 && !isGoneAnyway) lookAtUnknownGroup(group, found);
  }
}

function lookAtUnknownGroup({ sourceId }: AuditObject, found: Found): void {
  if (sourceId === null) found.allGroups = true;
  else found.groups.add(sourceId);
}

function lookAtAccounts(hint: Hint, things: Things, found: Found, canAskEverybody: boolean): void {
  const accounts = objectsOf(hint, "account");
  // Cloud records that somebody was deactivated, and not who (TRAPS §2.8).
  if (accounts.length === 0) {
    found.asksEverybody = true;
    if (!canAskEverybody) noteUntold(hint, "names-nobody", "", found);
  }
  for (const account of accounts) {
    if (account.sourceId !== null) found.accounts.add(account.sourceId);
    for (const { sourceId } of things.accounts(account)) found.accounts.add(sourceId);
  }
}

/** A record of a rename has both names, so a space that is known by neither is new, or was never seen. */
function lookAtSpaces(hint: Hint, things: Things, found: Found): void {
  const spaces = objectsOf(hint, "space");
  const known = spaces.flatMap((each) => things.spaces(each));
  const looksAt = hint.change === "space-rights" ? found.rightsOf : found.spaces;
  for (const { sourceId } of known) looksAt.add(sourceId);
  if (hint.change === "space-added") found.allSpaces = true;
  if (hint.change === "space-rights" && spaces.length === 0) found.roles = true;
  if (known.length === 0 && spaces.length > 0 && hint.change !== "space-removed") found.allSpaces = true;
}

function noteUntold({ change }: Hint, why: Untold["why"], name: string, found: Found): void {
  found.untold.set(`${change}|${why}|${name}`, { change, why });
}

function objectsOf({ objects }: Hint, type: AuditObject["type"]): AuditObject[] {
  return objects.filter((each) => each.type === type);
}

interface Things {
  groups(object: AuditObject): Known["groups"][number][];
  spaces(object: AuditObject): Known["spaces"][number][];
  accounts(object: AuditObject): Known["accounts"][number][];
}

function indexOf({ groups, spaces, accounts }: Known): Things {
  return {
    groups: finder(groups, ({ names }) => names),
    spaces: finder(
      spaces,
      ({ key, names }) => [key, ...names],
      ({ sourceId, key }) => [sourceId, key],
    ),
    accounts: finder(accounts, ({ names }) => names),
  };
}

/** By id where the record has one, else by name. */
function finder<Thing extends { sourceId: string }>(
  things: readonly Thing[],
  namesOf: (thing: Thing) => readonly string[],
  idsOf: (thing: Thing) => readonly string[] = ({ sourceId }) => [sourceId],
): (object: AuditObject) => Thing[] {
  const byId = new Map(things.flatMap((each) => idsOf(each).map((id) => [id, each] as const)));
  const byName = new Map<string, Set<Thing>>();
  for (const each of things) {
    for (const name of namesOf(each)) byName.set(name, (byName.get(name) ?? new Set()).add(each));
  }
  return ({ sourceId, name }) => {
    if (sourceId === null) return [...(byName.get(name) ?? [])];
    const found = byId.get(sourceId);
    return found ? [found] : [];
  };
}

function sorted(ids: ReadonlySet<string>): string[] {
  return [...ids].sort();
}
