import { fraction, mix, pick } from "../random.ts";
import { PAGE_WORDS, TEAM_WORDS } from "./names.ts";
import { DAY_MS } from "./people.ts";
import type { SiteWorld } from "./world.ts";

export type ContentType = "page" | "blogpost" | "comment" | "attachment";

/** What content is made from: a site of Cloud has it, and an instance of Data Center. */
export type ContentWorld = Pick<SiteWorld, "seed" | "number" | "scale" | "startedAt" | "writers" | "formerWriters">;

/** A piece of content. Instants are epoch milliseconds, accounts are indexes. */
export interface ContentItem {
  id: string;
  type: ContentType;
  title: string;
  spaceNumber: number;
  /** The page that a comment or an attachment hangs on. */
  containerId: string | null;
  createdAt: number;
  creator: number;
  changedAt: number;
  editor: number;
  version: number;
}

/** Old content is spread over this time. */
const OLDEST_DAYS = 5 * 365;
const RECENT_DAYS = 90;

/**
 * Nothing ever happens within a day and a half of the two instants that decisions hang on (60 days: idle; 90 days: how far
 * back activity is read), so that a test that takes a minute longer does not change its answer.
 */
const QUIET_DAYS: readonly (readonly [from: number, to: number])[] = [
  [58.5, 61.5],
  [89, 91],
];

/** Ids are dense, so that an id tells its item. */
const FIRST_ID = 10_000_000;

/** Moves an age (in days) out of the quiet days; keeps order. */
export function outsideQuietDays(age: number): number {
  for (const [from, to] of QUIET_DAYS) if (age >= from && age < to) return to + (age - from) / 100;
  return age;
}

/** Item 0 was changed last, item 1 before it, and so on: a query by date is a range. */
export function changedAtOf(site: ContentWorld, number: number): number {
  const { contentItems, recentItems } = site.scale;
  if (number < recentItems) {
    const days = (number + fraction(site.seed, site.number, number, 80)) / recentItems;
    const busy = RECENT_DAYS - 4;
    const age = days * busy;
    return site.startedAt - Math.floor((age < 58.5 ? age : age + 3) * DAY_MS);
  }
  const share = (number - recentItems + fraction(site.seed, site.number, number, 80)) / (contentItems - recentItems);
  return site.startedAt - Math.floor((91.5 + share * (OLDEST_DAYS - 91.5)) * DAY_MS);
}

export function contentItem(site: ContentWorld, number: number): ContentItem {
  const { seed } = site;
  const changedAt = changedAtOf(site, number);
  const chance = mix(seed, site.number, number, 81);
  const editor = editorOf(site, number, changedAt);
  const version = chance % 5 < 2 ? 1 : 2 + (chance % 11);
  const type = typeOf(chance >>> 8);
  const createdAt = version === 1 ? changedAt : createdAtOf(site, number, changedAt);
  return {
    id: contentId(number),
    type,
    title: titleOf(site, number, type),
    spaceNumber: mix(seed, site.number, number, 82) % site.scale.spaces,
    containerId:
      type === "comment" || type === "attachment"
        ? contentId(mix(seed, site.number, number, 83) % site.scale.contentItems)
        : null,
    createdAt,
    creator: version === 1 ? editor : writerAt(site, createdAt, mix(seed, site.number, number, 84)),
    changedAt,
    editor,
    version,
  };
}

export function editorOf(site: ContentWorld, number: number, changedAt = changedAtOf(site, number)): number {
  return writerAt(site, changedAt, mix(site.seed, site.number, number, 85));
}

export function contentId(number: number): string {
  return String(FIRST_ID + number);
}

/** The number of a seeded item, or -1. */
export function contentNumber(site: ContentWorld, id: string): number {
  const number = Number(id) - FIRST_ID;
  return Number.isInteger(number) && number >= 0 && number < site.scale.contentItems ? number : -1;
}

/** What was changed at or after `since`, as a count of items from the newest. */
export function itemsChangedSince(site: ContentWorld, since: number): number {
  let low = 0;
  let high = site.scale.contentItems;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (changedAtOf(site, middle) >= since) low = middle + 1;
    else high = middle;
  }
  return low;
}

function createdAtOf(site: ContentWorld, number: number, changedAt: number): number {
  const age = (site.startedAt - changedAt) / DAY_MS + 0.01 + fraction(site.seed, site.number, number, 86) * 400;
  return site.startedAt - Math.floor(outsideQuietDays(age) * DAY_MS);
}

/** Who writes lately writes a lot, some much more than others; those who stopped are found only in old content. */
function writerAt(site: ContentWorld, at: number, chance: number): number {
  const age = (site.startedAt - at) / DAY_MS;
  const writers = age > 430 ? site.formerWriters : site.writers;
  const share = (chance / 4_294_967_296) ** 2;
  return writers[Math.floor(share * writers.length)] ?? 0;
}

function typeOf(chance: number): ContentType {
  const share = chance % 20;
  return share < 10 ? "page" : share < 11 ? "blogpost" : share < 17 ? "comment" : "attachment";
}

function titleOf(site: ContentWorld, number: number, type: ContentType): string {
  const words = `${pick(TEAM_WORDS, site.seed, number, 87)} ${pick(PAGE_WORDS, site.seed, number, 88)} ${number}`;
  if (type === "comment") return `Re: ${words}`;
  return type === "attachment" ? `${words.toLowerCase().replaceAll(" ", "-")}.pdf` : words;
}
