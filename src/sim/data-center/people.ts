import { hex, mix, pick } from "../random.ts";
import { FIRST_NAMES, LAST_NAMES } from "../world/names.ts";
import { type Account, ADMIN, makeAccount, READER } from "../world/people.ts";

/** A user of an instance: known by name and key; the address is never shown (FACTS §10). */
export interface DataCenterUser {
  /** Place in the instance's list; never changes. */
  index: number;
  username: string;
  /** 32 hexadecimal digits. */
  userKey: string;
  displayName: string;
  isActive: boolean;
  /** LDAP is read-only: Confluence refuses to write what it holds. */
  directory: "internal" | "ldap";
  /** Index of the same person's account on Cloud; null for whoever is only here. */
  cloudIndex: number | null;
  /** Deleted: in no answer any more. */
  isGone: boolean;
}

/** Whose credentials the simulator hands out: a system administrator, an ordinary user, a Confluence administrator. */
export const SYSTEM_ADMIN = 0;
export const ORDINARY_USER = 1;
export const CONFLUENCE_ADMIN = 2;

/** Every twenty-four users hold each kind, so that the smallest instance has them all. */
const ROUND = 24;
export const SLOTS = { noAccess: 5, nestedOnly: 9, contractor: 13, ldap: 17, deactivated: 20, moreLdap: 4 } as const;

const SERVICES = ["svc-backup", "svc-jenkins", "svc-monitoring"] as const;

export function slotOf(index: number): number {
  return index <= CONFLUENCE_ADMIN ? -1 : index % ROUND;
}

interface Newcomer {
  username: string;
  displayName: string;
  cloud: Pick<Account, "index" | "state"> | null;
}

/** `number` tells the instances apart in every draw; a third of the company's people, and some who are only here. */
export function makeUsers(seed: number, number: number, companySize: number, now: number): DataCenterUser[] {
  const account = (index: number) => makeAccount(seed, index, now);
  const newcomers: Newcomer[] = [
    ...[ADMIN, READER].map((index) => fromCloud(seed, number, account(index))),
    { username: "carla", displayName: "Carla Keeper", cloud: null },
    ...colleagues(seed, number, companySize, account),
    ...strangers(seed, number, Math.ceil(companySize / 30)),
    ...SERVICES.map((username) => ({ username, displayName: `Service ${username.slice(4)}`, cloud: null })),
  ];
  return newcomers.map((each, index) => makeUser(seed, number, index, each));
}

/** Every third of those who have an account on Cloud and an address of the company. */
function colleagues(
  seed: number,
  number: number,
  companySize: number,
  account: (index: number) => Account,
): Newcomer[] {
  const found: Newcomer[] = [];
  for (let index = READER + 1; index < companySize; index++) {
    if (mix(seed, number, index, 200) % 3 !== 0) continue;
    const each = account(index);
    const isColleague = each.kind === "atlassian" && each.email?.endsWith("@acme.example");
    if (isColleague) found.push(fromCloud(seed, number, each));
  }
  return found;
}

/** The local part of the address, as a rule; one in twenty-five is older than the rule. */
function fromCloud(seed: number, number: number, account: Account): Newcomer {
  const local = (account.email ?? "").replace(/@.*$/, "");
  const plainName = account.displayName.replace(" (Deactivated)", "");
  const [first = "", ...rest] = plainName.split(" ");
  const last = rest.at(-1) ?? "";
  const cloud = { index: account.index, state: account.state };
  if (account.index <= READER) return { username: local, displayName: plainName, cloud };
  const isOld = mix(seed, number, account.index, 201) % 25 === 0;
  const username = isOld ? `${local.slice(0, 1)}${local.split(".")[1] ?? ""}${account.index}` : local;
  return { username, displayName: spelling(seed, number, account.index, [first, last, plainName]), cloud };
}

/** One in twelve is written differently here than on Cloud. */
function spelling(seed: number, number: number, index: number, [first, last, name]: [string, string, string]): string {
  const chance = mix(seed, number, index, 202) % 36;
  if (chance === 0) return `${last}, ${first}`;
  if (chance === 1) return `${first} ${last}`.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return chance === 2 ? `${first.slice(0, 1)}. ${last}` : name;
}

function strangers(seed: number, number: number, count: number): Newcomer[] {
  return Array.from({ length: count }, (_, each) => {
    const first = pick(FIRST_NAMES, seed, number * 1_000 + each, 203);
    const last = pick(LAST_NAMES, seed, number * 1_000 + each, 204);
    const plain = `${first}.${last}`.normalize("NFKD").replaceAll(/[^A-Za-z.]/g, "");
    return { username: `${plain.toLowerCase()}.x${each}`, displayName: `${first} ${last}`, cloud: null };
  });
}

/** Who left Cloud is, half the time, still active here. */
function makeUser(
  seed: number,
  number: number,
  index: number,
  { username, displayName, cloud }: Newcomer,
): DataCenterUser {
  const slot = slotOf(index);
  const left = cloud?.state === "inactive" && mix(seed, number, index, 205) % 2 === 0;
  // The second of the two who are given access directly, see permissions.ts.
  const isSecondStranger = index === ROUND + SLOTS.noAccess;
  return {
    index,
    username,
    userKey: userKeyOf(seed, number, index),
    displayName,
    isActive: !(left || isSecondStranger || slot === SLOTS.deactivated),
    directory: slot === SLOTS.ldap || slot === SLOTS.moreLdap ? "ldap" : "internal",
    cloudIndex: cloud?.index ?? null,
    isGone: false,
  };
}

export function userKeyOf(seed: number, number: number, index: number): string {
  return `4028${hex(seed, number * 1_000_000 + index, 207, 28)}`;
}
