import { applyDataCenterChange } from "../data-center/changes.ts";
import type { Simulation } from "../simulation.ts";
import { worldTime } from "../simulation.ts";
import { findGroup } from "../api/v1-groups.ts";
import { findAccount } from "../api/v1-users.ts";
import { record } from "../world/audit.ts";
import * as change from "../world/change.ts";
import { assignRole, grantPermission, revokePermission } from "../world/change-permissions.ts";
import { contentItem, contentNumber } from "../world/content.ts";
import { makeNewcomer } from "../world/newcomers.ts";
import { type Account, ADMIN } from "../world/people.ts";
import { permissionRows } from "../world/permissions.ts";
import type { Space } from "../world/spaces.ts";
import { makeSpace } from "../world/spaces.ts";
import { EVERYBODY } from "../world/groups.ts";
import { type EditionName, findSite, type RoleMode, type SiteWorld } from "../world/world.ts";

/**
 * One change of the pretend world. `site` is its name (`acme` when left out), or that of an instance of Data Center (see
 * data-center/changes.ts). Accounts, groups and spaces are named by their ids, a group also by its name, a space also by
 * its key.
 */
export interface Change {
  kind: (typeof CHANGE_KINDS)[number];
  site?: string;
  account?: string;
  group?: string;
  space?: string;
  name?: string;
  /** `grant` and `revoke`: `read`, `space`; a role's name or id on a role site, and in transition where it is one. */
  key?: string;
  target?: string;
  role?: string;
  /** `edit-page`: the content's id; without it a new page is made. */
  content?: string;
  type?: "page" | "blogpost" | "comment" | "attachment";
  edition?: EditionName;
  mode?: RoleMode;
  /** `nest-group` and `unnest-group`: the group inside `group`. */
  subgroup?: string;
  /** `set-data-center`: see data-center/settings.ts. */
  settings?: unknown;
  /** `set-seats-max`: seats that the license of the site allows. */
  seats?: number;
  /** `edit-page` and `view`: how many days ago (0). */
  daysAgo?: number;
}

export const CHANGE_KINDS = [
  "add-account",
  "remove-account",
  "deactivate",
  "reactivate",
  "suspend",
  "restore",
  "rename-account",
  "add-group",
  "remove-group",
  "rename-group",
  "add-member",
  "remove-member",
  "add-space",
  "remove-space",
  "rename-space",
  "grant",
  "revoke",
  "edit-page",
  "view",
  "set-edition",
  "set-seats-max",
  "set-role-mode",
  "nest-group",
  "unnest-group",
  "set-data-center",
] as const;

/** Ids of what was made, changed or removed, in the order of the changes. Throws in words when one is impossible. */
export function applyChanges(sim: Simulation, changes: readonly unknown[]): string[] {
  return changes.map((each, index) => {
    const kind = CHANGE_KINDS.find((known) => known === Reflect.get(Object(each), "kind"));
    if (!kind) throw new Error(`Change ${index + 1}: kind must be one of ${CHANGE_KINDS.join(", ")}.`);
    return applyChange(sim, { ...Object(each), kind });
  });
}

