import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { AnyRoute } from "../api/contract.ts";
import type { FieldError } from "../api/problems.ts";
import { RequestProblem } from "./problem.ts";

/** A request as its route's schemas understand it. */
export interface ReadRequest {
  params: unknown;
  query: unknown;
  body: unknown;
  csv: AsyncIterable<Uint8Array> | null;
  ifMatch: number | null;
}

/** Most wrong fields told at once. */
const ERRORS_MAX = 20;

/** Parses every part by the contract; throws one RequestProblem (400, 428) that names each wrong field. */
export function readRequest(route: AnyRoute, request: FastifyRequest): ReadRequest {
  const errors: FieldError[] = [];
  const params = parse(route.params, request.params, "path", errors);
  const query = parse(route.query, request.query, "query", errors);
  const csv = route.takes === "json" ? null : readFile(route.takes, request, errors);
  const body = csv ? undefined : readBody(route, request, errors);
  if (errors.length > 0) {
    const detail = errors.length === 1 ? "One field is not right." : `${errors.length} fields are not right.`;
    throw new RequestProblem({ status: 400, code: "bad-request", detail, errors: errors.slice(0, ERRORS_MAX) });
  }
  return { params, query, body, csv, ifMatch: route.needsIfMatch ? readIfMatch(request) : null };
}

/** A file that is not read to its end is let run out unread: to break it off would break off the answer as well. */
async function* bytesOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } finally {
    body.resume();
  }
}

/** The parser of files gives the stream itself. */
function readFile(
  takes: "csv" | "file",
  { body }: FastifyRequest,
  errors: FieldError[],
): AsyncIterable<Uint8Array> | null {
  if (body instanceof Readable) return bytesOf(body);
  const type = takes === "csv" ? "text/csv" : "application/octet-stream";
  const what = takes === "csv" ? "is no CSV file" : "is no file";
  errors.push({ field: "body", what, expected: `a file, with the content type ${type}` });
  return null;
}

function readBody(route: AnyRoute, request: FastifyRequest, errors: FieldError[]): unknown {
  const given = request.body;
  if (route.body) return parse(route.body, given, "body", errors);
  if (given !== undefined && given !== null) {
    errors.push({ field: "body", what: "is given", expected: "no body: this request takes none" });
  }
  return undefined;
}

function parse(schema: z.ZodType, value: unknown, part: string, errors: FieldError[]): unknown {
  const flaw = flawOf(value);
  if (flaw) {
    errors.push({ field: part, ...flaw });
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  errors.push(...parsed.error.issues.flatMap((issue) => fieldErrors(issue, part, value)));
  return undefined;
}

/** No request of this API nests deeper than a few levels; a bound keeps hostile ones from the stack. */
const DEPTH_MAX = 20;

/**
 * What no schema asks about. PostgreSQL's text and jsonb cannot hold U+0000 or half of a character, wherever in a request
 * it stands; in the journal's personal part it would be kept as text, and fail every list that has the entry.
 */
function flawOf(value: unknown, depth = 0): { what: string; expected: string } | null {
  if (typeof value === "string") {
    if (value.includes("\u0000")) return { what: "holds the character U+0000", expected: "text without it" };
    return value.isWellFormed() ? null : { what: "holds half of a character", expected: "text in whole characters" };
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth === DEPTH_MAX) return { what: "is nested too deeply", expected: `at most ${DEPTH_MAX} levels` };
  for (const [key, each] of Object.entries(value)) {
    const flaw = flawOf(key) ?? flawOf(each, depth + 1);
    if (flaw) return flaw;
  }
  return null;
}

function fieldErrors(issue: z.core.$ZodIssue, part: string, value: unknown): FieldError[] {
  const field = [part, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: `${field}.${key.slice(0, 100)}`,
      what: "is not a field here",
      expected: "only the fields that the documentation names",
    }));
  }
  return [{ field, what: isMissing(issue, value) ? "is missing" : whatOf(issue), expected: expectedOf(issue) }];
}

/** Whether nothing stands where the issue points to; what a schema made of a text first cannot be looked up. */
function isMissing({ path }: z.core.$ZodIssue, value: unknown): boolean {
  let place = value;
  for (const key of path) {
    if (typeof place !== "object" || place === null) return false;
    place = (place as Record<PropertyKey, unknown>)[key];
  }
  return place === undefined;
}

function whatOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small") return "is too small or too short";
  if (issue.code === "too_big") return "is too large or too long";
  if (issue.code === "invalid_value") return "is not one of the values that are known";
  if (issue.code === "invalid_type") return "is of another type";
  return "is not right";
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return nounOf(issue.expected);
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
    case "too_big":
      return `at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
    case "invalid_format":
      return FORMATS[issue.format] ?? issue.message;
    default:
      return issue.message;
  }
}

/** Formats whose own message says only that the text is invalid; a pattern's message says what would be right. */
const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  uuid: "a UUID",
  datetime: "an instant such as 2026-05-03T12:00:00Z",
  url: "a URL",
};

function nounOf(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unitOf(origin: string, count: number | bigint): string {
  if (origin === "string") return count === 1 ? " character" : " characters";
  if (origin === "array") return count === 1 ? " entry" : " entries";
  return "";
}

/** `"7"`, as the ETag of the answer said; `*` changes it whatever its revision. */
function readIfMatch(request: FastifyRequest): number | null {
  const given = request.headers["if-match"];
  if (given === undefined) {
    throw new RequestProblem({
      status: 428,
      code: "if-match-needed",
      detail: "Say by If-Match which revision you change, so that nobody's change is overwritten unseen.",
      errors: [
        { field: "header.if-match", what: "is missing", expected: 'the ETag of what you read, such as "7", or *' },
      ],
    });
  }
  if (given.trim() === "*") return null;
  const revision = /^"(\d{1,9})"$/.exec(given.trim())?.[1];
  if (revision !== undefined) return Number(revision);
  throw new RequestProblem({
    status: 400,
    code: "bad-request",
    detail: "One field is not right.",
    errors: [
      { field: "header.if-match", what: "is not an ETag", expected: 'the ETag of what you read, such as "7", or *' },
    ],
  });
}
