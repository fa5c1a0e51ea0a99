import fc from "fast-check";
import type { z } from "zod";
import { API_PREFIX, type AnyRoute } from "../../src/api/contract.ts";
import { jsonSchemaOf, junkText, schemaValue, type IdPool, type JsonSchema, type Making } from "./values.ts";

/** One request of the run, and whether the contract says that it must be refused. */
export interface FuzzRequest {
  method: AnyRoute["method"];
  url: string;
  headers: Record<string, string>;
  payload?: string;
  isMalformed: boolean;
}

/** How many requests of each sort. */
export interface SampleSize {
  malformed: number;
  /** As the contract says; and again so many with odd parts that the contract allows. */
  others: number;
  seed: number;
}

/** The same requests of one route each time. Where little can be malformed, there are fewer of that sort. */
export function sampleOf(route: AnyRoute, ids: IdPool, { malformed, others, seed }: SampleSize): FuzzRequest[] {
  const sample = (withJunk: boolean, numRuns: number) =>
    fc.sample(
      partsOf(route, { ids, withJunk }).map((parts) => assemble(route, parts)),
      { numRuns, seed },
    );
  const torn = sample(true, 2 * malformed);
  const bad = torn.filter(({ isMalformed }) => isMalformed).slice(0, malformed);
  const odd = torn.filter(({ isMalformed }) => !isMalformed).slice(0, others);
  return [...sample(false, others), ...odd, ...bad];
}

