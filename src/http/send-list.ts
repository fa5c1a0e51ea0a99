import { stringify } from "csv-stringify/sync";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { messageOf } from "../lib/errors.ts";
import {
  pageSql,
  positionSql,
  type ListPosition,
  type ListSource,
  type PageKeys,
  type PageRequest,
} from "../store/paging.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { RequestProblem } from "./problem.ts";
import type { Handler, RequestInput } from "./route.ts";
import { encode, refusalProblem } from "./send-json.ts";
import { sendPieces } from "./send-pieces.ts";

type ListHandler = Extract<Handler, { kind: "list" }>;
type Row = Record<string, unknown> & Partial<PageKeys>;

/** What `defineList` puts into every list's query. */
interface ListQuery {
  limit: number;
  cursor?: string;
  at?: number;
  sort: string;
  total: boolean;
  format: "page" | "csv" | "json";
  fields?: string[];
}

/** Exports under way at once; each holds a database connection for as long as its client reads. */
const EXPORTS_MAX = 3;

/** How many exports a server has under way. */
export interface ExportGate {
  underWay: number;
  stalledMsMax: number;
}

export async function sendList(
  handler: ListHandler,
  input: RequestInput,
  reply: FastifyReply,
  gate: ExportGate,
): Promise<FastifyReply> {
  const outcome = await handler.open(input);
  if (!outcome.ok) throw refusalProblem(handler.route, outcome.error);
  const source = outcome.value;
  const query = input.query as ListQuery;
  if (query.format === "page") {
    const body = await readPage(handler, source, input, query);
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(body));
  }
  // The first rows are read before the status goes out, so that a statement that fails is a problem, not a torn file.
  const items = exportItems(handler, source, input, query, gate);
  const rows = begun(items, await items.next());
  const name = `${handler.route.id.split(".")[0]}-${input.ctx.clock.now().toISOString().slice(0, 10)}`;
  reply.header("content-disposition", `attachment; filename="${name}.${query.format}"`);
  for (const [header, value] of headersOf(source)) reply.header(header, value);
  const text = query.format === "csv" ? csvOf(query.fields ?? fieldsOf(handler), rows) : jsonOf(rows, source);
  const type = query.format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
  const { log } = input;
  return sendPieces(reply, {
    type,
    pieces: text,
    name: "The export",
    stalledMsMax: gate.stalledMsMax,
    log,
    // The rows have begun whatever became of those who read them, and hold a database connection until they are ended.
    release: () =>
      void items
        .return(undefined)
        .catch((error: unknown) => log.error({ error: messageOf(error) }, "an export did not end")),
  });
}

/** A file of rows has no place to say of which time it is. */
function headersOf({ dataAsOf, asOf, notKnown }: ListSource): [string, string][] {
  const headers: [string, string][] = [];
  if (dataAsOf) headers.push(["usher-data-as-of", dataAsOf.toISOString()]);
  if (asOf) headers.push(["usher-as-of", asOf.toISOString()]);
  if (notKnown?.length) headers.push(["usher-not-known", notKnown.map((each) => each.siteId).join(", ")]);
  return headers;
}

async function readPage(
  handler: ListHandler,
  source: ListSource,
  input: RequestInput,
  query: ListQuery,
): Promise<unknown> {
  const { route } = handler;
  const request = requestOf(source, query);
  const cursorKey = { routeId: route.id, params: input.params, query };
  const start = await startOf(source, input, query, { request, key: cursorKey });
  // One row more than asked for tells whether there is a next page.
  const limit = query.limit + 1;
  const rows = start.isBeyond ? [] : await readRows(source, input, { ...request, after: start.after, limit });
  const more = rows.length > query.limit;
  const shown = more ? rows.slice(0, query.limit) : rows;
  const last = shown.at(-1);
  return encode(route, route.answer, {
    items: await itemsOf(source, shown, input),
    next: more && last ? writeCursor(positionOf(last), cursorKey) : null,
    total: query.total && source.count ? await countOf(source.count, input) : null,
    ...asOfOf(source),
  });
}

/** After a value come first those that have one, found by the index; only where they end, those that have none. */
async function readRows(
  source: ListSource,
  { reader }: RequestInput,
  request: PageRequest & { limit: number },
): Promise<Row[]> {
  const isSplit = request.column.isNullable === true && request.after !== null && request.after.value !== null;
  if (!isSplit) return reader.query<Row>(source.select(pageSql(request)));
  const rows = await reader.query<Row>(source.select(pageSql({ ...request, only: "values" })));
  const limit = request.limit - rows.length;
  if (limit === 0) return rows;
  return [...rows, ...(await reader.query<Row>(source.select(pageSql({ ...request, only: "nulls", limit }))))];
}

