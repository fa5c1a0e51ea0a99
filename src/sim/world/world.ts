import { fraction, hex, mix, uuid } from "../random.ts";
import { dataCentersOnDemand } from "../data-center/instances.ts";
import type { DataCenter } from "../data-center/world.ts";
import { type AuditRecord } from "./audit.ts";
import { type ContentItem, editorOf, changedAtOf, outsideQuietDays } from "./content.ts";
import { ADMINS, EVERYBODY, type Group, makeGroups, memberPosition } from "./groups.ts";
import { type Account, ADMIN, DAY_MS, EMAIL_DOMAIN, makePeople, READER } from "./people.ts";
import type { PermissionChanges } from "./permissions.ts";
import { makeRoles, type RoleAssignment, type SpaceRole } from "./roles.ts";
import { SCALES, type Scale, type ScaleName, thirdOf } from "./scales.ts";
import type { SeatCount } from "./seat-count.ts";
import { makeSpaces, type Space } from "./spaces.ts";

export const SITE_NAMES: readonly string[] = ["acme", "acme-labs"];

export const ROLE_MODES = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const;
export type RoleMode = (typeof ROLE_MODES)[number];
export type EditionName = "free" | "standard" | "premium" | "enterprise";

/** One Confluence site: what was made from the seed, and what was changed since. */
export interface SiteWorld {
  number: number;
  name: string;
  title: string;
  cloudId: string;
  directoryId: string;
  seed: number;
  scale: Scale;
  /** Epoch milliseconds of the seed's "now". */
  startedAt: number;
  roleMode: RoleMode;
  edition: EditionName;
  /** Every account of the organization by its index; `accounts` are those that this site knows. */
  people: Account[];
  accounts: number[];
  knows: Set<number>;
  groups: Group[];
  spaces: Space[];
  roles: SpaceRole[];
  /** Who writes, and who wrote more than a year ago: most prolific first. */
  writers: Int32Array;
  formerWriters: Int32Array;
  auditAuthors: Int32Array;
  /** Never change, so that rows drawn from them stay where they are. */
  seededGroupIds: readonly string[];
  seededGroupNames: readonly string[];
  seededSpaceNames: readonly string[];
  seededMembers: readonly number[];
  guestsOfSpace(spaceNumber: number): readonly string[];

  permissionChanges: Map<number, PermissionChanges>;
  roleChanges: Map<number, Map<string, RoleAssignment | null>>;
  /** Groups and accounts that are gone: their rights went with them. */
  removedPrincipals: Set<string>;
  /** Content written or changed since the start, by id, newest last. */
  contentChanges: Map<string, ContentItem>;
  /** Views since the start: account → epoch milliseconds. */
  viewChanges: Map<number, number>;
  auditChanges: AuditRecord[];
  /** Accounts that came after the start: the seed says nothing of them. */
  neverViewed: Set<number>;
  nextSpaceNumber: number;
  /** Oldest first, from `startedAt` on; empty until somebody asks or the first seat changes (seat-count.ts). */
  seatCounts: SeatCount[];
  /** Seats that the license of the site allows; null for what fitted at the start. */
  seatsMax: number | null;
  hasSpace(spaceNumber: number): boolean;
  /** Counts every change; whoever keeps something computed compares it. */
  version: number;
  lastWriteAges: Float64Array;
}

export interface World {
  seed: number;
  orgId: string;
  orgName: string;
  /** The directory that the identity provider fills (SCIM). */
  scimDirectoryId: string;
  startedAt: number;
  people: Account[];
  sites: SiteWorld[];
  /** Made when first asked for. */
  readonly dataCenters: DataCenter[];
  /** Makes that one only. Null for any other name. */
  findDataCenter(name: string | null): DataCenter | null;
}

export interface WorldOptions {
  scale: ScaleName;
  seed: number;
  /** Epoch milliseconds. */
  now: number;
  /** Another number of accounts than the scale's, for what happens at exactly 10,000 (TRAPS §3). */
  accounts?: number;
  /** Other role modes than those of a site's own, by its name. */
  roleModes?: Readonly<Record<string, RoleMode>>;
  /** Of employees' e-mail addresses; acme.example when left out. */
  emailDomain?: string;
}

