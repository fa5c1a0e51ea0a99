import { useCallback, useMemo, useState } from "react";
import { type UrlChange, useUrlState, type UrlState, type UrlStateHandle } from "../../shell/url-state.ts";
import type { AsOfLimits, Filter, ListQuery } from "./table-types.ts";

/** What of the address a table uses. */
export interface ListState extends UrlStateHandle {
  /** As asked for, or as the list sorts by itself. */
  sort: string | null;
  q: string;
  asOf: string | null;
  /** The filters that are set, by their ids. */
  filtered: Readonly<Record<string, string>>;
  /** Names of filters that are set and cannot be told of the day that is asked for. */
  notTold: readonly Filter[];
  isFiltered: boolean;
  /** What the list is asked for, but for paging. */
  query: ListQuery;
  clearFilters(): void;
}

interface ListOptions {
  filters: readonly Filter[];
  isSearchable: boolean;
  /** What every reading asks for. */
  fixed: ListQuery | undefined;
  asOf: AsOfLimits | null;
  defaultSort: string | null;
  /** Its state is its own: the address is another table's. */
  isEmbedded: boolean;
}

/** Every name that a filter has in the address. */
export function idsOf(filter: Filter): string[] {
  return filter.kind === "range" ? [filter.id, filter.toId] : [filter.id];
}

export function useListState(options: ListOptions): ListState {
  const { filters, isSearchable, fixed, asOf, defaultSort, isEmbedded } = options;
  const address = useUrlState();
  const own = useOwnState();
  const { state, change, newest } = isEmbedded ? own : address;
  const day = asOf === null ? null : (state["asof"] ?? null);
  const limits = day === null ? {} : (asOf ?? {});
  const told = filters.filter(({ id }) => !limits.notFilters?.includes(id));
  const filtered = pick(state, told);
  const asked = state["sort"] ?? null;
  const sort = asked !== null && limits.notSorts?.includes(asked.replace(/^-/, "")) ? null : asked;
  const q = isSearchable ? (state["q"] ?? "") : "";
  const query = {
    ...fixed,
    ...filtered,
    ...(day === null ? {} : { asOf: day }),
    ...(q === "" ? {} : { q }),
    ...(sort === null ? {} : { sort }),
  };
  const key = JSON.stringify(query);
  return {
    state,
    change,
    newest,
    sort: sort ?? (limits.notSorts?.includes(defaultSort?.replace(/^-/, "") ?? "") ? null : defaultSort),
    q,
    asOf: day,
    filtered,
    notTold: filters.filter((each) => !told.includes(each) && idsOf(each).some((id) => state[id] !== undefined)),
    isFiltered: Object.keys(filtered).length > 0 || q !== "",
    // oxlint-disable-next-line react/exhaustive-deps -- the same words are the same query
    query: useMemo(() => query, [key]),
    clearFilters: () => change(Object.fromEntries([...filters.flatMap(idsOf).map((id) => [id, null]), ["q", null]])),
  };
}

function useOwnState(): UrlStateHandle {
  const [state, setState] = useState<UrlState>({});
  const change = useCallback((changed: UrlChange) => {
    setState((before) => {
      const after = Object.entries({ ...before, ...changed });
      return Object.fromEntries(after.filter((each): each is [string, string] => each[1] !== null && each[1] !== ""));
    });
  }, []);
  return { state, change, newest: () => state };
}

function pick(state: UrlState, filters: readonly Filter[]): Record<string, string> {
  const set = filters.flatMap(idsOf).map((id): [string, string | undefined] => [id, state[id]]);
  return Object.fromEntries(set.filter((each): each is [string, string] => each[1] !== undefined));
}
