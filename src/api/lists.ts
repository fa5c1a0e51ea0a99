import { z } from "zod";
import { AS_OF_REFUSALS, asOfDescription, asOfFields, type AsOfLimits, asOfQuery, notKnownFields } from "./as-of.ts";
import { instant, type NoFields, type RefusalSpecs, type Route } from "./contract.ts";
import type { Scope } from "../model/scopes.ts";

/*
 * One way for every list: key paging, sort, filters, export.
 *
 *   export const listPeople = defineList({
 *     id: "people.list",
 *     path: "/people",
 *     summary: "People and how they use each site",
 *     scope: "inventory:read",
 *     item: PersonRow,
 *     sorts: ["name", "lastActivityAt"],               // first is the default; `-lastActivityAt` descends
 *     filters: { status: manyOf(z.enum(["active", "idle"])).optional(), q: text(100).optional() },
 *   });
 */

export const PAGE_ROWS = 50;
export const PAGE_ROWS_MAX = 200;
/** As far as a page may be jumped to: past the largest list of a largest site. */
export const ROWS_SKIPPED_MAX = 1_000_000;

interface ListOptions<
  Item extends z.ZodObject,
  Sort extends string,
  Filters extends z.core.$ZodLooseShape,
  Params extends z.ZodType,
  Refusals extends RefusalSpecs,
> {
  id: string;
  path: string;
  summary: string;
  description?: string;
  scope: Scope | "any-token";
  params?: Params;
  item: Item;
  sorts: readonly [Sort, ...Sort[]];
  /** The first of `sorts`, ascending, unless said otherwise. */
  defaultSort?: Sort | `-${Sort}`;
  /** Each optional, each with `.meta({ description })` where its name does not say all. */
  filters?: Filters;
  refusals?: Refusals;
  /** The list also answers for earlier days; what it cannot tell of them, `nulls` being fields in words. */
  asOf?: { notSorts?: readonly NoInfer<Sort>[]; notFilters?: readonly string[]; nulls?: string };
  /** The answer names sites that it leaves out, because they were not known early enough. */
  tellsNotKnown?: boolean;
}

export function defineList<
  Item extends z.ZodObject,
  const Sort extends string,
  Filters extends z.core.$ZodLooseShape = Record<never, never>,
  Params extends z.ZodType = NoFields,
  const Refusals extends RefusalSpecs = Record<never, never>,
>(options: ListOptions<Item, Sort, Filters, Params, Refusals>) {
  const [first, ...others] = options.sorts;
  const sorts = [first, ...others].flatMap((each): [Sort, `-${Sort}`] => [each, `-${each}`]);
  const asOf: AsOfLimits | null = options.asOf ? { notSorts: [], notFilters: [], ...options.asOf } : null;
  const description = [options.description, asOf && asOfDescription(asOf, options.asOf?.nulls ?? null)];
  const query = z.strictObject({
    limit: wholeNumber(1, PAGE_ROWS_MAX)
      .default(PAGE_ROWS)
      .meta({ description: `Rows of one page, ${PAGE_ROWS} unless said otherwise.` }),
    cursor: z.string().max(2000).optional().meta({ description: "`next` of the page before; opaque." }),
    at: wholeNumber(0, ROWS_SKIPPED_MAX).optional().meta({
      description:
        "The row that the page begins at, from 0, for a jump; without a cursor. Rows may move between two such pages.",
    }),
    sort: z
      .enum(sorts)
      // The compiler cannot see that a generic `Sort` is one of `sorts`.
      .default((options.defaultSort ?? first) as never)
      .meta({ description: "A leading minus descends; rows without a value come last." }),
    total: flag.default(false).meta({ description: "Also count the matching rows." }),
    format: z
      .enum(["page", "csv", "json"])
      .default("page")
      .meta({ description: "`csv` and `json` export every matching row, whatever `limit` and `cursor` say." }),
    fields: manyOf(z.enum(Object.keys(options.item.shape) as [string, ...string[]]))
      .optional()
      .meta({ description: "Columns of a CSV file, in this order; all unless said otherwise." }),
    // Only lists that have a history take it; a type that says so for each would be the longest of all.
    ...((asOf ? asOfQuery : {}) as typeof asOfQuery),
    ...((options.filters ?? {}) as Filters),
  });
  const answer = z.object({
    items: z.array(options.item),
    next: z.string().nullable().meta({ description: "Cursor of the next page; null on the last one." }),
    total: z.int().nullable().meta({ description: "Matching rows, when asked for by `total=true`." }),
    dataAsOf: instant.nullable().meta({
      description: "The oldest observation the rows rest on; null where nothing was observed or that does not apply.",
    }),
    ...(asOf ? asOfFields : {}),
    ...(asOf || options.tellsNotKnown ? notKnownFields : {}),
  });
  const route: Route<Params, typeof query, z.ZodUndefined, typeof answer, Refusals> = {
    id: options.id,
    method: "GET",
    path: options.path,
    summary: options.summary,
    description: description.filter(Boolean).join(" ") || null,
    scope: options.scope,
    params: options.params ?? (z.strictObject({}) as unknown as Params),
    query,
    body: null,
    takes: "json",
    answer,
    status: 200,
    produces: "list",
    refusals: { ...(options.refusals ?? ({} as Refusals)), ...(asOf ? AS_OF_REFUSALS : {}) },
    revisioned: false,
    needsIfMatch: false,
    sorts: options.sorts,
  };
  return { ...route, item: options.item, sorts: options.sorts, asOf };
}

/** A whole number in a query, within bounds. */
export function wholeNumber(min: number, max: number) {
  return z.preprocess(
    (value) => (typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
}

/** `true` or `false` in a query. */
export const flag = z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean());

/** A day, which means its beginning in UTC, or an instant: where a window of time begins, or before which it ends. */
export const dayOrInstantText = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: "a day such as 2026-05-03, or an instant such as 2026-05-03T12:00:00Z",
});

/** Several values in one query parameter, with commas between: `status=idle,never-used`. */
export function manyOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(item).min(1).max(50));
}
