import type { FaultRule } from "../faults.ts";
import { countParameter, json, Refused, type Reply, type SimRequest } from "../http.ts";
import type { Simulation } from "../simulation.ts";
import type { DataCenterCaller } from "./credentials.ts";
import { noSuchResource, restError } from "./http.ts";
import type { DataCenterUser } from "./people.ts";
import type { DataCenter } from "./world.ts";

/** One request on its way through an endpoint of an instance. */
export interface DataCenterCall {
  sim: Simulation;
  dc: DataCenter;
  /** Its path is below the context path. */
  request: SimRequest;
  /** What stood in the braces of the template, decoded. */
  params: Record<string, string>;
  caller: DataCenterCaller;
  /** The fault rules that strike this request. */
  faults: readonly FaultRule[];
}

export interface DataCenterEndpoint {
  method: string;
  template: string;
  /** Administrators of Confluence only; `or-500`: others are answered 500 (CONFSERVER-99908). */
  needs?: "administrator" | "administrator-or-500";
  /** What it changes, `remove-member`; absent where it only reads. */
  write?: string | ((request: SimRequest, params: Record<string, string>) => string | undefined);
  handle(call: DataCenterCall): Reply;
}

/** The server's own largest page, whatever is asked for. */
const PAGE_MAX = 200;

export function hasFault({ faults }: DataCenterCall, kind: FaultRule["kind"]): FaultRule | undefined {
  return faults.find((each) => each.kind === kind);
}

/** `http://host:port/dc/wiki/confluence`. */
export function baseUrl({ url }: Simulation, { name, contextPath }: Pick<DataCenter, "name" | "contextPath">): string {
  return `${url}/dc/${name}${contextPath}`;
}

/**
 * One page by `start` and `limit`. A limit above the server's is cut, but the `next` link counts what was asked for
 * (TRAPS §3): whoever follows it loses rows.
 */
export function page<Row>(
  call: DataCenterCall,
  rows: readonly Row[],
  render: (row: Row) => unknown,
  usualLimit: number,
  more: Record<string, unknown> = {},
): Reply {
  const { start, asked, limit } = pageWish(call, usualLimit);
  const shown = rows.slice(start, start + limit);
  const hasMore = start + shown.length < rows.length;
  return json({
    results: shown.map(render),
    start,
    limit,
    size: shown.length,
    ...more,
    _links: links(call, hasMore ? { start: start + asked, limit: asked } : null),
  });
}

export function pageWish(call: DataCenterCall, usualLimit: number): { start: number; asked: number; limit: number } {
  const { query } = call.request;
  const invalid = (text: string) => restError(400, `'${text}' is not a number from 0`);
  const start = countParameter(query, "start", 0, invalid);
  const asked = countParameter(query, "limit", usualLimit, invalid);
  const cap = hasFault(call, "page-cap")?.amount ?? PAGE_MAX;
  return { start, asked, limit: Math.min(asked, cap) };
}

/** `next` is relative to `base`, as live answers have it; the documents' examples are absolute. */
function links({ sim, dc, request }: DataCenterCall, next: { start: number; limit: number } | null) {
  const base = baseUrl(sim, dc);
  const search = request.query.size === 0 ? "" : `?${request.query.toString()}`;
  const found = { base, context: dc.contextPath, self: `${base}${request.path}${search}` };
  if (!next) return found;
  const query = new URLSearchParams(request.query);
  query.set("limit", String(next.limit));
  query.set("start", String(next.start));
  const target = `${request.path}?${query.toString()}`;
  return { ...found, next: dc.settings.absoluteLinks ? base + target : target };
}

export function expands({ request }: DataCenterCall): Set<string> {
  return new Set(request.query.getAll("expand").flatMap((each) => each.split(",")));
}

/** By `username` or by `key`. */
export function wantedUser({ dc, request }: DataCenterCall): DataCenterUser {
  const key = request.query.get("key");
  const name = request.query.get("username");
  const found = key === null ? dc.usersByName.get(name ?? "") : dc.usersByKey.get(key);
  if (!found)
    throw new Refused(restError(404, `No user found with ${key === null ? "username" : "key"} : ${key ?? name}`));
  return found;
}

export function refuseWhenReadOnly({ dc }: DataCenterCall): void {
  if (dc.settings.accessMode === "READ_ONLY")
    throw new Refused(restError(405, "This operation is not allowed in read-only mode"));
}

export function refuseBefore91(call: DataCenterCall): void {
  if (!call.dc.hasRestPermissions) throw new Refused(noSuchResource(baseUrl(call.sim, call.dc) + call.request.path));
}
