import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type UrlState = Readonly<Record<string, string>>;
/** What changes; `null` takes it out of the address. */
export type UrlChange = Readonly<Record<string, string | null>>;

export interface UrlStateHandle {
  state: UrlState;
  /** `push` makes a step that "back" undoes: tabs, filters, what is opened. Typing replaces. */
  change(change: UrlChange, how?: "push" | "replace"): void;
  /** The address as it is at this moment, which what is drawn follows: a key may come in between. */
  newest(): UrlState;
}

/** The query of the address, which holds all that a page shows. */
export function useUrlState(): UrlStateHandle {
  const state = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const router = useRouter();
  const newest = useCallback(() => router.latestLocation.search as UrlState, [router]);
  const change = useCallback(
    (changed: UrlChange, how: "push" | "replace" = "push") => {
      void navigate({
        to: ".",
        search: (before: Record<string, unknown>) => withChange(before, changed),
        replace: how === "replace",
        resetScroll: false,
      } as never);
    },
    [navigate],
  );
  return { state, change, newest };
}

function withChange(before: Readonly<Record<string, unknown>>, change: UrlChange): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") delete after[name];
    else after[name] = value;
  }
  return after;
}
