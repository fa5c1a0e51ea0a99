import { useUrlState, type UrlState, type UrlStateHandle } from "../../shell/url-state.ts";
import type { Filter } from "./table-types.ts";

/** What of the address a table uses. */
export interface ListState extends UrlStateHandle {
  sort: string | null;
  q: string;
  /** The filters that are set, by their ids. */
  filtered: Readonly<Record<string, string>>;
  clearFilters(): void;
}

export function useListState(filters: readonly Filter[]): ListState {
  const { state, change } = useUrlState();
  return {
    state,
    change,
    sort: state["sort"] ?? null,
    q: state["q"] ?? "",
    filtered: pick(state, filters),
    clearFilters: () => change(Object.fromEntries([...filters.map(({ id }) => [id, null]), ["q", null]])),
  };
}

function pick(state: UrlState, filters: readonly Filter[]): Record<string, string> {
  const set = filters.map(({ id }): [string, string | undefined] => [id, state[id]]);
  return Object.fromEntries(set.filter((each): each is [string, string] => each[1] !== undefined));
}
