import { uuid } from "../random.ts";
import { record } from "./audit.ts";
import { type Group, memberPosition, withMember, withoutMember } from "./groups.ts";
import type { Account } from "./people.ts";
import { countingSeat, recountingSeats } from "./seat-count.ts";
import { givesSeat, type SiteWorld } from "./world.ts";

/** When a change happens and who made it; null for System. */
export interface ChangeBy {
  at: number;
  author: number | null;
}

const groupObject = (group: Group) => ({ name: `${group.name}:${group.id}`, objectType: "Group" });
const userObject = (account: Account) => ({ name: account.displayName, objectType: "User" });

/** True when it changed something. */
export function addMember(site: SiteWorld, group: Group, account: Account, { at, author }: ChangeBy): boolean {
  if (memberPosition(group.members, account.index) >= 0) return false;
  countingSeat([site], account, at, () => {
    group.members = withMember(group.members, account.index);
  });
  note(
    site,
    record(at, author, "User added to group", "Users and groups", groupObject(group), [], account.displayName),
  );
  return true;
}

export function removeMember(site: SiteWorld, group: Group, account: Account, { at, author }: ChangeBy): boolean {
  if (memberPosition(group.members, account.index) < 0) return false;
  countingSeat([site], account, at, () => {
    group.members = withoutMember(group.members, account.index);
  });
  note(
    site,
    record(at, author, "User removed from group", "Users and groups", groupObject(group), [], account.displayName),
  );
  return true;
}

export function addGroup(site: SiteWorld, group: Omit<Group, "id" | "members">, { at, author }: ChangeBy): Group {
  const made: Group = { ...group, id: uuid(site.seed, 900_000 + site.number, site.version), members: new Int32Array() };
  site.groups = [...site.groups, made];
  note(site, record(at, author, "Group created", "Users and groups", groupObject(made)));
  return made;
}

/** Gives the group a role on its site, or takes the one it has. The list of groups is replaced: what it gives is kept by list. */
export function setGroupRole(site: SiteWorld, group: Group, role: Group["role"], { at }: ChangeBy): void {
  recountingSeats(site, at, () => {
    group.role = role;
    site.groups = [...site.groups];
    site.version += 1;
  });
}

export function removeGroup(site: SiteWorld, group: Group, { at, author }: ChangeBy): void {
  const drop = () => {
    site.groups = site.groups.filter((each) => each !== group);
  };
  if (givesSeat(group)) recountingSeats(site, at, drop);
  else drop();
  site.removedPrincipals.add(group.id);
  note(site, record(at, author, "Group deleted", "Users and groups", groupObject(group)));
}

/** How Confluence words it is not known; this follows the record of a user whose details are updated (FACTS §3). */
export function renameGroup(site: SiteWorld, group: Group, name: string, { at, author }: ChangeBy): void {
  const oldValue = group.name;
  group.name = name;
  note(
    site,
    record(at, author, "Group details updated", "Users and groups", groupObject(group), [
      { name: "Name", oldValue, newValue: name },
    ]),
  );
}

/** Known to the site from now on, in no group. */
export function addAccount(site: SiteWorld, account: Account, { at }: ChangeBy): void {
  site.accounts = [...site.accounts, account.index];
  site.knows.add(account.index);
  note(
    site,
    record(at, null, "User created", "Users and groups", userObject(account), [
      { name: "Active", oldValue: "", newValue: "Yes" },
    ]),
  );
}

/** The site forgets the account: no longer in any group, any right, any answer. */
export function removeAccount(site: SiteWorld, account: Account, { at, author }: ChangeBy): void {
  countingSeat([site], account, at, () => {
    for (const group of site.groups) group.members = withoutMember(group.members, account.index);
    site.accounts = site.accounts.filter((each) => each !== account.index);
    site.knows.delete(account.index);
  });
  site.removedPrincipals.add(account.id);
  note(site, record(at, author, "User deleted", "Users and groups", userObject(account)));
}

/** The record of a deactivation names nothing (TRAPS §2.8). */
export function setAccountState(
  sites: readonly SiteWorld[],
  account: Account,
  state: Account["state"],
  { at }: ChangeBy,
): void {
  countingSeat(sites, account, at, () => {
    account.state = state;
  });
  const summary = state === "active" ? "User reactivated" : "User deactivated";
  for (const site of sites) {
    site.version += 1;
    if (state !== "suspended" && site.knows.has(account.index)) {
      note(site, record(at, null, summary, "Users and groups", { name: "", objectType: "" }));
    }
  }
}

export function renameAccount(
  sites: readonly SiteWorld[],
  account: Account,
  displayName: string,
  { at, author }: ChangeBy,
): void {
  const oldValue = account.displayName;
  account.displayName = displayName;
  for (const site of sites) {
    if (!site.knows.has(account.index)) continue;
    note(
      site,
      record(at, author, "User details updated", "Users and groups", userObject(account), [
        { name: "Name", oldValue, newValue: displayName },
      ]),
    );
  }
}

export function note(site: SiteWorld, entry: ReturnType<typeof record>): void {
  site.version += 1;
  site.auditChanges.push(entry);
}
