import { useInfiniteQuery } from "@tanstack/react-query";
import { type AnyInput, askAny, type ListId, type QueryValue, type RowOf } from "./call.ts";
import { keyOf } from "./query.ts";

/** What a list says beside its rows. */
export interface ListAbout {
  total: number | null;
  dataAsOf: string | null;
  asOf?: string | null;
  /** Sites of which nothing was known as early as that. */
  notKnown?: readonly { siteId: string; site: string; since: string | null }[];
}

interface ListAnswer<Row> extends ListAbout {
  items: Row[];
  next: string | null;
}

export interface Rows<Row> {
  items: readonly Row[];
  about: ListAbout | null;
  error: Error | null;
  isPending: boolean;
  isMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

export interface RowsInput {
  params?: AnyInput["params"];
  query?: Readonly<Record<string, QueryValue>>;
  /** Of one page. */
  limit?: number;
  enabled?: boolean;
}

/** Rows of a list, page by page, for what shows them otherwise than as the table. */
export function useRows<Id extends ListId>(
  list: Id,
  { params, query, limit = 100, enabled = true }: RowsInput,
): Rows<RowOf<Id>> {
  const pages = useInfiniteQuery({
    queryKey: [...keyOf(list, { params, query }), "rows", limit],
    queryFn: ({ pageParam, signal }) =>
      askAny(list, {
        params,
        query: { ...query, limit, total: pageParam === null, cursor: pageParam },
        signal,
      }) as Promise<ListAnswer<RowOf<Id>>>,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled,
  });
  return {
    items: pages.data?.pages.flatMap(({ items }) => items) ?? [],
    about: pages.data?.pages[0] ?? null,
    error: pages.error,
    isPending: enabled && pages.isPending,
    isMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
    retry: () => void pages.refetch(),
  };
}
