import { keepPreviousData, useQueries, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
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

/** Windows to read, by the row that each begins at; all of them lie `offset` rows from those of the first. */
export interface Windows {
  offset: number;
  inSight: readonly number[];
  ahead: readonly number[];
}

/**
 * Windows of 200 rows: those in sight at once, those ahead once these are there. One that is no longer wanted is aborted,
 * if it is still on its way. Rows are null until their window is there.
 */
export function useWindows<Id extends ListId>(
  asked: Asked<Id>,
  { offset, inSight, ahead }: Windows,
): { rowAt: (index: number) => RowOf<Id> | null; error: Error | null; retry: () => void } {
  const client = useQueryClient();
  const combine = useCallback((results: UseQueryResult<ListAnswer<RowOf<Id>>>[]) => results, []);
  const isSeen = inSight.every(
    (start) => client.getQueryState(windowQuery(asked, start).queryKey)?.status === "success",
  );
  const starts = isSeen ? [...inSight, ...ahead] : inSight;
  const windows = useQueries({ queries: starts.map((start) => windowQuery(asked, start)), combine });
  const byStart = new Map(starts.map((start, index) => [start, windows[index]?.data?.items]));
  return {
    rowAt: (index) => {
      const start = startOf(index, offset);
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

/** The starts of the windows that hold the rows from `from` to `to`; those of the list's first window are always there. */
export function windowsOf(from: number, to: number, offset: number): number[] {
  const first = startOf(from, offset);
  const count = Math.max(0, (startOf(to, offset) - first) / WINDOW_ROWS + 1);
  return Array.from({ length: count }, (_, index) => first + index * WINDOW_ROWS).filter((start) => start > 0);
}

/**
 * By how much windows are moved so that the rows from `from` to `to` lie in one, which then comes sooner than two would:
 * half a window, or nothing. More rows than half a window may lie in two all the same.
 */
export function offsetFor(from: number, to: number): number {
  return startOf(from, 0) === startOf(to, 0) ? 0 : WINDOW_ROWS / 2;
}

function startOf(index: number, offset: number): number {
  return Math.floor((index - offset) / WINDOW_ROWS) * WINDOW_ROWS + offset;
}