/** Where the page begins; `isBeyond` where the list ends before the row that was asked for. */
async function startOf(
  source: ListSource,
  input: RequestInput,
  query: ListQuery,
  { request, key }: { request: PageRequest; key: Parameters<typeof readCursor>[1] },
): Promise<{ after: ListPosition | null; isBeyond: boolean }> {
  const { cursor, at = 0 } = query;
  if (cursor !== undefined) {
    if (query.at !== undefined) throw cursorAndRow();
    return { after: readCursor(cursor, key, request), isBeyond: false };
  }
  if (at === 0) return { after: null, isBeyond: false };
  const [row] = await input.reader.query<PageKeys>(positionSql(source, request, at));
  return row ? { after: positionOf(row), isBeyond: false } : { after: null, isBeyond: true };
}

function cursorAndRow(): RequestProblem {
  const errors = [{ field: "query.at", what: "is given with a cursor", expected: "one of the two" }];
  return new RequestProblem({ status: 400, code: "bad-request", detail: "One field is not right.", errors });
}

/** Of which time the rows are; a list without a history says no more than how old they are. */
function asOfOf({ dataAsOf = null, asOf, notKnown }: ListSource) {
  return { dataAsOf, ...(asOf === undefined ? {} : { asOf }), ...(notKnown === undefined ? {} : { notKnown }) };
}

function requestOf(source: ListSource, query: ListQuery): PageRequest {
  const descends = query.sort.startsWith("-");
  const column = source.sorts[descends ? query.sort.slice(1) : query.sort];
  if (!column) throw new Error(`The list cannot be sorted by ${query.sort}, which its contract offers.`);
  return { column, tie: source.tie, descends, after: null, limit: null };
}

function positionOf(row: Partial<PageKeys>): ListPosition {
  if (row.pageTie === undefined) throw new Error("The statement of a list does not select its page keys.");
  return { value: row.pageValue ?? null, tie: row.pageTie };
}

async function itemsOf(source: ListSource, rows: Row[], { reader }: RequestInput): Promise<unknown[]> {
  return source.toItems ? await source.toItems(rows, reader) : rows;
}

async function countOf(count: NonNullable<ListSource["count"]>, { reader }: RequestInput): Promise<number> {
  const [row] = await reader.query<{ total: number }>(count);
  return row?.total ?? 0;
}

/** Every matching row in the list's order, as it goes over the wire, in batches. */
async function* exportItems(
  { route }: ListHandler,
  source: ListSource,
  input: RequestInput,
  query: ListQuery,
  gate: ExportGate,
): AsyncGenerator<Record<string, unknown>[]> {
  if (gate.underWay >= EXPORTS_MAX) {
    const detail = `${EXPORTS_MAX} exports are under way; try again when one has ended.`;
    throw new RequestProblem({ status: 429, code: "too-many-exports", detail }, { "retry-after": "10" });
  }
  gate.underWay += 1;
  try {
    const items = itemsSchema(route.answer);
    for await (const rows of input.ctx.db.stream<Row>(source.select(pageSql(requestOf(source, query))))) {
      if (input.signal.aborted) return;
      yield encode(route, items, await itemsOf(source, rows, input)) as Record<string, unknown>[];
    }
  } finally {
    gate.underWay -= 1;
  }
}

function itemsSchema(answer: z.ZodType): z.ZodArray<z.ZodObject> {
  if (answer instanceof z.ZodObject && answer.shape.items instanceof z.ZodArray) return answer.shape.items as never;
  throw new Error("The answer of a list has no items.");
}

function fieldsOf({ route }: ListHandler): string[] {
  return Object.keys(itemsSchema(route.answer).element.shape);
}

/** Lists and objects within a row are written as JSON; instants are ISO text; what is not there is empty. */
async function* csvOf(
  columns: readonly string[],
  batches: AsyncIterable<Record<string, unknown>[]>,
): AsyncGenerator<string> {
  yield stringify([[...columns]]);
  for await (const items of batches) {
    // A cell that begins like a formula would be run by a spreadsheet: it gets an apostrophe in front.
    yield stringify(items, { columns: [...columns], escape_formulas: true, cast: { boolean: String } });
  }
}

async function* jsonOf(batches: AsyncIterable<Record<string, unknown>[]>, source: ListSource): AsyncGenerator<string> {
  yield `${JSON.stringify(asOfOf(source)).slice(0, -1)},"items":[`;
  let separator = "\n";
  for await (const items of batches) {
    for (const item of items) {
      yield separator + JSON.stringify(item);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}

/** What the generator gives, its first value already read. */
async function* begun<Value>(
  generator: AsyncGenerator<Value>,
  first: IteratorResult<Value, unknown>,
): AsyncGenerator<Value> {
  if (first.done) return;
  yield first.value;
  yield* generator;
}
