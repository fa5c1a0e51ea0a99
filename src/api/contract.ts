import { z } from "zod";
import type { Scope } from "../model/scopes.ts";

/*
 * The contract of the HTTP API as plain data. One route says what it takes, what it answers and how it refuses; the
 * server checks requests and answers with it, the client and the OpenAPI document are made from it.
 *
 *   // src/api/connections.ts
 *   export const getConnection = defineRoute({
 *     id: "connections.get",
 *     method: "GET",
 *     path: "/connections/{connectionId}",          // below /api/v1
 *     summary: "One connection",
 *     scope: "connections:read",
 *     params: z.strictObject({ connectionId: idOf("connection") }),
 *     answer: Connection,                             // z.object; instants by `instant`, so handlers give a Date
 *     refusals: { "no-such-connection": { status: 404, says: "There is no such connection." } },
 *     revisioned: true,                               // the answer's `revision` goes out as ETag
 *   });
 *   export const connectionRoutes = [getConnection, …];    // and one line in src/api/routes.ts
 *
 * Lists: `defineList` in ./lists.ts. Server side: `handle` in src/http/route.ts, `handleList` in src/http/lists.ts.
 */

export const API_PREFIX = "/api/v1";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Statuses with which a handler may refuse. 400, 401, 403, 413, 415, 428, 429 and 500 the server also gives by itself. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 410 | 412 | 422 | 429 | 502 | 503;

export interface RefusalSpec {
  status: RefusalStatus;
  /** What happened in the reader's words, and what to do next. */
  says: string;
}

export type RefusalSpecs = Record<string, RefusalSpec>;

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Refusals extends RefusalSpecs = RefusalSpecs,
> {
  /** `noun.verb`, unique; the operation id of the OpenAPI document. */
  id: string;
  method: Method;
  path: string;
  summary: string;
  /** More than the summary says: bounds, what the numbers rest on. Markdown. */
  description: string | null;
  /** `any-token`: whoever is signed in, by a session or a token; `public`: anybody. */
  scope: Scope | "any-token" | "public";
  params: Params;
  query: Query;
  /** Null: the route takes no body. */
  body: Body | null;
  /** What the body is: one JSON value (`body`), or a file (`csv`, or any) that is read as a stream, and then `body` is null. */
  takes: "json" | "csv" | "file";
  answer: Answer;
  /** 200 unless something was made (201) or only begun (202); 204 has no answer. */
  status: 200 | 201 | 202 | 204;
  /**
   * What the answer is: one JSON value, a list that also exports, a stream of server-sent events of `answer`, or a file
   * to keep, of which `answer` says nothing.
   */
  produces: "json" | "list" | "events" | "file";
  refusals: Refusals;
  /** The answer has a `revision`, which goes out as `ETag`. */
  revisioned: boolean;
  /** The request must say by `If-Match` which revision it changes: 428 without it; the handler refuses `stale-revision`. */
  needsIfMatch: boolean;
  /** Set for lists only: what it can be sorted by, first is the default. */
  sorts: readonly string[] | null;
}

export type AnyRoute = Route;
export type NoFields = z.ZodObject<Record<never, never>, z.core.$strict>;

const NO_FIELDS: NoFields = z.strictObject({});

export const STALE_REVISION = {
  "stale-revision": {
    status: 412,
    says: "It was changed since you read it. Read it again and repeat the change with its new revision.",
  },
} as const satisfies RefusalSpecs;

export interface RouteOptions<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
  Refusals extends RefusalSpecs,
> {
  id: string;
  method: Method;
  path: string;
  summary: string;
  description?: string;
  scope: Scope | "any-token" | "public";
  params?: Params;
  query?: Query;
  body?: Body;
  /** Left out: the route answers 204 without a body. */
  answer?: Answer;
  status?: 200 | 201 | 202;
  takes?: "json" | "csv" | "file";
  produces?: "json" | "events" | "file";
  refusals?: Refusals;
  revisioned?: boolean;
}

/** `needsIfMatch: true` adds the refusal `stale-revision` (412), which the handler gives when the revision differs. */
export function defineRoute<
  Params extends z.ZodType = NoFields,
  Query extends z.ZodType = NoFields,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
  const Refusals extends RefusalSpecs = Record<never, never>,
>(
  options: RouteOptions<Params, Query, Body, Answer, Refusals> & { needsIfMatch: true },
): Route<Params, Query, Body, Answer, Refusals & typeof STALE_REVISION>;
export function defineRoute<
  Params extends z.ZodType = NoFields,
  Query extends z.ZodType = NoFields,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
  const Refusals extends RefusalSpecs = Record<never, never>,
>(
  options: RouteOptions<Params, Query, Body, Answer, Refusals> & { needsIfMatch?: false },
): Route<Params, Query, Body, Answer, Refusals>;
export function defineRoute(
  options: RouteOptions<z.ZodType, z.ZodType, z.ZodType, z.ZodType, RefusalSpecs> & { needsIfMatch?: boolean },
): Route {
  return {
    id: options.id,
    method: options.method,
    path: options.path,
    summary: options.summary,
    description: options.description ?? null,
    scope: options.scope,
    params: options.params ?? NO_FIELDS,
    query: options.query ?? NO_FIELDS,
    body: options.body ?? null,
    takes: options.takes ?? "json",
    answer: options.answer ?? z.void(),
    status: options.answer ? (options.status ?? 200) : 204,
    produces: options.produces ?? "json",
    refusals: { ...options.refusals, ...(options.needsIfMatch ? STALE_REVISION : {}) },
    revisioned: options.revisioned ?? false,
    needsIfMatch: options.needsIfMatch ?? false,
    sorts: null,
  };
}

/** An instant: ISO text with `Z` on the wire, a `Date` inside the server. */
export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** An id that people see: its prefix and 12 characters that sort by time. */
export function idOf(prefix: string): z.ZodString {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{12}$`), `an id that looks like ${prefix}_0f3k8v2m1q7x`);
}

/** Text that a person typed: trimmed, not empty, without control characters. */
export function text(charactersMax: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1)
    .max(charactersMax)
    .regex(/^\P{Cc}*$/u, "text without control characters");
}

export type ParamsOf<R> = R extends Route<infer P, z.ZodType, z.ZodType, z.ZodType, RefusalSpecs> ? z.output<P> : never;
export type QueryOf<R> = R extends Route<z.ZodType, infer Q, z.ZodType, z.ZodType, RefusalSpecs> ? z.output<Q> : never;
export type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B, z.ZodType, RefusalSpecs> ? z.output<B> : never;
/** What a handler gives: instants are `Date`. */
export type AnswerOf<R> = R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A, RefusalSpecs> ? z.output<A> : never;
/** What goes over the wire, as the client gets it: instants are text. */
export type WireOf<R> = R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A, RefusalSpecs> ? z.input<A> : never;
export type RefusalOf<R> =
  R extends Route<z.ZodType, z.ZodType, z.ZodType, z.ZodType, infer Specs> ? keyof Specs & string : never;