function applyChange(sim: Simulation, wish: Change): string {
  const name = wish.site ?? "acme";
  const site = findSite(sim.world, name);
  const instance = sim.world.findDataCenter(name);
  if (instance) return applyDataCenterChange(instance, wish, worldTime(sim));
  if (!site) throw new Error(`There is no site ${wish.site}.`);
  const by = { at: worldTime(sim), author: ADMIN };
  const { sites } = sim.world;
  switch (wish.kind) {
    case "add-account":
      return addAccount(sim, site, wish, by);
    case "remove-account":
      return withAccount(site, wish, (account) => change.removeAccount(site, account, by));
    case "deactivate":
      return withAccount(site, wish, (account) => change.setAccountState(sites, account, "inactive", by));
    case "suspend":
      return withAccount(site, wish, (account) => change.setAccountState(sites, account, "suspended", by));
    case "reactivate":
    case "restore":
      return withAccount(site, wish, (account) => change.setAccountState(sites, account, "active", by));
    case "rename-account":
      return withAccount(site, wish, (account) => change.renameAccount(sites, account, need(wish.name, "name"), by));
    case "add-group":
      return change.addGroup(
        site,
        { name: need(wish.name, "name"), description: "", managedBy: "ADMINS", role: null },
        by,
      ).id;
    case "remove-group":
      return withGroup(site, wish, (group) => change.removeGroup(site, group, by));
    case "rename-group":
      return withGroup(site, wish, (group) => change.renameGroup(site, group, need(wish.name, "name"), by));
    case "add-member":
      return withAccount(site, wish, (account) =>
        withGroup(site, wish, (group) => change.addMember(site, group, account, by)),
      );
    case "remove-member":
      return withAccount(site, wish, (account) =>
        withGroup(site, wish, (group) => change.removeMember(site, group, account, by)),
      );
    case "add-space":
    case "remove-space":
    case "rename-space":
      return changeSpace(site, wish, by);
    case "grant":
    case "revoke":
      return usesRole(site, wish) ? changeRole(site, wish, by) : changePermission(site, wish, by);
    case "edit-page":
      return editPage(sim, site, wish);
    case "view":
      return withAccount(site, wish, (account) => {
        site.viewChanges.set(account.index, by.at - (wish.daysAgo ?? 0) * 86_400_000);
        site.version += 1;
      });
    case "set-edition":
      site.edition = need(wish.edition, "edition");
      site.version += 1;
      return site.cloudId;
    case "set-seats-max":
      site.seatsMax = need(wish.seats, "seats");
      site.version += 1;
      return site.cloudId;
    case "set-role-mode":
      site.roleMode = need(wish.mode, "mode");
      site.version += 1;
      return site.cloudId;
    case "nest-group":
    case "unnest-group":
    case "set-data-center":
      throw new Error(`A change of kind ${wish.kind} is for instances of Data Center.`);
  }
}

/** In transition a right is of the model it is named in. */
function usesRole({ roleMode }: SiteWorld, { role }: Change): boolean {
  return roleMode === "ROLES" || (roleMode === "ROLES_TRANSITION" && role !== undefined);
}

/** A new employee, who gets a seat through the group of everybody. */
function addAccount(sim: Simulation, site: SiteWorld, wish: Change, by: change.ChangeBy): string {
  const account = makeNewcomer(sim.world, by.at, wish.name === undefined ? {} : { displayName: wish.name });
  change.addAccount(site, account, by);
  const everybody = site.groups[EVERYBODY];
  if (everybody) change.addMember(site, everybody, account, { ...by, author: null });
  return account.id;
}

function changeSpace(site: SiteWorld, wish: Change, { at, author }: change.ChangeBy): string {
  if (wish.kind === "add-space") {
    const number = site.nextSpaceNumber++;
    const authors = site.seededMembers.flatMap((index) => site.people[index] ?? []);
    const made = { ...makeSpace(site.seed, site.number, number, authors, at), createdAt: at };
    const space: Space = { ...made, name: wish.name ?? made.name };
    site.spaces = [...site.spaces, space];
    change.note(site, record(at, author, "Space created", "Spaces", { name: space.name, objectType: "Space" }));
    return space.id;
  }
  const space = findSpace(site, wish);
  if (wish.kind === "remove-space") {
    site.spaces = site.spaces.filter((each) => each !== space);
    change.note(site, record(at, author, "Space deleted", "Spaces", { name: space.name, objectType: "Space" }));
    return space.id;
  }
  const values = [{ name: "Name", oldValue: space.name, newValue: need(wish.name, "name") }];
  const renamed: Space = { ...space, name: need(wish.name, "name") };
  site.spaces = site.spaces.map((each) => (each === space ? renamed : each));
  change.note(
    site,
    record(at, author, "Space configuration updated", "Spaces", { name: renamed.name, objectType: "Space" }, values),
  );
  return space.id;
}

