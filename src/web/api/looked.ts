import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** Long enough for a word to be typed to its end, short enough to feel live. */
const TYPING_MS = 400;

/**
 * What a question that changes nothing answers, such as a simulation of what is being typed: asked again when `key`, which
 * says all that it asks, has stood for a moment. What was answered before stays until then.
 */
export function useLooked<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  key: string,
  { enabled = true }: { enabled?: boolean } = {},
): UseQueryResult<Answer> & { isBehind: boolean } {
  const [settled, setSettled] = useState({ key, ask, enabled });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ key, ask, enabled }), TYPING_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- `key` says all that `ask` asks
  }, [key, enabled]);
  const query = useQuery({
    queryKey: ["looked", settled.key],
    queryFn: ({ signal }) => settled.ask(signal),
    // What stood before it could be asked is never asked.
    enabled: enabled && settled.enabled,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  return { ...query, isBehind: settled.key !== key || query.isFetching };
}
