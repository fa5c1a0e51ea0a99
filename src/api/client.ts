import type { z } from "zod";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import {
  API_PREFIX,
  type AnyRoute,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type Route,
  type WireOf,
} from "./contract.ts";
import { readEvents } from "./event-stream.ts";
import { Problem } from "./problems.ts";

/*
 * The typed client of the API, made from the same contract as the server.
 *
 *   const client = createClient({ baseUrl: "http://127.0.0.1:4000", token, clock: systemClock });
 *   const run = await client.call(getRun, { params: { runId } });           // refusals throw ApiProblem
 *   for await (const person of client.items(listPeople, { query: { status: ["idle"] } })) …
 *   for await (const update of client.events(followRun, { params: { runId } }, (data) => isOver(data.run))) …
 *   for await (const bytes of client.export(listPeople, "csv", {})) …
 */
export interface ClientOptions {
  /** Where Usher is, without `/api/v1`. */
  baseUrl: string;
  token: string;
  /** For waiting before a broken stream is opened again. */
  clock: Clock;
  fetch?: typeof fetch;
  /** Named in the journal as the door that a change came through. */
  door?: "cli";
}

/** A route without fields has the type of any object that is empty. */
type IfAny<Fields, Then> = string extends keyof Fields ? unknown : Then;
type BodyInput<R> = R extends { body: infer Body }
  ? NonNullable<Body> extends z.ZodType
    ? z.input<NonNullable<Body>>
    : never
  : never;

/** What a call is given; only what the route takes. */
export type CallInput<R extends AnyRoute> = IfAny<ParamsOf<R>, { params: ParamsOf<R> }> &
  IfAny<QueryOf<R>, { query?: Partial<QueryOf<R>> }> &
  ([BodyOf<R>] extends [undefined] ? unknown : { body: BodyInput<R> }) & {
    /** The revision that is changed; `*` whatever it is. */
    ifMatch?: number | "*";
    /** The file, for a route that takes one. */
    csv?: Blob | string;
    signal?: AbortSignal;
  };

/** A list's page as it goes over the wire. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
  total: number | null;
  dataAsOf: string | null;
  /** Lists that answer for earlier days: the instant that was asked for, and sites of which nothing was known then. */
  asOf?: string | null;
  notKnown?: { siteId: string; site: string; kind: string | null; since: string | null }[];
}

type ListRoute = Route & { item: z.ZodType };
type ItemOf<R extends ListRoute> = z.input<R["item"]>;

export interface Client {
  call<R extends AnyRoute>(route: R, input: CallInput<R>): Promise<WireOf<R>>;
  /** Every page from the first; give `query.limit` for their size. */
  pages<R extends ListRoute>(route: R, input: CallInput<R>): AsyncGenerator<Page<ItemOf<R>>>;
  items<R extends ListRoute>(route: R, input: CallInput<R>): AsyncGenerator<ItemOf<R>>;
  /** Every matching row as the server writes it, in pieces as they come. */
  export<R extends ListRoute>(route: R, format: "csv" | "json", input: CallInput<R>): AsyncGenerator<Uint8Array>;
  /** A file as the server makes it, in pieces as they come; one that breaks off throws. */
  download<R extends AnyRoute>(route: R, input: CallInput<R>): AsyncGenerator<Uint8Array>;
  /** A stream of events, opened again where it broke off, until one is the last or `input.signal` is aborted. */
  events<R extends AnyRoute>(
    route: R,
    input: CallInput<R>,
    isLast: (data: WireOf<R>) => boolean,
  ): AsyncGenerator<WireOf<R>>;
}

/** The server refused or failed, and said why. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = new.target.name;
    this.problem = problem;
  }
}

/** No answer, or one that is not of this API: a wrong address, a proxy's page, a server that is not up. */
export class ApiUnreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** A list of 50,000 accounts in pages of one would end here; so does a server whose `next` never ends. */
const PAGES_MAX = 100_000;
const RECONNECT_MS = 1000;
/** In a row without any event between; a server that is restarted is back within this. */
const RECONNECTS_MAX = 30;

interface AnyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  ifMatch?: number | "*";
  csv?: Blob | string;
  signal?: AbortSignal;
}

function fileTypeOf({ takes }: AnyRoute): string {
  return takes === "file" ? "application/octet-stream" : "text/csv";
}

