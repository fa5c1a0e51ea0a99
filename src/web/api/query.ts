import {
  keepPreviousData,
  type QueryKey,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { type AnswerFor, type AnyInput, ApiProblem, askAny, type CallInput, type RouteId } from "./call.ts";

/** Answers are kept under the route's noun, so that a change of one thing of it makes all of them be read again. */
export function keyOf(id: RouteId, input: Pick<AnyInput, "params" | "query"> = {}): QueryKey {
  return [id.split(".")[0], id, input.params ?? null, input.query ?? null];
}

interface ReadOptions {
  /** False: not asked yet. */
  enabled?: boolean;
  /** Asked again after so many milliseconds, while the page is looked at. */
  everyMs?: number | false;
}

/** What a route answers now; while other input is being read, what was shown stays. */
export function useApi<Id extends RouteId>(
  id: Id,
  input: Omit<CallInput<Id>, "signal"> = {},
  { enabled = true, everyMs = false }: ReadOptions = {},
): UseQueryResult<AnswerFor<Id>> {
  const any: AnyInput = input as never;
  return useQuery({
    queryKey: keyOf(id, any),
    queryFn: ({ signal }) => askAny(id, { ...any, signal }),
    enabled,
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  }) as never;
}

/**
 * Asks for a change: `const change = useChange("exclusions.delete", ["exclusions", "seats"])`, then
 * `change.mutate({ params })`. `nouns` are read again when it is done; the route's own noun always is.
 */
export function useChange<Id extends RouteId>(
  id: Id,
  nouns: readonly string[] = [],
): UseMutationResult<AnswerFor<Id>, Error, CallInput<Id>> {
  const queries = useQueryClient();
  const readAgain = async () => {
    const stale = [id.split(".")[0] ?? "", ...nouns];
    await Promise.all(stale.map((noun) => queries.invalidateQueries({ queryKey: [noun] })));
  };
  return useMutation({
    mutationFn: (input: AnyInput) => askAny(id, input),
    onSuccess: readAgain,
    // What was shown is not how it is: somebody else was first.
    onError: async (error) => {
      if (error instanceof ApiProblem && error.problem.code === "stale-revision") await readAgain();
    },
  }) as never;
}
