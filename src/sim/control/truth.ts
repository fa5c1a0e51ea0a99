import { contentItem, itemsChangedSince } from "../world/content.ts";
import { seededAuditRecord, seededAuditRecordsSince } from "../world/audit.ts";
import type { Account } from "../world/people.ts";
import { isProductAdmin } from "../credentials.ts";
import { permissionRows } from "../world/permissions.ts";
import { roleAssignments } from "../world/roles.ts";
import { readingPrincipals } from "../world/visibility.ts";
import { givesSeat, holdsSeat, lastViewAt, mayUse, type SiteWorld } from "../world/world.ts";

/** What is so, computed from the world and not from any answer of the API. */
export type AccountClass = "licensed" | "guest" | "app" | "customer" | "deactivated" | "no-access";

export interface TruthAccount {
  id: string;
  class: AccountClass;
  state: Account["state"];
  holdsSeat: boolean;
  displayName: string;
  email: string | null;
  emailHidden: boolean;
  managed: boolean;
  department: string;
  jobTitle: string;
}

export interface Truth {
  accounts: TruthAccount[];
  groups: { id: string; name: string; managedBy: string; members: number }[];
  /** Group id → account ids, sorted; leavers, suspended accounts and robots stay members. */
  memberships: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string; name: string; type: string; status: string }[];
}

export function truthOf(site: SiteWorld): Truth {
  const accounts = known(site).map((each) => ({
    id: each.id,
    class: classOf(site, each),
    state: each.state,
    holdsSeat: holdsSeat(site, each),
    displayName: each.displayName,
    email: each.email,
    emailHidden: each.emailHidden,
    managed: each.managed,
    department: each.department,
    jobTitle: each.jobTitle,
  }));
  const idsOf = (members: Int32Array) => Array.from(members, (index) => site.people[index]?.id ?? "").sort();
  return {
    accounts,
    groups: site.groups.map(({ id, name, managedBy, members }) => ({ id, name, managedBy, members: members.length })),
    memberships: Object.fromEntries(site.groups.map((each) => [each.id, idsOf(each.members)])),
    productAccessGroups: site.groups.filter(givesSeat).map((each) => each.id),
    spaces: site.spaces.map(({ id, key, name, type, status }) => ({ id, key, name, type, status })),
  };
}

export function classOf(site: SiteWorld, account: Account): AccountClass {
  if (account.kind !== "atlassian") return account.kind;
  if (account.state === "inactive" || account.state === "closed") return "deactivated";
  if (account.isGuest) return "guest";
  return holdsSeat(site, account) ? "licensed" : "no-access";
}

/**
 * A reader is an active person with access to the site (a seat, or a guest) who has `read/space` directly, by a group, by
 * an access class or by a role that holds it. Robots and customers are no readers; anonymous access is said apart, and
 * makes nobody a reader here.
 */
export function spaceReaders(site: SiteWorld, spaceId: string): { readers: string[]; isAnonymous: boolean } | null {
  const space = site.spaces.find((each) => each.id === spaceId);
  if (!space) return null;
  const reading = readingPrincipals(site, space);
  const isAnonymous = reading.delete("ANONYMOUS_USERS") || reading.delete("anonymous-users");
  const inGroups = new Set(site.groups.filter((each) => reading.has(each.id)).flatMap((each) => [...each.members]));
  const isOpenTo = (account: Account) => {
    if (reading.has(account.id) || inGroups.has(account.index)) return true;
    if (reading.has("AUTHENTICATED_USERS") || reading.has("authenticated-users")) return true;
    if ((reading.has("ALL_LICENSED_USERS") || reading.has("all-licensed-users")) && holdsSeat(site, account))
      return true;
    return (reading.has("ALL_PRODUCT_ADMINS") || reading.has("all-product-admins")) && isProductAdmin(site, account);
  };
  const readers = known(site).filter((each) => each.kind === "atlassian" && mayUse(site, each) && isOpenTo(each));
  return { readers: readers.map((each) => each.id).sort(), isAnonymous };
}

export interface TruthRights {
  spaceId: string;
  /** In the spelling of each API. A site that uses roles only has no permissions of its own. */
  permissions: { type: string; id: string; key: string; target: string }[];
  assignments: { type: string; id: string; roleId: string }[];
}

/** Every right of a site by the models that are in force on it. */
export function rightsOf(site: SiteWorld): TruthRights[] {
  return site.spaces.map((space) => ({
    spaceId: space.id,
    permissions: (site.roleMode === "ROLES" ? [] : permissionRows(site, space)).map(
      ({ principalType: type, principalId: id, key, target }) => ({ type, id, key, target }),
    ),
    assignments: (site.roleMode === "PRE_ROLES" ? [] : roleAssignments(site, space)).map(
      ({ principalType: type, principalId: id, roleId }) => ({ type, id, roleId }),
    ),
  }));
}

