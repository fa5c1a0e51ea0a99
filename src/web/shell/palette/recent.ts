import type { Entry } from "./entries.ts";

/** What was last opened from the palette, in this browser. */
const KEY = "usher.recent";
const RECENT_MAX = 8;

type Recent = Pick<Entry, "id" | "label" | "detail" | "href">;

export function recentEntries(): Recent[] {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "[]") as Recent[];
    return stored.filter(({ href }) => typeof href === "string" && /^\/(?!\/)/.test(href));
  } catch {
    // Not what we wrote: nothing was opened lately.
    return [];
  }
}

export function remember({ id, label, detail, href }: Entry): void {
  const others = recentEntries().filter((each) => each.href !== href);
  localStorage.setItem(KEY, JSON.stringify([{ id, label, detail, href }, ...others].slice(0, RECENT_MAX)));
}

/** Names of people are in it: they go with the session. */
export function forgetRecent(): void {
  localStorage.removeItem(KEY);
}