export function makeWorld({
  scale,
  seed,
  now,
  accounts,
  roleModes = {},
  emailDomain = EMAIL_DOMAIN,
}: WorldOptions): World {
  const full = { ...SCALES[scale], ...(accounts === undefined ? {} : { accounts }) };
  const people = makePeople(seed, full.accounts, now);
  for (const each of people) each.email = each.email?.replace(`@${EMAIL_DOMAIN}`, `@${emailDomain}`) ?? null;
  const acme = makeSite({
    seed,
    number: 0,
    name: "acme",
    title: "Acme",
    mode: roleModes["acme"] ?? "PRE_ROLES",
    scale: full,
    people,
    known: people,
    now,
  });
  const known = people.filter((each) => each.index % 3 === 0);
  const labs = makeSite({
    seed,
    number: 1,
    name: "acme-labs",
    title: "Acme Labs",
    mode: roleModes["acme-labs"] ?? "ROLES",
    scale: thirdOf(full),
    people,
    known,
    now,
  });
  const dataCenters = dataCentersOnDemand({ seed, scale: full, now });
  return {
    seed,
    orgId: uuid(seed, 5_000),
    orgName: "Acme",
    scimDirectoryId: uuid(seed, 5_004),
    startedAt: now,
    people,
    sites: [acme, labs],
    get dataCenters() {
      return dataCenters.all();
    },
    findDataCenter: (name) => dataCenters.find(name),
  };
}

interface SitePlan {
  seed: number;
  number: number;
  name: string;
  title: string;
  mode: RoleMode;
  scale: Scale;
  people: Account[];
  known: readonly Account[];
  now: number;
}

function makeSite({ seed, number, name, title, mode, scale, people, known, now }: SitePlan): SiteWorld {
  const groups = makeGroups(seed, number, scale, known);
  const members = known.filter(
    (each) =>
      each.isEmployee &&
      each.state === "active" &&
      memberPosition(groups[EVERYBODY]?.members ?? new Int32Array(), each.index) >= 0,
  );
  const spaces = makeSpaces(seed, number, scale.spaces, members, now);
  const profiles = (wanted: readonly Profile[]) =>
    members.filter((each) => wanted.includes(profileOf(seed, number, each))).map((each) => each.index);
  const leavers = known.filter((each) => each.state === "inactive").map((each) => each.index);
  const guests = new Map<number, string[]>();
  for (const guest of known.filter((each) => each.isGuest)) {
    const space = mix(seed, number, guest.index, 95) % scale.spaces;
    guests.set(space, [...(guests.get(space) ?? []), guest.id]);
  }
  const site: SiteWorld = {
    number,
    name,
    title,
    cloudId: uuid(seed, 5_001, number),
    directoryId: uuid(seed, 5_002, number),
    seed,
    scale,
    startedAt: now,
    roleMode: mode,
    edition: number === 0 ? "standard" : "premium",
    people,
    accounts: known.map((each) => each.index),
    knows: new Set(known.map((each) => each.index)),
    groups,
    spaces,
    roles: makeRoles(seed + number),
    writers: Int32Array.from(profiles(["writer"])),
    formerWriters: Int32Array.from([...profiles(["former-writer", "writer"]), ...leavers]),
    auditAuthors: Int32Array.from(groups[ADMINS]?.members ?? [ADMIN]),
    seededGroupIds: groups.map((each) => each.id),
    seededGroupNames: groups.map((each) => `${each.name}:${each.id}`),
    seededSpaceNames: spaces.map((each) => each.name),
    seededMembers: members.map((each) => each.index),
    guestsOfSpace: (spaceNumber) => guests.get(spaceNumber) ?? [],
    permissionChanges: new Map(),
    roleChanges: new Map(),
    removedPrincipals: new Set(),
    contentChanges: new Map(),
    viewChanges: new Map(),
    auditChanges: [],
    neverViewed: new Set(),
    nextSpaceNumber: scale.spaces,
    seatCounts: [],
    seatsMax: null,
    hasSpace: (spaceNumber) => spaceOfNumber(site, spaceNumber) !== undefined,
    version: 0,
    lastWriteAges: new Float64Array(people.length).fill(Number.POSITIVE_INFINITY),
  };
  noteLastWrites(site);
  return site;
}

