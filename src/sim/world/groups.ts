import { fraction, mix, pick, uuid } from "../random.ts";
import { GROUP_FORMS, TEAM_WORDS } from "./names.ts";
import { ADMIN, type Account } from "./people.ts";
import type { Scale } from "./scales.ts";

export type GroupRole = "atlassian/user" | "atlassian/admin" | "atlassian/site-admin";

export interface Group {
  id: string;
  name: string;
  description: string;
  managedBy: "ADMINS" | "EXTERNAL" | "TEAM_MEMBERS" | "OPEN";
  /** What it gives on its site; a user or admin role is a seat (FACTS §7). */
  role: GroupRole | null;
  /** Sorted indexes of accounts. Replaced, never changed in place, so a page can hold on to one. */
  members: Int32Array;
}

/** Which group of a site plays which part. Names do not tell, as on sites whose defaults were renamed. */
export const EVERYBODY = 0;
export const ADMINS = 1;
export const CONTRACTORS = 2;
export const PLATFORM = 3;
export const SITE_ADMINS = 4;
const SPECIAL_GROUPS = 5;

const ORDINARY_MEMBERS_MAX = 195;

/** `people` are the accounts of this site. */
export function makeGroups(seed: number, siteNumber: number, scale: Scale, people: readonly Account[]): Group[] {
  const groups = makeSpecialGroups(seed, siteNumber, people);
  const candidates = people.filter((each) => each.isEmployee && each.state === "active").map((each) => each.index);
  for (let number = groups.length; number < scale.groups; number++) {
    groups.push(makeOrdinaryGroup(seed, siteNumber, number, scale.membersPerGroup, candidates));
  }
  return groups;
}

function makeSpecialGroups(seed: number, siteNumber: number, people: readonly Account[]): Group[] {
  const members = (holds: (account: Account, chance: number) => boolean) =>
    Int32Array.from(
      people.filter((each) => holds(each, mix(seed, siteNumber, each.index, 40) % 1_000)).map((each) => each.index),
    );
  const group = (number: number, name: string, rest: Pick<Group, "managedBy" | "role" | "members">): Group => ({
    id: uuid(seed, siteNumber, 1_000 + number),
    name,
    description: "",
    ...rest,
  });
  // The second site is not for everybody: a fifth of its accounts have no access there.
  const stranger = (account: Account, chance: number) => siteNumber > 0 && account.index !== ADMIN && chance % 5 === 4;
  const contractor = (chance: number) => chance < 40;

  return [
    group(EVERYBODY, siteNumber === 0 ? "Everyone at Acme" : "Everyone at Acme Labs", {
      managedBy: "ADMINS",
      role: "atlassian/user",
      // Suspended accounts keep their groups; so does every second leaver.
      members: members((each, chance) => {
        if (stranger(each, chance)) return false;
        if (!each.isEmployee) return false;
        return (
          (each.state !== "inactive" || each.index % 2 === 0) &&
          each.state !== "closed" &&
          (each.index <= 1 || !contractor(chance))
        );
      }),
    }),
    group(ADMINS, "stewards", {
      managedBy: "ADMINS",
      role: "atlassian/admin",
      members: members(
        (each, chance) =>
          each.index === ADMIN || (each.isEmployee && each.state === "active" && !each.isInvited && chance > 992),
      ),
    }),
    group(CONTRACTORS, "contractors: EMEA/APAC", {
      managedBy: "EXTERNAL",
      role: "atlassian/user",
      members: members(
        (each, chance) =>
          each.isEmployee && each.state === "active" && !stranger(each, chance) && (contractor(chance) || chance > 985),
      ),
    }),
    group(PLATFORM, "R&D: Platform/Data", {
      managedBy: "ADMINS",
      role: "atlassian/user",
      // Some robots were added by hand: the directory counts them as members but does not list them.
      members: members((each, chance) =>
        each.kind === "app"
          ? chance % 10 === 0
          : each.isEmployee && each.state === "active" && chance >= 500 && chance < 520,
      ),
    }),
    group(SITE_ADMINS, siteNumber === 0 ? "site-owners" : "labs-site-owners", {
      managedBy: "ADMINS",
      role: "atlassian/site-admin",
      members: members((each) => each.index === ADMIN),
    }),
  ].slice(0, SPECIAL_GROUPS);
}

function makeOrdinaryGroup(
  seed: number,
  siteNumber: number,
  number: number,
  average: number,
  candidates: readonly number[],
): Group {
  const form = pick(GROUP_FORMS, seed, siteNumber * 100_000 + number, 41);
  const team = pick(TEAM_WORDS, seed, siteNumber * 100_000 + number, 42);
  const key = siteNumber * 100_000 + number;
  // Between a third and five thirds of the average; every nineteenth group is empty.
  const wanted = number % 19 === 0 ? 0 : Math.round(average * (1 / 3 + fraction(seed, key, 43) * (4 / 3)));
  const size = Math.min(wanted, candidates.length, ORDINARY_MEMBERS_MAX);
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < size && draw < size * 20; draw++) {
    const candidate = candidates[mix(seed, key, 44, draw) % candidates.length];
    if (candidate !== undefined) chosen.add(candidate);
  }
  const managed = mix(seed, key, 45) % 10;
  return {
    id: uuid(seed, siteNumber, 1_000 + number),
    name: form(team, number),
    description: number % 3 === 0 ? `People who work on ${team}` : "",
    managedBy: managed < 4 ? "EXTERNAL" : managed < 8 ? "ADMINS" : managed < 9 ? "TEAM_MEMBERS" : "OPEN",
    role: null,
    members: Int32Array.from(chosen).sort(),
  };
}

/** Position of an account in a group, or -1. */
export function memberPosition(members: Int32Array, account: number): number {
  const place = placeOf(members, account);
  return members[place] === account ? place : -1;
}

/** Where the account stands, or would stand. */
function placeOf(members: Int32Array, account: number): number {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((members[middle] ?? 0) < account) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function withMember(members: Int32Array, account: number): Int32Array {
  const place = placeOf(members, account);
  if (members[place] === account) return members;
  const more = new Int32Array(members.length + 1);
  more.set(members.subarray(0, place));
  more[place] = account;
  more.set(members.subarray(place), place + 1);
  return more;
}

export function withoutMember(members: Int32Array, account: number): Int32Array {
  const place = memberPosition(members, account);
  if (place < 0) return members;
  const fewer = new Int32Array(members.length - 1);
  fewer.set(members.subarray(0, place));
  fewer.set(members.subarray(place + 1), place);
  return fewer;
}
