import type { IncomingHttpHeaders } from "node:http";

/** A request after its prefix (gateway, site host, …) was taken off. */
export interface SimRequest {
  method: string;
  /** Below the host, undecoded: `/wiki/rest/api/group`. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  body: string;
  type: string;
  headers: Record<string, string>;
  /** Objects in a read: a point each, two for users, groups, memberships and permissions (FACTS §8). */
  points: number;
}

const JSON_TYPE = "application/json;charset=UTF-8";

/** `objects` count a point each, `identities` two. Ready-made JSON may be given as a string. */
export function json(body: unknown, cost: { objects?: number; identities?: number } = {}): Reply {
  const points = (cost.objects ?? 0) + 2 * (cost.identities ?? 0);
  return {
    status: 200,
    body: typeof body === "string" ? body : JSON.stringify(body),
    type: JSON_TYPE,
    headers: {},
    points,
  };
}

export function status(code: number, body?: unknown): Reply {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    status: code,
    body: text,
    type: typeof body === "string" ? "text/plain;charset=UTF-8" : JSON_TYPE,
    headers: {},
    points: 0,
  };
}

export function html(code: number, body: string): Reply {
  return { status: code, body, type: "text/html;charset=UTF-8", headers: {}, points: 0 };
}

export function redirect(location: string): Reply {
  return { ...status(302), headers: { location } };
}

const EXCEPTIONS: Record<number, string> = {
  400: "BadRequestException",
  403: "PermissionException",
  404: "NotFoundException",
  409: "ConflictException",
  410: "GoneException",
};

/** FACTS §9, first row. */
export function v1Error(code: number, message: string): Reply {
  const exception = EXCEPTIONS[code] ?? "ServiceException";
  return status(code, {
    statusCode: code,
    data: { authorized: code !== 403, valid: code !== 400, errors: [], successful: false },
    message: `com.atlassian.confluence.api.service.exceptions.${exception}: ${message}`,
  });
}

/** FACTS §9: the specification declares no body; this one is common. */
export function v2Error(code: number, name: string, title: string): Reply {
  return status(code, { errors: [{ status: code, code: name, title, detail: null }] });
}

/** Organizations API (FACTS §6). */
export function adminError(code: number, errorCode: string, title: string): Reply {
  return status(code, {
    errors: [
      { id: "0af8a2ae-1f2d-4c60-8a55-d5bfb4b3f0a1", status: String(code), code: errorCode, title, detail: title },
    ],
  });
}

/**
 * JSON in plain ASCII. One letter outside Latin-1 makes a string twice as large in memory, and every page it is joined
 * into; so what is kept to be joined is escaped first.
 */
export function asciiJson(value: unknown): string {
  const escape = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, escape);
}

/** Rows of JSON as the inside of a list, without copying them yet. */
export function listed(rows: readonly string[]): string {
  let text = "";
  for (const row of rows) text += text === "" ? row : `,${row}`;
  return text;
}

/** An answer that ends the handling of a request from wherever it is found. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

/** A query parameter that is a count; absent gives `fallback`. `invalid` is the answer to anything else. */
export function countParameter(
  query: URLSearchParams,
  name: string,
  fallback: number,
  invalid: (text: string) => Reply,
): number {
  const text = query.get(name);
  if (text === null || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Refused(invalid(text));
  return Number(text);
}

/** Comma-separated or repeated. */
export function listParameter(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((each) => each.split(","))
    .filter((each) => each !== "");
}

/** The request's JSON object, or undefined when it is none. */
export function bodyObject(request: SimRequest): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // Not JSON: the caller answers 400, as for any other malformed body.
    return undefined;
  }
}

/** Opaque page positions: what they hold is nobody's business. */
export function encodeCursor(offset: number): string {
  return Buffer.from(JSON.stringify({ o: offset })).toString("base64url");
}

/** Null for anything that this simulator did not make. */
export function decodeCursor(cursor: string): number | null {
  const found = /^\{"o":(\d{1,9})\}$/.exec(Buffer.from(cursor, "base64url").toString());
  return found ? Number(found[1]) : null;
}
