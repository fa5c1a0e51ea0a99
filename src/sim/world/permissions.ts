import { mix } from "../random.ts";
import { READER } from "./people.ts";
import type { Space } from "./spaces.ts";
import { standsIn } from "./transition.ts";
import type { SiteWorld } from "./world.ts";

/** One row of `GET /wiki/api/v2/spaces/{id}/permissions`. */
export interface PermissionRow {
  id: number;
  principalType: "user" | "group" | "access-class";
  principalId: string;
  key: string;
  target: string;
}

export interface PermissionChanges {
  added: PermissionRow[];
  removed: Set<number>;
}

/** Documented pairs of the classic permissions (FACTS §3), `read/space` first because everything else needs it. */
export const CLASSIC_OPERATIONS: readonly (readonly [key: string, target: string])[] = [
  ["read", "space"],
  ["create", "page"],
  ["create", "comment"],
  ["create", "blogpost"],
  ["create", "attachment"],
  ["delete", "space"],
  ["delete", "comment"],
  ["delete", "page"],
  ["delete", "blogpost"],
  ["delete", "attachment"],
  ["export", "space"],
  ["archive", "page"],
  ["restrict_content", "space"],
  ["administer", "space"],
];

/** Seen on live sites, absent from the OpenAPI document's list (TRAPS §2.2). */
const UNDOCUMENTED_OPERATIONS: readonly (readonly [key: string, target: string])[] = [
  ["manage_users", "space"],
  ["manage_guest_users", "space"],
  ["manage_nonlicensed_users", "space"],
  ["manage_public_links", "space"],
  ["manage_content", "space"],
  ["manage_templates", "space"],
];

/** 20 rows for product admins, 19 for the creator, 11 for everybody licensed: as on the recorded site of TRAPS §2.2. */
const ADMIN_OPERATIONS = [...CLASSIC_OPERATIONS, ...UNDOCUMENTED_OPERATIONS];
const CREATOR_ROWS = 19;
const LICENSED_ROWS = 11;

const AVERAGE_ROWS = 120;
/** Every sixty-fourth space is past the largest page of 250. */
const LARGE_SPACE_EVERY = 64;
const LARGE_SPACE_ROWS = 320;
export const ROWS_PER_SPACE_MAX = 1_000;

/** The rows of a space as they are now: those of the seed with what was changed since laid over them. */
export function permissionRows(site: SiteWorld, space: Space): PermissionRow[] {
  const rows = seededRows(site, space).filter((each) => standsIn("permission", site, space, each.principalId));
  const changes = site.permissionChanges.get(space.number);
  const kept = changes ? [...rows.filter((each) => !changes.removed.has(each.id)), ...changes.added] : rows;
  return site.removedPrincipals.size === 0
    ? kept
    : kept.filter((each) => !site.removedPrincipals.has(each.principalId));
}

export function isRead(row: PermissionRow): boolean {
  return row.key === "read" && row.target === "space";
}

function seededRows(site: SiteWorld, space: Space): PermissionRow[] {
  const { seed } = site;
  const place = site.number * 1_000_000 + space.number;
  const rows: PermissionRow[] = [];
  const grant = (principalType: PermissionRow["principalType"], principalId: string, count: number) => {
    for (const [key, target] of ADMIN_OPERATIONS.slice(0, count)) {
      rows.push({ id: (space.number + 1) * ROWS_PER_SPACE_MAX + rows.length, principalType, principalId, key, target });
    }
  };

  grant("access-class", "ALL_PRODUCT_ADMINS", ADMIN_OPERATIONS.length);
  grant("user", site.people[space.author]?.id ?? "", CREATOR_ROWS);
  const open = mix(seed, place, 60) % 10;
  if (open < 4) grant("access-class", "ALL_LICENSED_USERS", LICENSED_ROWS);
  if (space.number % 16 === 5) grant("access-class", "ANONYMOUS_USERS", 1);
  for (const guest of site.guestsOfSpace(space.number)) grant("user", guest, 3);

  const wanted = rowsWanted(seed, place, space.number);
  for (let draw = 0; rows.length < wanted && draw < 200; draw++) {
    const chance = mix(seed, place, 61, draw);
    const count = Math.min(1 + (chance % 14), wanted - rows.length);
    const principal = drawPrincipal(site, chance >>> 8);
    // A principal drawn twice would have the same row twice, which Atlassian refuses.
    if (principal && !rows.some((each) => each.principalId === principal.id))
      grant(principal.type, principal.id, count);
  }
  return rows;
}

/** Averages 120: the large spaces are paid for by the others. */
function rowsWanted(seed: number, place: number, number: number): number {
  if (number % LARGE_SPACE_EVERY === LARGE_SPACE_EVERY - 1) return LARGE_SPACE_ROWS;
  const average = AVERAGE_ROWS - (LARGE_SPACE_ROWS - AVERAGE_ROWS) / (LARGE_SPACE_EVERY - 1);
  return Math.round(average - 60 + (mix(seed, place, 62) % 121));
}

function drawPrincipal(site: SiteWorld, chance: number): { type: "user" | "group"; id: string } | null {
  if (chance % 10 < 6) {
    // Not the group that holds everybody, or the access class would make no difference.
    const group = site.seededGroupIds[1 + (Math.floor(chance / 10) % (site.seededGroupIds.length - 1))];
    return group ? { type: "group", id: group } : null;
  }
  const member = site.seededMembers[Math.floor(chance / 10) % site.seededMembers.length];
  const account = member === undefined || member === READER ? undefined : site.people[member];
  return account ? { type: "user", id: account.id } : null;
}
