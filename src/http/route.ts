import type { AnyRoute, AnswerOf, BodyOf, ParamsOf, QueryOf, RefusalOf } from "../api/contract.ts";
import type { FieldError } from "../api/problems.ts";
import type { Context } from "../commands/context.ts";
import type { Log } from "../lib/log.ts";
import type { Result } from "../lib/result.ts";
import type { Reader } from "../store/database.ts";
import type { ListSource } from "../store/paging.ts";
import type { SessionCookie } from "./sign-in/cookie.ts";
import type { Services } from "./services.ts";

/*
 * The server side of a contract.
 *
 *   // src/http/routes/connections.ts
 *   export const connectionHandlers = [
 *     handle(getConnection, async ({ reader, params }) => {
 *       const connection = await findConnection(reader, params.connectionId);
 *       return connection ? ok(connection) : refuse("no-such-connection");
 *     }),
 *     handle(renameConnection, ({ ctx, params, body, ifMatch }) => rename(ctx, params.connectionId, body, ifMatch)),
 *   ];                                                  // and one line in src/http/routes.ts
 *
 * `params`, `query` and `body` are parsed by the contract. A refusal is one of the route's codes, alone or with words
 * of its own; what is thrown becomes a problem (a Fault with its public message, anything else 500 without internals).
 */
export type Handler =
  | { kind: "json"; route: AnyRoute; answer(input: RequestInput): Promise<Result<unknown, Refusal<string>>> }
  | { kind: "list"; route: AnyRoute; open(input: RequestInput): Promise<Result<ListSource, Refusal<string>>> }
  | { kind: "file"; route: AnyRoute; open(input: RequestInput): Promise<Result<FileSource, Refusal<string>>> }
  | { kind: "events"; route: AnyRoute; follow(input: RequestInput): Promise<Result<EventSource, Refusal<string>>> };

/** Who asks: the operator behind the token or the session; `nobody` on a route that is everybody's. */
export interface Caller {
  operatorId: string;
  kind: "person" | "service-account" | "nobody";
  email: string | null;
  /** Null: by a session. */
  tokenId: string | null;
  /** Who made the token, where that was another operator. */
  tokenMadeBy: string | null;
  /** Null: by a token. */
  sessionId: string | null;
  /** What the token itself may do; everything by a session. */
  held: readonly string[];
  /** What may be done now: of a person, no more than their roles. */
  scopes: readonly string[];
}

export interface RequestInput<Params = unknown, Query = unknown, Body = unknown> {
  /** For commands: the database, and the caller as actor. */
  ctx: Context;
  /** For reads. */
  reader: Reader;
  services: Services;
  caller: Caller;
  /** Where the request came from, as far as it says. */
  client: { address: string; userAgent: string | null };
  cookie: SessionCookie;
  /** The e-mail of an owner whom no role allows this: lists show only what they own. Null: a role or token does. */
  ownedBy: string | null;
  /** How browsers reach Usher, without a trailing slash. */
  publicUrl: string;
  params: Params;
  query: Query;
  body: Body;
  /** The file of a route that takes one, as it comes; null of any other. It can be read once. */
  csv: AsyncIterable<Uint8Array> | null;
  /** The revision that the request changes; null when it sent `*`. Always null where the route does not need it. */
  ifMatch: number | null;
  /** The last event that a reconnecting client saw; null where there is none. */
  lastEventId: string | null;
  /** Aborted when the client has gone or the server closes. */
  signal: AbortSignal;
  log: Log;
}

export type InputOf<R> = RequestInput<ParamsOf<R>, QueryOf<R>, BodyOf<R>>;

/** A code of the route, or one with a detail for this request and the fields that are wrong. */
export type Refusal<Code extends string> = Code | { code: Code; detail?: string; errors?: readonly FieldError[] };

export type Outcome<R> = Result<AnswerOf<R>, Refusal<RefusalOf<R>>>;

export function handle<R extends AnyRoute>(route: R, answer: (input: InputOf<R>) => Promise<Outcome<R>>): Handler {
  return { kind: "json", route, answer: answer as (input: RequestInput) => Promise<Result<unknown, Refusal<string>>> };
}

/** A file that is sent as it is made, and kept by whoever asked. */
export interface FileSource {
  name: string;
  /** Its media type. */
  type: string;
  bytes: AsyncIterable<Uint8Array>;
}

export function handleFile<R extends AnyRoute>(
  route: R,
  open: (input: InputOf<R>) => Promise<Result<FileSource, Refusal<RefusalOf<R>>>>,
): Handler {
  return { kind: "file", route, open: open as (input: RequestInput) => Promise<Result<FileSource, Refusal<string>>> };
}

/** One server-sent event. `id` lets a client that lost the connection go on after it. */
export interface ServerEvent {
  id: string;
  event: string;
  data: unknown;
}

/** Ends by itself when there is nothing more to tell, or when the request's `signal` is aborted. */
export type EventSource = AsyncIterable<ServerEvent>;

export function handleEvents<R extends AnyRoute>(
  route: R,
  follow: (input: InputOf<R>) => Promise<Result<EventSource, Refusal<RefusalOf<R>>>>,
): Handler {
  return {
    kind: "events",
    route,
    follow: follow as (input: RequestInput) => Promise<Result<EventSource, Refusal<string>>>,
  };
}
