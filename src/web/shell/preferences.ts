import { useSyncExternalStore } from "react";

/** What a reader chose for this browser. */
export interface Preferences {
  theme: "system" | "light" | "dark";
  rows: "comfortable" | "normal" | "compact";
  nav: "open" | "collapsed";
  /** Single keys such as `g p`; some readers' tools type letters of their own. */
  keys: "on" | "off";
}

const KEY = "usher.preferences";
const FIRST: Preferences = { theme: "system", rows: "normal", nav: "open", keys: "on" };

let current: Preferences = FIRST;
const listeners = new Set<() => void>();

export function startPreferences(): void {
  try {
    current = { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    // Not what we wrote: the first choices serve.
    current = FIRST;
  }
  show();
}

export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  return [useSyncExternalStore(subscribe, () => current), changePreferences];
}

export function changePreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  show();
  for (const each of listeners) each();
}

export function preferences(): Preferences {
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(): void {
  const { dataset } = document.documentElement;
  dataset["theme"] = current.theme;
  dataset["rows"] = current.rows;
}
