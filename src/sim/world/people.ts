import { fraction, hex, mix, pick, uuid } from "../random.ts";
import { APP_NAMES, DEPARTMENTS, FIRST_NAMES, LAST_NAMES, LOCATIONS, MIDDLE_NAMES, TIME_ZONES } from "./names.ts";

export const DAY_MS = 86_400_000;

/** `customer` is a portal-only account of Jira Service Management. */
export type AccountKind = "atlassian" | "app" | "customer";

/** Suspended: the account is active, its membership of the directory is not (FACTS §6). */
export type AccountState = "active" | "suspended" | "inactive" | "closed";

export interface Account {
  index: number;
  id: string;
  kind: AccountKind;
  state: AccountState;
  /** Chosen to be a guest; holds no product-access group. */
  isGuest: boolean;
  /** Belongs to the company and should have a seat, as far as its state allows. */
  isEmployee: boolean;
  /** Invited, has not accepted yet: holds a seat, was never active (FACTS §7). */
  isInvited: boolean;
  displayName: string;
  publicName: string;
  /** The directory's address; null for accounts that have none. */
  email: string | null;
  /** Its holder hides the address from other people: Confluence answers "". */
  emailHidden: boolean;
  managed: boolean;
  /** The identity provider provisions it: it is in the directory that SCIM writes. */
  synced: boolean;
  /** Deleted there: SCIM knows it no more until it is created again. */
  isUnprovisioned?: boolean;
  department: string;
  jobTitle: string;
  location: string;
  timeZone: string;
  mfaEnabled: boolean;
  addedAt: number;
}

/** The site admin whose credentials the simulator hands out, and an ordinary reader who sees less. */
export const ADMIN = 0;
export const READER = 1;

/** Of employees, unless the world is told another. */
export const EMAIL_DOMAIN = "acme.example";

/** What hundred accounts are. Everybody else is a licensed employee. */
const GUESTS = 3;
const APPS = 3;
const CUSTOMERS = 3;
const INACTIVE = 3;

export function makePeople(seed: number, count: number, now: number): Account[] {
  return Array.from({ length: count }, (_, index) => makeAccount(seed, index, now));
}

export function makeAccount(seed: number, index: number, now: number): Account {
  const base = makeEmployee(seed, index, now);
  // 37 and 100 have no common factor, so every hundred holds each kind equally often, spread over the listing.
  let slot = ((index * 37) % 100) - 84;
  if (slot < 0) return base;
  if ((slot -= GUESTS) < 0) return asGuest(base);
  if ((slot -= APPS) < 0) return asApp(base, seed);
  if ((slot -= CUSTOMERS) < 0) return asCustomer(base, seed);
  if ((slot -= INACTIVE) < 0) return asLeaver(base, slot === -1 ? "closed" : "inactive");
  if (slot === 0) return { ...base, state: "suspended" };
  if (slot === 1) return { ...base, isEmployee: false, synced: false };
  return slot === 2 ? { ...base, isInvited: true, mfaEnabled: false } : base;
}

function makeEmployee(seed: number, index: number, now: number): Account {
  const first = pick(FIRST_NAMES, seed, index, 1);
  const last = pick(LAST_NAMES, seed, index, 2);
  const middle = mix(seed, index, 3) % 8 === 0 ? `${pick(MIDDLE_NAMES, seed, index, 4)} ` : "";
  const department = pick(DEPARTMENTS, seed, index, 5);
  const displayName = index === ADMIN ? "Petra Novak" : index === READER ? "Rita Reader" : `${first} ${middle}${last}`;
  return {
    index,
    id: makeAccountId(seed, index),
    kind: "atlassian",
    state: "active",
    isGuest: false,
    isEmployee: true,
    isInvited: false,
    displayName,
    publicName: index > READER && mix(seed, index, 6) % 5 === 0 ? first : displayName,
    email:
      index === ADMIN
        ? `petra@${EMAIL_DOMAIN}`
        : index === READER
          ? `rita@${EMAIL_DOMAIN}`
          : `${plain(first)}.${plain(last)}.${index}@${EMAIL_DOMAIN}`,
    emailHidden: index > READER && mix(seed, index, 7) % 4 === 0,
    managed: true,
    synced: mix(seed, index, 8) % 3 !== 0,
    department: department.name,
    jobTitle: pick(department.titles, seed, index, 9),
    location: pick(LOCATIONS, seed, index, 10),
    timeZone: pick(TIME_ZONES, seed, index, 10),
    mfaEnabled: mix(seed, index, 11) % 10 < 8,
    addedAt: now - Math.floor((40 + fraction(seed, index, 12) * 1_800) * DAY_MS),
  };
}

function asGuest(base: Account): Account {
  const address = `${plain(base.displayName.split(" ")[0] ?? "guest")}.${base.index}@partner.example`;
  return {
    ...base,
    isGuest: true,
    isEmployee: false,
    managed: false,
    synced: false,
    email: address,
    department: "",
    jobTitle: "",
    location: "",
  };
}

function asApp(base: Account, seed: number): Account {
  const name = pick(APP_NAMES, seed, base.index, 20);
  return { ...base, ...outsider, kind: "app", displayName: name, publicName: name, email: null };
}

function asCustomer(base: Account, seed: number): Account {
  const id = `qm:${uuid(seed, base.index, 21)}:${uuid(seed, base.index, 22)}`;
  return { ...base, ...outsider, id, kind: "customer", email: `customer.${base.index}@customers.example` };
}

const outsider = {
  isEmployee: false,
  managed: false,
  synced: false,
  department: "",
  jobTitle: "",
  location: "",
  mfaEnabled: false,
};

/** Half of those who left carry it in their name, as live sites show (TRAPS §3). */
function asLeaver(base: Account, state: "inactive" | "closed"): Account {
  if (state === "closed")
    return { ...base, state, displayName: "Former user", publicName: "Former user", email: null, synced: false };
  return { ...base, state, displayName: base.index % 2 === 0 ? `${base.displayName} (Deactivated)` : base.displayName };
}

/** Three generations of ids are in use, two with a colon that must be escaped in some places. */
function makeAccountId(seed: number, index: number): string {
  const generation = mix(seed, index, 30) % 10;
  if (generation === 0) return hex(seed, index, 31, 24);
  return `${generation < 4 ? "557058" : "712020"}:${uuid(seed, index, 32)}`;
}

function plain(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll("ı", "i")
    .replaceAll(/[^A-Za-z]/g, "")
    .toLowerCase();
}
