import { createHash } from "node:crypto";
import { canonicalJson } from "../lib/canonical-json.ts";
import type { ListPosition, PageRequest, SortColumn } from "../store/paging.ts";
import { RequestProblem } from "./problem.ts";

/** The list that a cursor belongs to: the route with its parameters, sort and filters. */
interface CursorKey {
  routeId: string;
  params: unknown;
  query: object;
}

/** Opaque to clients. It names the list it came from, so that it cannot go on in another one, and holds no secret. */
export function writeCursor(position: ListPosition, key: CursorKey): string {
  return Buffer.from(JSON.stringify([fingerprint(key), position.value, position.tie])).toString("base64url");
}

/** Throws a RequestProblem 400 for a cursor that was altered or came from another list, sort or filter. */
export function readCursor(cursor: string, key: CursorKey, request: PageRequest): ListPosition {
  const parts = parse(cursor);
  if (!parts) throw wrongCursor("is not a cursor");
  const [made, value, tie] = parts;
  if (made !== fingerprint(key)) throw wrongCursor("came from another list, sort or filter");
  const isValid =
    (value === null ? request.column.isNullable === true : fits(value, request.column)) && fits(tie, request.tie);
  if (!isValid) throw wrongCursor("was altered");
  return { value, tie };
}

function parse(cursor: string): [string, string | null, string] | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    // Not JSON, so not one of ours: the caller says so.
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return null;
  const [made, value, tie] = parts as unknown[];
  if (typeof made !== "string" || typeof tie !== "string") return null;
  return value === null || typeof value === "string" ? [made, value, tie] : null;
}

/** What PostgreSQL writes for the type; anything else would make the statement fail. */
function fits(value: string, { type }: SortColumn): boolean {
  if (type === "bigint") return /^-?\d{1,18}$/.test(value);
  if (type === "timestamptz")
    return INSTANT.test(value) && !Number.isNaN(Date.parse(value.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")));
  return !value.includes("\u0000");
}

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/;

/** Paging and form of the answer do not change which rows a list has. */
const NOT_OF_THE_LIST = new Set(["limit", "cursor", "at", "total", "format", "fields"]);

function fingerprint({ routeId, params, query }: CursorKey): string {
  const filters = Object.fromEntries(Object.entries(query).filter(([name]) => !NOT_OF_THE_LIST.has(name)));
  return createHash("sha256")
    .update(canonicalJson([routeId, params, filters]))
    .digest("base64url")
    .slice(0, 12);
}

function wrongCursor(what: string): RequestProblem {
  const errors = [
    { field: "query.cursor", what, expected: "`next` of the page before, with the same sort and filters" },
  ];
  return new RequestProblem({ status: 400, code: "bad-cursor", detail: `The cursor ${what}.`, errors });
}
