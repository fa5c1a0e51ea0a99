import { createHash } from "node:crypto";
import { z } from "zod";
import { parseJson } from "./body.ts";
import { type Cursor, type Page, SourceFailure } from "../source.ts";

/** Stops a listing whose `next` never ends. 10,000 pages of 200 rows is far past the largest site. */
export const PAGES_MAX = 10_000;

/** What is being listed, for failures. */
export interface Listed {
  endpoint: string;
  /** As in `Asked`. */
  what: string;
}

/** One page as the API gave it. `next` is the API's own mark that there is more, in whatever form. */
export interface RawPage<Row> {
  rows: Row[];
  next: string | null;
}

const OffsetCursor = z.object({
  start: z.number().int().min(0),
  /** Key of the row that must come again; null where nothing is known of the row at `start`. */
  anchor: z.string().nullable(),
  /** The page before was shorter than asked for: the server may count rows that it does not show. */
  isLoose: z.boolean(),
  /** The same place was read once already, and nothing came although there is more. */
  isRepeat: z.boolean(),
  page: z.number().int().min(1),
});
type OffsetCursor = z.infer<typeof OffsetCursor>;

/**
 * A page of a listing that pages by `start`. A removal during such a listing moves a row past the reader while the end
 * mark stays right; so each page starts at the last row of the page before, which must come again.
 */
export async function readOffsetPage<Row>(
  cursor: Cursor,
  options: Listed & {
    limit: number;
    readPage(start: number): Promise<RawPage<Row>>;
    keyOf(row: Row): string;
    /** The `start` that a next link names; null when it names none. Throws for a link that leads elsewhere. */
    startOf(next: string): number | null;
  },
): Promise<Page<Row>> {
  const at: OffsetCursor =
    cursor === null
      ? { start: 0, anchor: null, isLoose: false, isRepeat: false, page: 1 }
      : decode(cursor, OffsetCursor, options);
  const { rows, next } = await options.readPage(at.start);
  const nextStart = next === null ? null : options.startOf(next);
  const fresh = at.anchor === null ? rows : afterAnchor(rows, at, next !== null, options);
  if (next === null) return { rows: fresh, next: null };
  refuseBeyondCeiling(at.page, options);

  const last = fresh.at(-1);
  const page = at.page + 1;
  let following: OffsetCursor;
  if (last !== undefined) {
    // Not by the link: it counts the rows that were asked for, and a server that gives fewer would lose some.
    const start = at.start + rows.length - 1;
    following = { start, anchor: options.keyOf(last), isLoose: rows.length < options.limit, isRepeat: false, page };
  } else if (!at.isRepeat) {
    following = { ...at, isRepeat: true, page };
  } else {
    const start = Math.max(nextStart ?? 0, at.start + options.limit);
    following = { start, anchor: null, isLoose: false, isRepeat: false, page };
  }
  return { rows: fresh, next: JSON.stringify(following) };
}

function afterAnchor<Row>(
  rows: Row[],
  at: OffsetCursor,
  hasNext: boolean,
  options: Listed & { keyOf(row: Row): string },
): Row[] {
  if (rows.length === 0 && hasNext) return rows;
  const isAnchor = (row: Row) => options.keyOf(row) === at.anchor;
  const [first] = rows;
  const index = at.isLoose ? rows.findLastIndex(isAnchor) : first !== undefined && isAnchor(first) ? 0 : -1;
  if (index >= 0) return rows.slice(index + 1);
  throw new SourceFailure(`${options.endpoint}: the row before start ${at.start + 1} is not where it was.`, {
    code: "source.listing-drifted",
    publicMessage: `The listing of ${options.what} changed while it was read, so rows may have been passed over.`,
    fix: "Nothing: the listing is read again from its start.",
    endpoint: options.endpoint,
  });
}

const Mark = z.object({ at: z.string(), rows: z.string() });
const TokenCursor = z.object({
  /** The query or token of the page to read. */
  at: z.string(),
  page: z.number().int().min(1),
  mark: Mark.nullable(),
});

/** A page of a listing that pages by a token or by a link that holds one. */
export async function readTokenPage<Row>(
  cursor: Cursor,
  options: Listed & {
    readPage(at: string | null): Promise<RawPage<Row>>;
    /** What of `next` is needed to go on. Throws for a link that leads elsewhere. */
    tokenOf(next: string): string;
  },
): Promise<Page<Row>> {
  const at = cursor === null ? null : decode(cursor, TokenCursor, options);
  const { rows, next } = await options.readPage(at?.at ?? null);
  if (next === null) return { rows, next: null };

  const page = at?.page ?? 1;
  refuseBeyondCeiling(page, options);
  const token = options.tokenOf(next);
  // Brent's cycle detection: a mark that moves at each power of two meets every circle, whatever its length.
  const mark = {
    at: hash(token),
    rows: rows.length === 0 ? "" : hash(JSON.stringify([rows[0], rows.at(-1), rows.length])),
  };
  const isCircle =
    token === at?.at || (at?.mark && (at.mark.at === mark.at || (mark.rows !== "" && at.mark.rows === mark.rows)));
  if (isCircle) throw endless(`goes round in a circle at page ${page}`, options);
  const isPowerOfTwo = (page & (page - 1)) === 0;
  const following = { at: token, page: page + 1, mark: isPowerOfTwo ? mark : (at?.mark ?? null) };
  return { rows, next: JSON.stringify(following) };
}

/**
 * The query of a `next` link, once it is sure that the link leads to the same listing. Links may be relative to the
 * host or to the `/wiki` context, and through the gateway they may name the site's own host; the request is always made
 * below our own base URL.
 */
export function queryOfNext(
  next: string,
  { endpoint, what, path, baseUrls }: Listed & { path: string; baseUrls: readonly string[] },
): URLSearchParams {
  const origins = baseUrls.map((each) => new URL(each).origin);
  const url = URL.parse(next, origins[0]);
  const ownPath = path.replace(/^\/wiki/, "");
  if (url && origins.includes(url.origin) && url.pathname.endsWith(ownPath)) return url.searchParams;
  throw new SourceFailure(`${endpoint}: the next link leads to ${url ? url.origin + url.pathname : "no URL"}.`, {
    code: "source.foreign-link",
    publicMessage: `The listing of ${what} goes on at another address, where Usher does not send a credential.`,
    fix: "Check the site's address, and that no proxy between Usher and Atlassian rewrites answers.",
    endpoint,
  });
}

function decode<Value>(cursor: string, schema: z.ZodType<Value>, { endpoint, what }: Listed): Value {
  const parsed = schema.safeParse(parseJson(cursor));
  if (parsed.success) return parsed.data;
  throw new SourceFailure(`${endpoint}: the stored cursor is not one of ours.`, {
    code: "source.cursor-expired",
    publicMessage: `The saved place in the listing of ${what} is not readable by this version of Usher.`,
    fix: "Nothing: the listing is read again from its start.",
    endpoint,
  });
}

function refuseBeyondCeiling(page: number, listed: Listed): void {
  if (page >= PAGES_MAX) throw endless(`did not end within ${PAGES_MAX} pages`, listed);
}

function endless(how: string, { endpoint, what }: Listed): SourceFailure {
  return new SourceFailure(`${endpoint}: the listing ${how}.`, {
    code: "source.page-ceiling",
    publicMessage: `The listing of ${what} ${how}; it cannot be believed and nothing is concluded from it.`,
    fix: "Run it again; if it stays, report it to Atlassian with the endpoint and the time.",
    endpoint,
  });
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
