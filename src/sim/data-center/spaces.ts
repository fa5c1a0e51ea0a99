import { hex, mix, pick } from "../random.ts";
import { SPACE_SUBJECTS, TEAM_WORDS } from "../world/names.ts";
import type { DataCenterUser } from "./people.ts";

export interface DataCenterSpace {
  /** Unique on its instance; stays the same when spaces before it are removed. */
  number: number;
  /** A number in JSON, unlike on Cloud (document: Space.id). */
  id: number;
  key: string;
  name: string;
  type: "global" | "personal";
  status: "current" | "archived";
  /** Index of the user that made it. */
  creator: number;
}

const FIRST_ID = 98_305;

export function makeDataCenterSpaces(
  seed: number,
  number: number,
  count: number,
  creators: readonly DataCenterUser[],
): DataCenterSpace[] {
  return Array.from({ length: count }, (_, each) => makeDataCenterSpace(seed, number, each, creators));
}

/** Every eighth is somebody's own; its key begins with `~`. */
export function makeDataCenterSpace(
  seed: number,
  number: number,
  each: number,
  creators: readonly DataCenterUser[],
): DataCenterSpace {
  const key = number * 1_000_000 + each;
  const creator = creators[mix(seed, key, 220) % creators.length];
  if (!creator) throw new Error("Nobody to make a space.");
  const isPersonal = each % 8 === 7;
  const team = pick(TEAM_WORDS, seed, key, 221);
  return {
    number: each,
    id: FIRST_ID + each * 7,
    key: isPersonal
      ? `~${creator.username}${each}`
      : `${team.slice(0, 3).toUpperCase()}${hex(seed, key, 222, 1).toUpperCase()}${each}`,
    name: isPersonal ? creator.displayName : `${team} ${pick(SPACE_SUBJECTS, seed, key, 223)} ${each}`,
    type: isPersonal ? "personal" : "global",
    status: each % 12 === 11 ? "archived" : "current",
    creator: creator.index,
  };
}
