import { fraction, hex, mix, pick } from "../random.ts";
import { SPACE_SUBJECTS, TEAM_WORDS } from "./names.ts";
import { DAY_MS, type Account } from "./people.ts";

export interface Space {
  /** Unique on its site; stays the same when spaces before it are removed. */
  number: number;
  id: string;
  key: string;
  name: string;
  type: "global" | "personal" | "collaboration" | "knowledge_base";
  status: "current" | "archived";
  /** Index of the account that made it. */
  author: number;
  createdAt: number;
  homepageId: string;
}

export function makeSpaces(
  seed: number,
  siteNumber: number,
  count: number,
  authors: readonly Account[],
  now: number,
): Space[] {
  return Array.from({ length: count }, (_, number) => makeSpace(seed, siteNumber, number, authors, now));
}

export function makeSpace(
  seed: number,
  siteNumber: number,
  number: number,
  authors: readonly Account[],
  now: number,
): Space {
  const key = siteNumber * 1_000_000 + number;
  const author = pick(authors, seed, key, 50);
  const isPersonal = number % 10 === 7;
  const team = pick(TEAM_WORDS, seed, key, 51);
  const kind = mix(seed, key, 52) % 20;
  return {
    number,
    id: String(98_304 + number * 32 + siteNumber),
    key: isPersonal
      ? `~${author.id.replaceAll(/[:-]/g, "")}${number}`
      : `${team.slice(0, 3).toUpperCase()}${hex(seed, 0, 0, 1).toUpperCase()}${number}`,
    name: isPersonal ? author.displayName : `${team} ${pick(SPACE_SUBJECTS, seed, key, 53)} ${number}`,
    type: isPersonal ? "personal" : kind === 0 ? "knowledge_base" : kind < 4 ? "collaboration" : "global",
    status: number % 12 === 11 ? "archived" : "current",
    author: author.index,
    createdAt: now - Math.floor((100 + fraction(seed, key, 54) * 1_700) * DAY_MS),
    homepageId: String(500_000 + number),
  };
}