export type SeatStatus = "active" | "idle" | "never-used" | "no-evidence";

export interface TruthSeat {
  accountId: string;
  status: SeatStatus;
  viewedAt: string | null;
  contributedAt: string | null;
  administeredAt: string | null;
}

export interface SeatsWish {
  /** Epoch milliseconds: nothing older is collected from content and audit log. */
  analyzeSince: number;
  idleAfterDays: number;
  withOrganizationKey: boolean;
  /** Whether what the audit log tells of its authors counts as use. */
  withAuditLog: boolean;
  now: number;
}

/**
 * Every seat with its status: *active* when anything was seen within `idleAfterDays`; *idle* when readers are seen (an
 * organization key) and the last use is older; *never-used* when they are seen and there is none; else *no-evidence*.
 * Views are asked for without bound in time; contributions and administration since `analyzeSince`. Both who created a
 * piece of content and who changed it last contributed, each at its own instant.
 */
export function seatsOf(site: SiteWorld, wish: SeatsWish): TruthSeat[] {
  const contributed = lastContributions(site, wish.analyzeSince);
  const administered = wish.withAuditLog ? lastAdministrations(site, wish.analyzeSince) : new Map<number, number>();
  const threshold = wish.now - wish.idleAfterDays * 86_400_000;
  return known(site)
    .filter((each) => holdsSeat(site, each))
    .map((account) => {
      const viewedAt = wish.withOrganizationKey ? lastViewAt(site, account) : null;
      const contributedAt = contributed.get(account.index) ?? null;
      const administeredAt = administered.get(account.index) ?? null;
      const last = Math.max(viewedAt ?? 0, contributedAt ?? 0, administeredAt ?? 0);
      const silence: SeatStatus = !wish.withOrganizationKey ? "no-evidence" : last > 0 ? "idle" : "never-used";
      return {
        accountId: account.id,
        status: last >= threshold ? "active" : silence,
        viewedAt: iso(viewedAt),
        contributedAt: iso(contributedAt),
        administeredAt: iso(administeredAt),
      };
    });
}

export interface TruthEvent {
  id: string;
  accountId: string;
  kind: "created" | "edited" | "administered";
  type: string;
  at: string;
}

/** Every event since an instant that content search and the audit log can show, newest first. */
export function eventsSince(site: SiteWorld, since: number): TruthEvent[] {
  const events: (TruthEvent & { order: number })[] = [];
  const id = (index: number) => site.people[index]?.id ?? "";
  const add = (order: number, event: Omit<TruthEvent, "at">) => {
    if (order >= since) events.push({ ...event, at: new Date(order).toISOString(), order });
  };
  for (const item of contentSince(site, since)) {
    add(item.createdAt, { id: `${item.id}.1`, accountId: id(item.creator), kind: "created", type: item.type });
    if (item.version > 1)
      add(item.changedAt, {
        id: `${item.id}.${item.version}`,
        accountId: id(item.editor),
        kind: "edited",
        type: item.type,
      });
  }
  for (const entry of auditSince(site, since)) {
    if (entry.author !== null)
      add(entry.at, {
        id: `audit.${entry.at}`,
        accountId: id(entry.author),
        kind: "administered",
        type: entry.category,
      });
  }
  return events.sort((one, other) => other.order - one.order).map(({ order: _order, ...event }) => event);
}

function lastContributions(site: SiteWorld, since: number): Map<number, number> {
  const last = new Map<number, number>();
  const see = (account: number, at: number) => {
    if (at >= since && at > (last.get(account) ?? 0)) last.set(account, at);
  };
  for (const item of contentSince(site, since)) {
    see(item.editor, item.changedAt);
    see(item.creator, item.createdAt);
  }
  return last;
}

function lastAdministrations(site: SiteWorld, since: number): Map<number, number> {
  const last = new Map<number, number>();
  if (site.edition === "free") return last;
  for (const { author, at } of auditSince(site, since)) {
    if (author !== null && at > (last.get(author) ?? 0)) last.set(author, at);
  }
  return last;
}

function* contentSince(site: SiteWorld, since: number) {
  for (const item of site.contentChanges.values()) if (item.changedAt >= since) yield item;
  const count = itemsChangedSince(site, since);
  for (let number = 0; number < count; number++) {
    const item = contentItem(site, number);
    if (!site.contentChanges.has(item.id) && site.hasSpace(item.spaceNumber)) yield item;
  }
}

function* auditSince(site: SiteWorld, since: number) {
  for (const entry of site.auditChanges) if (entry.at >= since) yield entry;
  const count = seededAuditRecordsSince(site, since);
  for (let number = 0; number < count; number++) yield seededAuditRecord(site, number);
}

function known(site: SiteWorld): Account[] {
  return site.accounts.flatMap((index) => site.people[index] ?? []);
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