/** How an account of the seed uses its site. */
export type Profile = "writer" | "former-writer" | "reader" | "former-reader" | "never";

export function profileOf(seed: number, siteNumber: number, account: Account): Profile {
  if (account.index === ADMIN) return "writer";
  if (account.index === READER) return "reader";
  if (account.isInvited || account.kind !== "atlassian") return "never";
  const chance = mix(seed, siteNumber, account.index, 96) % 100;
  return chance < 45
    ? "writer"
    : chance < 55
      ? "former-writer"
      : chance < 80
        ? "reader"
        : chance < 92
          ? "former-reader"
          : "never";
}

/** When the account last viewed a page of the site, as the organization's directory knows; null if it never did. */
export function lastViewAt(site: SiteWorld, account: Account): number | null {
  const changed = site.viewChanges.get(account.index);
  if (changed !== undefined) return changed;
  if (site.neverViewed.has(account.index)) return null;
  const profile = profileOf(site.seed, site.number, account);
  if (profile === "never" || (!account.isEmployee && !account.isGuest)) return null;
  const share = fraction(site.seed, site.number, account.index, 97);
  const age = profile === "reader" ? share * 50 : profile === "writer" ? share * 20 : 70 + share * 330;
  // Who writes also views.
  return (
    site.startedAt - Math.floor(outsideQuietDays(Math.min(age, site.lastWriteAges[account.index] ?? age)) * DAY_MS)
  );
}

function noteLastWrites(site: SiteWorld): void {
  for (let item = 0; item < site.scale.recentItems; item++) {
    const changedAt = changedAtOf(site, item);
    const editor = editorOf(site, item, changedAt);
    const age = (site.startedAt - changedAt) / DAY_MS;
    if (age < (site.lastWriteAges[editor] ?? 0)) site.lastWriteAges[editor] = age;
  }
}

/** Spaces keep their place in the list until one is removed. */
export function spaceOfNumber(site: SiteWorld, spaceNumber: number): Space | undefined {
  const guess = site.spaces[spaceNumber];
  return guess?.number === spaceNumber ? guess : site.spaces.find((each) => each.number === spaceNumber);
}

/** A group that gives a seat. */
export function givesSeat(group: Group): boolean {
  return group.role === "atlassian/user" || group.role === "atlassian/admin";
}

/** The groups that an account is in, in the order of the site's list. */
export function groupsOf(site: SiteWorld, account: number): Group[] {
  return site.groups.filter((each) => memberPosition(each.members, account) >= 0);
}

/**
 * Whether the account occupies a paid place: active, a person, no guest, and in a group that gives access (Atlassian,
 * licensing: invited people count, suspended and deactivated ones, guests and robots do not; FACTS §7).
 */
export function holdsSeat(site: SiteWorld, account: Account): boolean {
  if (account.kind !== "atlassian" || account.isGuest || account.state !== "active") return false;
  return isInAny(seatGroups(site), account);
}

export function isInAny(groups: readonly Group[], account: Account): boolean {
  return groups.some((each) => memberPosition(each.members, account.index) >= 0);
}

/** The few groups that give a seat, found once for each list of groups: it is asked for every row of every page. */
export function seatGroups(site: SiteWorld): readonly Group[] {
  const known = seatGroupsOf.get(site.groups);
  if (known) return known;
  const found = site.groups.filter(givesSeat);
  seatGroupsOf.set(site.groups, found);
  return found;
}

const seatGroupsOf = new WeakMap<Group[], readonly Group[]>();

/** Whether the account may open Confluence at all: the content of its `operations` (FACTS §3). */
export function mayUse(site: SiteWorld, account: Account): boolean {
  if (account.state !== "active") return false;
  return account.isGuest || account.kind === "app" || holdsSeat(site, account);
}

export function findSite(world: World, key: string): SiteWorld | null {
  return world.sites.find((each) => each.cloudId === key || each.name === key) ?? null;
}

export function commitHash(world: World): string {
  return hex(world.seed, 5_003, 0, 40);
}
