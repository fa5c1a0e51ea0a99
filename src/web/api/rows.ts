import { useInfiniteQuery } from "@tanstack/react-query";
import { callApi, type CallInput, type ListId, type QueryValue, type RowOf } from "./call.ts";
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

export interface RowsInput<Id extends ListId> {
  params?: CallInput<Id>["params"];
  query?: Readonly<Record<string, QueryValue>>;
  /** Of one page. */
  limit?: number;
  enabled?: boolean;
}

/** Rows of a list, page by page, for what shows them otherwise than as the table. */
export function useRows<Id extends ListId>(
  list: Id,
  { params, query, limit = 100, enabled = true }: RowsInput<Id>,
): Rows<RowOf<Id>> {
  const input = { params, query } as CallInput<Id>;
  const pages = useInfiniteQuery({
    queryKey: [...keyOf(list, input as never), "rows", limit],
    queryFn: ({ pageParam, signal }) =>
      callApi(list, {
        ...input,
        query: { ...query, limit, total: pageParam === null, cursor: pageParam } as never,
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
