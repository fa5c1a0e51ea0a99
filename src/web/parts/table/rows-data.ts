import { keepPreviousData, useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback } from "react";
import { askAny, type ListId, type RowOf } from "../../api/call.ts";
import { keyOf } from "../../api/query.ts";
import type { DataTableProps, ListAnswer, ListQuery } from "./table-types.ts";

/** Rows of one request, which is also how many a plain table shows at most. */
export const WINDOW_ROWS = 200;

/** Windows that nobody looks at are forgotten, or a walk through 100,000 rows would keep all of them. */
const UNSEEN_KEPT_MS = 30_000;

export interface Asked<Id extends ListId> {
  list: Id;
  params: DataTableProps<Id>["params"];
  query: ListQuery;
}

/** The first 200 rows, and how many there are. */
export function useFirstRows<Id extends ListId>(asked: Asked<Id>): UseQueryResult<ListAnswer<RowOf<Id>>> {
  return useQuery({ ...windowQuery(asked, 0), placeholderData: keepPreviousData });
}

/** How many rows the list has without any filter; asked only when some are set. */
export function useUnfilteredTotal<Id extends ListId>(asked: Asked<Id>, enabled: boolean): number | null {
  const { list, params, query } = asked;
  const counted = { params, query: { ...query, limit: 1, total: true } };
  const answer = useQuery({
    queryKey: [...keyOf(list, counted), "total"],
    queryFn: ({ signal }) => askAny(list, { ...counted, signal }) as Promise<ListAnswer<RowOf<Id>>>,
    enabled,
  });
  return answer.data?.total ?? null;
}

/**
 * The windows of 200 rows that begin at `starts`. One that is no longer wanted is aborted, if it is still on its way.
 * Rows are null until their window is there.
 */
export function useWindows<Id extends ListId>(
  asked: Asked<Id>,
  starts: readonly number[],
): { rowAt: (index: number) => RowOf<Id> | null; error: Error | null; retry: () => void } {
  const combine = useCallback((results: UseQueryResult<ListAnswer<RowOf<Id>>>[]) => results, []);
  const windows = useQueries({ queries: starts.map((start) => windowQuery(asked, start)), combine });
  const byStart = new Map(starts.map((start, index) => [start, windows[index]?.data?.items]));
  return {
    rowAt: (index) => {
      const start = index - (index % WINDOW_ROWS);
      return byStart.get(start)?.[index - start] ?? null;
    },
    error: windows.find((each) => each.error)?.error ?? null,
    retry: () => void Promise.all(windows.filter((each) => each.isError).map((each) => each.refetch())),
  };
}

function windowQuery<Id extends ListId>({ list, params, query }: Asked<Id>, start: number) {
  // The first also counts; a row number is asked for only where it is needed.
  const paging = { limit: WINDOW_ROWS, ...(start === 0 ? { total: true } : { at: start }) };
  return {
    queryKey: [...keyOf(list, { params, query }), "rows", start],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      askAny(list, { params, query: { ...query, ...paging }, signal }) as Promise<ListAnswer<RowOf<Id>>>,
    ...(start === 0 ? {} : { gcTime: UNSEEN_KEPT_MS }),
  };
}

/** The starts of the windows that hold the rows from `from` to `to`. */
export function windowsOf(from: number, to: number): number[] {
  const first = Math.floor(Math.max(0, from) / WINDOW_ROWS);
  const last = Math.floor(Math.max(0, to) / WINDOW_ROWS);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * WINDOW_ROWS);
}
