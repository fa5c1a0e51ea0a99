import type { BodyOf, ParamsOf, QueryOf, WireOf } from "../../api/contract.ts";
import type { Problem } from "../../api/problems.ts";
import { ROUTES, type Routes } from "./routes.generated.ts";

export type RouteId = keyof Routes;
export type AnswerFor<Id extends RouteId> = WireOf<Routes[Id]>;

/** Routes whose answer is a list, and one of its rows. */
export type ListId = { [Id in RouteId]: Routes[Id] extends { item: unknown } ? Id : never }[RouteId];
export type RowOf<Id extends RouteId> = AnswerFor<Id> extends { items: (infer Row)[] } ? Row : never;

/** What a query parameter can be made of; nothing is left out of the address. */
export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

type Loosely<T> = { [Key in keyof T]?: QueryValue };

export type CallInput<Id extends RouteId> = {
  params?: { [Key in keyof ParamsOf<Routes[Id]>]: string | number };
  query?: Loosely<QueryOf<Routes[Id]>>;
  body?: Partial<Record<keyof BodyOf<Routes[Id]>, unknown>> | BodyOf<Routes[Id]>;
  /** The revision that is changed; sent as `If-Match`. */
  ifMatch?: number;
  /** A file to import. */
  file?: Blob;
  signal?: AbortSignal;
};

/** The server refused or failed, and said why. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.problem = problem;
  }
}

/** No answer came: the server or the line is down. */
export class ApiUnreachable extends Error {}

const API = "/api/v1";

/** Asks the API; throws an ApiProblem or ApiUnreachable. Instants in answers are text. */
export function callApi<Id extends RouteId>(id: Id, input: CallInput<Id> = {}): Promise<AnswerFor<Id>> {
  return askAny(id, input as never) as Promise<never>;
}

/** The address of a route with its parameters filled in: for links that download, and for "Copy API query". */
export function urlOf<Id extends RouteId>(id: Id, input: Pick<CallInput<Id>, "params" | "query"> = {}): string {
  return urlOfAny(id, input as never);
}

/** What any route may be given. */
export interface AnyInput {
  params?: Readonly<Record<string, string | number>>;
  query?: Readonly<Record<string, QueryValue>>;
  body?: unknown;
  ifMatch?: number;
  file?: Blob;
  signal?: AbortSignal;
}

/**
 * `callApi` for what serves every route or list alike: the contracts of all of them as one type are a million types, and
 * minutes of checking.
 */
export async function askAny(id: RouteId, input: AnyInput): Promise<unknown> {
  const [method] = PATHS[id] ?? ["GET"];
  const response = await send(urlOfAny(id, input), {
    method,
    headers: {
      // No other site can send it, so a cookie alone changes nothing.
      "usher-client": "web",
      ...(input.body === undefined ? {} : { "content-type": "application/json" }),
      ...(input.file === undefined ? {} : { "content-type": fileTypeOf(input.file) }),
      ...(input.ifMatch === undefined ? {} : { "if-match": `"${input.ifMatch}"` }),
    },
    body: input.file ?? (input.body === undefined ? null : JSON.stringify(input.body)),
    signal: input.signal ?? null,
  });
  return response.status === 204 ? undefined : await response.json();
}

const PATHS: Readonly<Record<string, readonly [method: string, path: string]>> = ROUTES;

/** `urlOf` for what serves every list alike. */
export function urlOfAny(id: RouteId, { params, query }: AnyInput): string {
  const path = PATHS[id]?.[1] ?? "";
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name] ?? "")));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    search.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = search.toString();
  return `${API}${filled}${text === "" ? "" : `?${text}`}`;
}

let answeredAt = 0;

/** When the server last answered a call, by this browser's clock in milliseconds; 0 before the first. */
export function lastAnswerAt(): number {
  return answeredAt;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiUnreachable("No answer", { cause });
  }
  answeredAt = Date.now();
  if (response.ok) return response;
  const body = (await response.json().catch(() => null)) as Problem | null;
  if (body && typeof body.detail === "string") throw new ApiProblem(body);
  throw new ApiUnreachable(`Answered ${response.status}`);
}

function fileTypeOf(file: Blob): string {
  return file.type === "text/csv" ? "text/csv" : "application/octet-stream";
}
