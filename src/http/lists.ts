import type { z } from "zod";
import type { AnyRoute, RefusalOf } from "../api/contract.ts";
import type { Result } from "../lib/result.ts";
import type { ListSource } from "../store/paging.ts";
import type { Handler, InputOf, Refusal, RequestInput } from "./route.ts";

/*
 * The server side of `defineList`. The handler says how to select rows; paging, sorting, counting and export follow.
 *
 *   handleList(listPeople, async ({ query, reader }) => ok({
 *     sorts: {
 *       name: { by: sql`s.sort_key`, type: "text" },
 *       lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
 *     },
 *     tie: { by: sql`s.account_id`, type: "text" },          // unique; sorts what is equal
 *     select: (page) => sql`
 *       select s.account_id as "accountId", s.display_name as "displayName", ${page.keys}
 *         from account_summaries s
 *        where ${conditions} and ${page.after}
 *        ${page.order}`,
 *     count: sql`select count(*) as total from account_summaries s where ${conditions}`,
 *     toItems: (rows, reader) => withSpaces(rows, reader),     // optional: more about these rows only
 *     dataAsOf,
 *   }))
 */
type ListRoute = AnyRoute & { item: z.ZodType; sorts: readonly string[] };

export function handleList<R extends ListRoute, Row = z.output<R["item"]>>(
  route: R,
  open: (
    input: InputOf<R>,
  ) => Promise<Result<ListSource<Row, z.output<R["item"]>, R["sorts"][number]>, Refusal<RefusalOf<R>>>>,
): Handler {
  return { kind: "list", route, open: open as (input: RequestInput) => Promise<Result<ListSource, Refusal<string>>> };
}
