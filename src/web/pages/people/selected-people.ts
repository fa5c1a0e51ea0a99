import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { callApi } from "../../api/call.ts";
import type { Selection } from "../../parts/table/table-types.ts";
import type { PersonRow } from "./labels.ts";

/** As many as one proposal or one exclusion takes. */
export const PEOPLE_MAX = 1000;

const PAGE_ROWS = 200;

/** The people that are selected; all that match are read first, up to a thousand. */
export function useSelectedPeople({ rows, all }: Selection<PersonRow>): UseQueryResult<readonly PersonRow[]> {
  return useQuery({
    queryKey: ["people", "selected", all?.query ?? rows.map(({ personId }) => personId)],
    queryFn: ({ signal }) => (all ? readAll(all.query, signal) : rows.slice(0, PEOPLE_MAX)),
    staleTime: 0,
  });
}

async function readAll(query: object, signal: AbortSignal): Promise<PersonRow[]> {
  const people: PersonRow[] = [];
  for (let cursor: string | null = null; people.length < PEOPLE_MAX;) {
    const page: { items: PersonRow[]; next: string | null } = await callApi("people.list", {
      query: { ...query, limit: PAGE_ROWS, cursor } as never,
      signal,
    });
    people.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  return people.slice(0, PEOPLE_MAX);
}