/** What the ids that a route asks for begin with. */
export function prefixesOf({ params, query, body }: AnyRoute): string[] {
  const schemas = [params, query, ...(body === null ? [] : [body])];
  return schemas.flatMap((schema) =>
    [...JSON.stringify(jsonSchemaOf(schema)).matchAll(/"pattern":"\^(\w+)_\[/g)].map(([, prefix]) => prefix ?? ""),
  );
}

function partsOf(route: AnyRoute, making: Making): fc.Arbitrary<Parts> {
  const query = queryOf(route, making);
  return fc.record({
    params: fieldsOf(route.params, making, { isComplete: true }),
    query: making.withJunk ? fc.oneof({ weight: 8, arbitrary: query }, rawQuery) : query,
    body: bodyOf(route, making),
    ifMatch: making.withJunk ? sometimes(5, badIfMatch) : fc.constantFrom("*", '"1"', '"2"'),
    lastEventId: sometimes(1, fc.constantFrom("0", "5", "-1", "x", "99999999999999999999")),
  });
}

const badIfMatch = fc.constantFrom("*", '"7"', "1", 'W/"1"', '"999999999999"', "", '"x"');

interface Parts {
  params: Record<string, unknown>;
  query: Record<string, unknown> | string;
  body: Body;
  ifMatch: string | null;
  lastEventId: string | null;
}

interface Body {
  text: string | null;
  type: string | null;
}

function assemble(route: AnyRoute, { params, query, body, ifMatch, lastEventId }: Parts): FuzzRequest {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(String(params[name])));
  const search = typeof query === "string" ? query : searchOf(query);
  const carriesBody = route.method !== "GET" && body.text !== null;
  const headers: Record<string, string> = {
    ...(carriesBody && body.type !== null ? { "content-type": body.type } : {}),
    ...(ifMatch === null ? {} : { "if-match": ifMatch }),
    ...(lastEventId === null ? {} : { "last-event-id": lastEventId }),
  };
  return {
    method: route.method,
    url: `${API_PREFIX}${path}${search === "" ? "" : `?${search}`}`,
    headers,
    ...(carriesBody ? { payload: body.text ?? "" } : {}),
    isMalformed:
      !route.params.safeParse(stringsOf(params)).success ||
      (typeof query !== "string" && !route.query.safeParse(stringsOf(query)).success) ||
      (carriesBody ? isBadBody(route, body) : route.body !== null && !route.body.safeParse(undefined).success),
  };
}

function isBadBody(route: AnyRoute, { text, type }: Body): boolean {
  // Any bytes make a file. What a file of rows says is judged row by row.
  if (route.takes === "file") return false;
  if (route.takes === "csv") return type !== "text/csv";
  if (type !== "application/json") return text !== "";
  if (text === "") return route.body !== null && !route.body.safeParse(undefined).success;
  try {
    const value: unknown = JSON.parse(text ?? "");
    return route.body === null ? value !== null : !route.body.safeParse(value).success;
  } catch {
    return true;
  }
}

/** As they arrive: everything in an address is text. */
function stringsOf(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(",") : String(value);
}

function searchOf(query: Record<string, unknown>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(textOf(value))}`)
    .join("&");
}

/** A lone surrogate has no percent-encoding; it is sent as the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function queryOf(route: AnyRoute, making: Making): fc.Arbitrary<Record<string, unknown>> {
  const known = fieldsOf(route.query, making, { isComplete: false });
  if (!making.withJunk) return known.map((fields) => without(fields, "cursor"));
  const name = fc.constantFrom("token", "__proto__", "limit[]", "Limit", "", "a.b");
  return fc.tuple(known, sometimes(1, fc.tuple(name, junkText))).map(([fields, more]) => {
    return more ? { ...fields, [more[0]]: more[1] } : fields;
  });
}

const rawQuery = fc.constantFrom(
  "%",
  "%zz=1",
  "limit=1&limit=2",
  "=",
  "&&&",
  "limit",
  "limit=%00",
  "cursor=%ff%fe",
  "sort[]=name",
  "a=b#c",
  "limit=1;drop",
);

/** Null three times for each `weight` times that it is not. */
function sometimes<Value>(weight: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight, arbitrary: value });
}

function without(fields: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name));
}

function bodyOf(route: AnyRoute, making: Making): fc.Arbitrary<Body> {
  const none = fc.constant({ text: null, type: null });
  const shaped = (route.body ? schemaValue(jsonSchemaOf(route.body), making) : fc.jsonValue()).map((value) => ({
    text: JSON.stringify(value) ?? "",
    type: "application/json",
  }));
  if (route.takes !== "json") return making.withJunk ? fc.oneof(fileBody, rawBody) : fileBody;
  if (!making.withJunk) return route.body ? shaped : none;
  return fc.oneof(
    { weight: route.body ? 8 : 1, arbitrary: shaped },
    { weight: route.body ? 1 : 8, arbitrary: none },
    { weight: 1, arbitrary: rawBody },
    { weight: 1, arbitrary: fc.record({ text: fc.constant("{}"), type: contentType }) },
  );
}

const fileBody: fc.Arbitrary<Body> = fc
  .oneof(
    junkText,
    fc.constantFrom(
      "email,name\nann@acme.example,Ann\n",
      "email;name\nann@acme.example;Ann;too many\n",
      "accountId,site,email,lastAt,kind\nann,acme,ann@acme.example,2026-05-03,viewed\n",
      "email,email\n,\n",
      'email,name\n"never closed',
      "\ufeffname\r\n=1+1\r\n",
    ),
  )
  .map((text) => ({ text, type: "text/csv" }));

const rawBody: fc.Arbitrary<Body> = fc
  .constantFrom(
    "",
    "{",
    "nul",
    "[]",
    '""',
    "1e999",
    '{"a":1}x',
    "\u0000",
    '{"name":"\\ud800"}',
    '{"__proto__":{"x":1}}',
    `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    `{"name":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
  )
  .map((text) => ({ text, type: "application/json" }));

const contentType = fc.constantFrom(
  null,
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/xml",
  "x",
);

function fieldsOf(
  schema: z.ZodType,
  making: Making,
  options: { isComplete: boolean },
): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {} } = jsonSchemaOf(schema) as { properties?: Record<string, JsonSchema> };
  const fields = Object.entries(properties).map(([name, each]) => {
    const value = schemaValue(each, making);
    // Few filters at once, or nearly every request holds one that is junk.
    return [name, options.isComplete ? value : sometimes(1, value)] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)));
}