function changePermission(site: SiteWorld, wish: Change, by: change.ChangeBy): string {
  const space = findSpace(site, wish);
  const principalId =
    wish.group === undefined ? need(wish.account, "account") : (groupNamed(site, wish.group)?.id ?? wish.group);
  const [key, target] = [wish.key ?? "read", wish.target ?? "space"];
  if (wish.kind === "grant") {
    const subject = {
      subjectType: wish.group === undefined ? "user" : "group",
      identifier: principalId,
      key,
      target,
    } as const;
    const made = grantPermission(site, space, subject, by);
    if (!made.ok) throw new Error(`The grant was refused: ${made.error}.`);
    return String(made.value.id);
  }
  const row = permissionRows(site, space).find(
    (each) => each.principalId === principalId && each.key === key && each.target === target,
  );
  const done = revokePermission(site, space, row?.id ?? -1, by);
  if (!done.ok) throw new Error(`The revocation was refused: ${done.error}.`);
  return String(row?.id);
}

function changeRole(site: SiteWorld, wish: Change, by: change.ChangeBy): string {
  const space = findSpace(site, wish);
  const principalType = wish.group === undefined ? "USER" : "GROUP";
  const principalId =
    wish.group === undefined ? need(wish.account, "account") : (groupNamed(site, wish.group)?.id ?? wish.group);
  const role = site.roles.find((each) => each.id === wish.role || each.name === (wish.role ?? "Viewer"));
  if (!role) throw new Error(`There is no role ${wish.role}.`);
  assignRole(site, space, { principalType, principalId, roleId: wish.kind === "grant" ? role.id : null }, by);
  return principalId;
}

function editPage(sim: Simulation, site: SiteWorld, wish: Change): string {
  const account = findAccount(site, wish.account ?? null) ?? site.people[ADMIN];
  if (!account) throw new Error("Nobody to edit the page.");
  const changedAt = worldTime(sim) - (wish.daysAgo ?? 0) * 86_400_000;
  const number = wish.content === undefined ? -1 : contentNumber(site, wish.content);
  const old =
    wish.content === undefined
      ? undefined
      : (site.contentChanges.get(wish.content) ?? (number >= 0 ? contentItem(site, number) : undefined));
  if (wish.content !== undefined && !old) throw new Error(`There is no content ${wish.content}.`);
  const id = old?.id ?? String(90_000_000 + site.contentChanges.size);
  const fresh = {
    title: `New work ${id}`,
    type: wish.type ?? "page",
    spaceNumber: site.spaces[0]?.number ?? 0,
    containerId: null,
    createdAt: changedAt,
    creator: account.index,
    version: 0,
  };
  const base = old ?? { id, ...fresh };
  site.contentChanges.set(id, { ...base, changedAt, editor: account.index, version: base.version + 1 });
  site.version += 1;
  return id;
}

function withAccount(site: SiteWorld, wish: Change, act: (account: Account) => unknown): string {
  const account = findAccount(site, need(wish.account, "account"));
  if (!account) throw new Error(`The site knows no account ${wish.account}.`);
  act(account);
  return account.id;
}

function withGroup(
  site: SiteWorld,
  wish: Change,
  act: (group: NonNullable<ReturnType<typeof findGroup>>) => unknown,
): string {
  const group = groupNamed(site, need(wish.group, "group"));
  if (!group) throw new Error(`The site has no group ${wish.group}.`);
  act(group);
  return group.id;
}

function groupNamed(site: SiteWorld, text: string) {
  return findGroup(site, text) ?? site.groups.find((each) => each.name === text) ?? null;
}

function findSpace(site: SiteWorld, wish: Change): Space {
  const text = need(wish.space, "space");
  const found = site.spaces.find((each) => each.id === text || each.key === text);
  if (!found) throw new Error(`The site has no space ${text}.`);
  return found;
}

function need<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`A change of this kind needs ${name}.`);
  return value;
}