export function createClient(options: ClientOptions): Client {
  const ask = options.fetch ?? fetch;

  async function send(route: AnyRoute, input: AnyInput, headers: Record<string, string> = {}): Promise<Response> {
    const url = urlOf(options.baseUrl, route, input);
    let response: Response;
    try {
      response = await ask(url, {
        method: route.method,
        headers: {
          authorization: `Bearer ${options.token}`,
          ...(options.door === undefined ? {} : { "usher-client": options.door }),
          ...(input.body === undefined ? {} : { "content-type": "application/json" }),
          ...(input.csv === undefined ? {} : { "content-type": fileTypeOf(route) }),
          ...(input.ifMatch === undefined ? {} : { "if-match": input.ifMatch === "*" ? "*" : `"${input.ifMatch}"` }),
          ...headers,
        },
        body: input.csv ?? (input.body === undefined ? null : JSON.stringify(input.body)),
        signal: input.signal ?? null,
      });
    } catch (cause) {
      if (input.signal?.aborted) throw cause;
      throw new ApiUnreachable(`No answer from ${url.origin}: ${reasonOf(cause)}.`, cause);
    }
    if (!response.ok) throw await problemOf(response, url);
    return response;
  }

  async function call(route: AnyRoute, input: AnyInput): Promise<unknown> {
    const response = await send(route, input);
    if (route.status === 204) return undefined;
    const body = await jsonOf(response);
    // Checked, but given as it came: instants stay text, and fields of a newer server stay.
    if (route.answer.safeParse(body).success) return body;
    throw new ApiUnreachable(
      `The answer to ${route.id} is not what this version knows. Are client and server of one version?`,
    );
  }

  async function* pages(route: AnyRoute, input: AnyInput): AsyncGenerator<Page<unknown>> {
    let cursor: string | null = null;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const query: Record<string, unknown> = { ...input.query, ...(cursor === null ? {} : { cursor }) };
      const answer = (await call(route, { ...input, query })) as Page<unknown>;
      yield answer;
      if (answer.next === null) return;
      cursor = answer.next;
    }
    throw new ApiUnreachable(`The list ${route.id} did not end after ${PAGES_MAX} pages.`);
  }

  async function* exportRows(route: AnyRoute, format: "csv" | "json", input: AnyInput): AsyncGenerator<Uint8Array> {
    const response = await send(route, { ...input, query: { ...input.query, format } });
    if (response.body) yield* response.body;
  }

  async function* download(route: AnyRoute, input: AnyInput): AsyncGenerator<Uint8Array> {
    const response = await send(route, input);
    try {
      if (response.body) yield* response.body;
    } catch (cause) {
      if (input.signal?.aborted) throw cause;
      throw new ApiUnreachable(`${new URL(response.url).origin} broke off before the file was whole.`, cause);
    }
  }

  async function* events(route: AnyRoute, input: AnyInput, isLast: (data: never) => boolean): AsyncGenerator<unknown> {
    let lastId: string | null = null;
    for (let broken = 0; broken <= RECONNECTS_MAX; broken += 1) {
      try {
        const response = await send(route, input, lastId === null ? {} : { "last-event-id": lastId });
        for await (const event of readEvents(response)) {
          lastId = event.id ?? lastId;
          broken = 0;
          const data: unknown = JSON.parse(event.data);
          yield data;
          if (isLast(data as never)) return;
        }
      } catch (error) {
        // A refusal stays one however often it is asked; only what broke off is worth another try.
        if (input.signal?.aborted || error instanceof ApiProblem) throw error;
      }
      await options.clock.sleep(RECONNECT_MS, input.signal);
    }
    throw new ApiUnreachable(`The stream ${route.id} broke off ${RECONNECTS_MAX} times in a row.`);
  }

  return {
    call,
    pages,
    async *items(route: AnyRoute, input: AnyInput) {
      for await (const page of pages(route, input)) yield* page.items;
    },
    export: exportRows,
    download,
    events,
  } as Client;
}

function urlOf(baseUrl: string, route: AnyRoute, { params = {}, query = {} }: AnyInput): URL {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const url = new URL(`${baseUrl.replace(/\/$/, "")}${API_PREFIX}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, textOf(value));
  }
  return url;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(textOf).join(",") : String(value);
}

async function problemOf(response: Response, url: URL): Promise<ApiProblem | ApiUnreachable> {
  const body = await jsonOf(response).catch(() => null);
  const problem = Problem.safeParse(body);
  if (problem.success) return new ApiProblem(problem.data);
  return new ApiUnreachable(
    `${url.origin} answered ${response.status}, but not as Usher does. Is this Usher's address?`,
  );
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiUnreachable("The answer is not JSON. Is this Usher's address?", cause);
  }
}

/** fetch says "fetch failed"; why is in its cause. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (inner instanceof Error && "code" in inner && inner.code === "ECONNREFUSED") return "nothing listens there";
  return messageOf(inner);
}
