import type { AsOfLimits } from "../api/as-of.ts";
import type { ListingKind } from "../model/runs.ts";
import type { FieldError } from "../api/problems.ts";
import type { AnyRoute } from "../api/contract.ts";
import { findDataAsOf } from "../store/freshness.ts";
import type { Past } from "../store/instants.ts";
import { listKnowledge, type Needs, type SiteKnowledge } from "../store/known-since.ts";
import type { ListSource } from "../store/paging.ts";
import { refusalProblem } from "./send-json.ts";
import type { RequestInput } from "./route.ts";

type AsOfRoute = AnyRoute & { asOf: AsOfLimits | null };

/** Which instant a list was asked for, and what its answer says of that. */
export interface AskedTime {
  past: Past | null;
  at: Date | null;
  told: Required<Pick<ListSource, "dataAsOf" | "asOf" | "notKnown">>;
}

/**
 * Reads `asOf` of a request. For now it says how old the data is (`kinds`). For an earlier instant it finds of which
 * sites what the answer `needs` was known by then, and throws a RequestProblem where of none, where the instant lies in
 * the future, and where the list was to be filtered or sorted by what has no history.
 */
export async function readAskedTime(
  { reader, query, ctx }: Pick<RequestInput, "reader" | "ctx"> & { query: { asOf?: Date; sort: string } },
  route: AsOfRoute,
  { needs, kinds, siteIds }: { needs: Needs; kinds: readonly ListingKind[]; siteIds: readonly string[] | null },
): Promise<AskedTime> {
  const dataAsOf = await findDataAsOf(reader, kinds, siteIds);
  const asked = query.asOf;
  if (asked === undefined) return { past: null, at: null, told: { dataAsOf, asOf: null, notKnown: [] } };

  const errors = [...timeErrors(asked, ctx.clock.now()), ...limitErrors(route, query)];
  const isLater = errors.some((each) => each.field === "query.asOf");
  if (errors.length > 0) throw refusalProblem(route, { code: "not-as-of", ...(isLater ? LATER : {}), errors });
  const sites = await listKnowledge(reader, needs, siteIds);
  const known = sites.filter(({ since }) => since !== null && since <= asked);
  const notKnown = sites.filter((each) => !known.includes(each)).map((each) => ({ ...each, kind: null }));
  if (known.length === 0) throw refusalProblem(route, { code: "not-known-then", detail: notKnownText(notKnown) });
  // What was last observed before the day is all that is known of it; else the day itself says how old it is.
  const told = { dataAsOf: dataAsOf && dataAsOf < asked ? dataAsOf : null, asOf: asked, notKnown };
  return { past: { at: asked, siteIds: known.map((each) => each.siteId) }, at: asked, told };
}

const LATER = { detail: "The day lies in the future. Ask for today or an earlier day." };

/** A day that is not over yet may be asked for; it is told as far as it has come. */
export function timeErrors(asked: Date, now: Date, field = "asOf"): FieldError[] {
  const endOfToday = new Date(`${now.toISOString().slice(0, 10)}T23:59:59.999Z`);
  if (asked <= endOfToday) return [];
  return [{ field: `query.${field}`, what: "lies in the future", expected: "today or an earlier day" }];
}

function limitErrors({ asOf, sorts }: AsOfRoute, query: { sort: string }): FieldError[] {
  const { notSorts = [], notFilters = [] } = asOf ?? {};
  const errors = notFilters
    .filter((name) => (query as Record<string, unknown>)[name] !== undefined)
    .map((name) => ({
      field: `query.${name}`,
      what: "is not known of an earlier day",
      expected: "another filter, or this one without asOf",
    }));
  const sort = query.sort.replace(/^-/, "");
  if (!notSorts.includes(sort)) return errors;
  const possible = (sorts ?? []).filter((each) => !notSorts.includes(each));
  const what = `cannot be ${sort} for an earlier day`;
  return [...errors, { field: "query.sort", what, expected: `one of ${possible.join(", ")}` }];
}

/** Most sites named in one sentence. */
const SITES_MAX = 5;

export function notKnownText(sites: readonly Pick<SiteKnowledge, "site" | "since">[]): string {
  if (sites.length === 0) return "No site is known yet. Connect one and let Usher read it.";
  const told = sites
    .slice(0, SITES_MAX)
    .map(({ site, since }) =>
      since ? `${site}: not known before ${since.toISOString()}` : `${site}: never read to its end so far`,
    );
  return `${told.join("; ")}. Before that a list would be empty for want of looking: ask for a later time.`;
}
