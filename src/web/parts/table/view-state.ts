import type { UrlState } from "../../shell/url-state.ts";

/** What is looked at just now and is no part of how the list is looked at. */
const PASSING = new Set(["open", "tab", "view"]);

/** How a list is looked at, as the API keeps it: the address after the question mark, in one order. */
export function viewStateOf(state: UrlState, columns: string | null): string {
  const entries = Object.entries({ ...state, ...(columns === null ? {} : { columns }) });
  const kept = entries.filter(([name, value]) => !PASSING.has(name) && value !== undefined);
  return new URLSearchParams(
    kept.map(([name, value]): [string, string] => [name, String(value)]).sort(byName),
  ).toString();
}

/** The address of a saved view. */
export function searchOfView(view: { id: string; state: string }): Record<string, string> {
  return { ...Object.fromEntries(new URLSearchParams(view.state)), view: view.id };
}

/** Whether the address still says what was saved. */
export function isModified(state: UrlState, saved: string): boolean {
  return viewStateOf(state, null) !== viewStateOf(Object.fromEntries(new URLSearchParams(saved)), null);
}

function byName([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : 1;
}
