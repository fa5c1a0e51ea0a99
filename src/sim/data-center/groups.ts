import { fraction, mix, pick } from "../random.ts";
import { GROUP_FORMS, TEAM_WORDS } from "../world/names.ts";
import type { Scale } from "../world/scales.ts";
import { CONFLUENCE_ADMIN, type DataCenterUser, slotOf, SLOTS, SYSTEM_ADMIN } from "./people.ts";

/** A group is its name: there is no other id, and no renaming. */
export interface DataCenterGroup {
  name: string;
  directory: "internal" | "ldap";
  /** Direct members: sorted indexes of users. Replaced, never changed in place. */
  members: Int32Array;
  /** Names of the groups directly in this one. */
  subgroups: readonly string[];
}

export const USERS_GROUP = "confluence-users";
/** The one group that sees every space whatever its permissions say. */
export const ADMINISTRATORS_GROUP = "confluence-administrators";
export const KEEPERS_GROUP = "wiki-keepers";
export const PARTNERS_GROUP = "licensed-partners";
export const CONTRACTORS_GROUP = "contractors: EMEA";
export const LDAP_GROUP = "ldap-staff";

const ORDINARY_GROUPS_MIN = 6;
const ORDINARY_MEMBERS_MAX = 195;

export function makeDataCenterGroups(
  seed: number,
  number: number,
  scale: Scale,
  users: readonly DataCenterUser[],
): DataCenterGroup[] {
  const special = makeSpecialGroups(seed, number, users);
  const active = users.filter((each) => each.isActive).map((each) => each.index);
  const count = Math.max(Math.ceil(scale.groups / 3) - special.length, ORDINARY_GROUPS_MIN);
  const ordinary = Array.from({ length: count }, (_, each) =>
    makeOrdinaryGroup(seed, number, each, scale.membersPerGroup, active),
  );
  // Every tenth team has the one before it inside.
  const nested = ordinary.map((group, each) => {
    const inner = ordinary[each - 1];
    return each % 10 === 9 && inner ? { ...group, subgroups: [inner.name] } : group;
  });
  return [...special, ...nested];
}

/**
 * What every instance has: the two groups of the installer; a seat that is reached three groups down; a diamond; a circle;
 * names with a slash, `&`, blanks and letters outside ASCII.
 */
function makeSpecialGroups(seed: number, number: number, users: readonly DataCenterUser[]): DataCenterGroup[] {
  const members = (holds: (user: DataCenterUser, slot: number, chance: number) => boolean) =>
    Int32Array.from(
      users
        .filter((each) => holds(each, slotOf(each.index), mix(seed, number, each.index, 210) % 1_000))
        .map((each) => each.index),
    );
  const group = (
    name: string,
    direct: Int32Array,
    subgroups: readonly string[] = [],
    directory: DataCenterGroup["directory"] = "internal",
  ): DataCenterGroup => ({ name, directory, members: direct, subgroups });
  const apart: readonly number[] = [SLOTS.noAccess, SLOTS.nestedOnly, SLOTS.contractor];
  const none = new Int32Array();

  return [
    // A deactivated user keeps the groups.
    group(
      USERS_GROUP,
      members((each, slot) => each.directory === "internal" && !apart.includes(slot)),
    ),
    group(
      ADMINISTRATORS_GROUP,
      members((each) => each.index === SYSTEM_ADMIN),
    ),
    group(
      KEEPERS_GROUP,
      members((each, slot, chance) => each.index === CONFLUENCE_ADMIN || (slot === 11 && chance < 100)),
    ),
    group(PARTNERS_GROUP, none, ["Partners & Friends"]),
    group("Partners & Friends", none, ["partners/EMEA"]),
    group(
      "partners/EMEA",
      members((_, slot) => slot === SLOTS.nestedOnly),
    ),
    group(
      CONTRACTORS_GROUP,
      members((_, slot) => slot === SLOTS.contractor),
    ),
    group(
      LDAP_GROUP,
      members((each) => each.directory === "ldap"),
      [],
      "ldap",
    ),
    group(
      "R&D: Plattform/Daten",
      members((_, slot, chance) => slot === 1 && chance < 500),
      ["r&d backend", "r&d frontend"],
    ),
    group(
      "r&d backend",
      members((_, slot) => slot === 2),
      ["r&d interns"],
    ),
    group(
      "r&d frontend",
      members((_, slot) => slot === 3),
      ["r&d interns"],
    ),
    group(
      "r&d interns",
      members((_, slot) => slot === 6),
    ),
    group(
      "Projekt Übergang",
      members((_, slot) => slot === 7),
      ["プロジェクト橋"],
    ),
    group(
      "プロジェクト橋",
      members((_, slot) => slot === 8),
      ["Projekt Übergang"],
    ),
  ];
}

function makeOrdinaryGroup(
  seed: number,
  number: number,
  each: number,
  average: number,
  candidates: readonly number[],
): DataCenterGroup {
  const key = number * 100_000 + each;
  const form = pick(GROUP_FORMS, seed, key, 211);
  const team = pick(TEAM_WORDS, seed, key, 212);
  const wanted = each % 19 === 18 ? 0 : Math.round(average * (1 / 3 + fraction(seed, key, 213) * (4 / 3)));
  const size = Math.min(wanted, candidates.length, ORDINARY_MEMBERS_MAX);
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < size && draw < size * 20; draw++) {
    const candidate = candidates[mix(seed, key, 214, draw) % candidates.length];
    if (candidate !== undefined) chosen.add(candidate);
  }
  const directory = mix(seed, key, 215) % 5 === 0 ? "ldap" : "internal";
  return { name: form(team, each), directory, members: Int32Array.from(chosen).sort(), subgroups: [] };
}
