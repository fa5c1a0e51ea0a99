import fc from "fast-check";
import { z } from "zod";

/** Ids that exist, by their prefix: `run` has those of runs; and hashes of plans as `hash`. */
export type IdPool = Readonly<Record<string, readonly string[]>>;

export type JsonSchema = z.core.JSONSchema._JSONSchema;

/** Texts that have broken other servers. */
export const junkText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "\u0000",
      "a\u0000b",
      "' or 1=1 --",
      "%00",
      "../../etc/passwd",
      "null",
      "undefined",
      "NaN",
      "-1",
      "0",
      "1e999",
      "99999999999999999999",
      "2147483648",
      "9007199254740993",
      "true",
      "[object Object]",
      "\u{1d4b3}",
      "\u202e",
      "\ud800",
      "=1+1",
      "{}",
      "*",
      "a,b,,c",
      "x".repeat(3000),
      "2026-02-30T00:00:00Z",
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "0001-01-01T00:00:00+23:59",
      "-infinity",
      "site_000000000000",
      "Bearer x",
      "$1",
      "\\x00",
      "é".repeat(200),
    ),
  },
);

/** How values are made for one half of the requests, or for the other. */
export interface Making {
  ids: IdPool;
  /** Here and there junk, a field that is missing or one that is too many. Without: what the schema describes. */
  withJunk: boolean;
}

const GOOD_WEIGHT = 9;
const junk = fc.oneof(junkText, fc.jsonValue(), fc.integer(), fc.constant(null));

export function schemaValue(schema: JsonSchema | undefined, making: Making): fc.Arbitrary<unknown> {
  const good = goodValue(schema, making);
  return making.withJunk ? fc.oneof({ weight: GOOD_WEIGHT, arbitrary: good }, junk) : good;
}

/** The schema with what it refers to put in its place; none of ours refers to itself. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: "input" });
  const inline = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inline);
    if (typeof value !== "object" || value === null) return value;
    if ("$ref" in value && typeof value.$ref === "string") return inline($defs[value.$ref.replace("#/$defs/", "")]);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inline(each)]));
  };
  return inline(root) as JsonSchema;
}

function goodValue(schema: JsonSchema | undefined, making: Making): fc.Arbitrary<unknown> {
  if (schema === undefined || typeof schema === "boolean") return fc.jsonValue();
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((each) => schemaValue(each, making)));
  switch (schema.type) {
    case "object":
      return objectValue(schema, making);
    case "array":
      return fc.array(schemaValue(itemOf(schema), making), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case "integer":
    case "number":
      return fc.integer(boundsOf(schema, making.withJunk ? 1 : 0));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return textValue(schema, making);
    default:
      return fc.jsonValue();
  }
}

function objectValue(schema: JsonSchema & object, making: Making): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, namedValue(name, each, making)]),
  );
  const whole = fc.record(fields, { requiredKeys: required });
  if (!making.withJunk) return whole;
  const torn = fc.record(fields, { requiredKeys: [] });
  const swollen = fc.tuple(whole, fc.constantFrom("id", "__proto__", "constructor", "x\u0000", ""), fc.jsonValue());
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: torn },
    { weight: 1, arbitrary: swollen.map(([value, name, more]) => ({ ...value, [name]: more })) },
  );
}

/** Conditions that are right, as far as a schema cannot tell. */
const CONDITIONS = [
  { is: "idle", days: 60 },
  { is: "person", people: ["ann@acme.example"] },
  { not: { is: "idle", days: 30 } },
  {
    all: [
      { is: "idle", days: 90 },
      { any: [{ is: "idle", days: 120 }, { not: { is: "person", people: ["sam@acme.example"] } }] },
    ],
  },
];

/** What only its name tells how to make: half the time such that it is accepted. */
function namedValue(name: string, schema: JsonSchema, making: Making): fc.Arbitrary<unknown> {
  const value = schemaValue(schema, making);
  const known = name === "condition" ? CONDITIONS : name === "hash" ? (making.ids["hash"] ?? []) : [];
  return known.length === 0 ? value : fc.oneof(fc.constantFrom<unknown>(...known), value);
}

function itemOf(schema: JsonSchema & object): JsonSchema | undefined {
  return Array.isArray(schema.items) ? schema.items[0] : schema.items;
}

/** Bounds that are passed by at most `beyond`. */
function boundsOf({ minimum, maximum }: JsonSchema & object, beyond: number): { min: number; max: number } {
  const bound = (value: number | undefined, other: number) =>
    value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? other : value;
  const min = bound(minimum, -5);
  return { min: min - beyond, max: Math.max(bound(maximum, 1000), min) + beyond };
}

/** Texts of which at least one fits most fields that ask for a certain form. */
const WORDS = [
  "acme",
  "Ann",
  "page",
  "x y",
  "team-a",
  "100%",
  "o'hara",
  "\u00c9mile",
  "'; drop table runs",
  "17 3 * * *",
  "secret-0123456789",
  "read:confluence-user",
  "https://acme.example/wiki/x",
];

function textValue(schema: JsonSchema & object, making: Making): fc.Arbitrary<string> {
  const { pattern = "", format, minLength = 0, maxLength = Infinity } = schema;
  const prefix = /^\^(\w+)_\[/.exec(pattern)?.[1];
  if (prefix !== undefined) {
    const known = making.ids[prefix] ?? [];
    const unknown = fc.constant(`${prefix}_zzzzzzzzzzzz`);
    return known.length === 0 ? unknown : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, unknown);
  }
  if (format === "date-time")
    return fc.constantFrom("2026-05-03T12:00:00Z", "2026-05-03T14:00:00.123+02:00", "0000-01-01T00:00:00Z");
  if (format === "email") return fc.constantFrom("petra@acme.example", "sam@acme.example");
  if (format === "uuid") return fc.uuid();
  const fitting = WORDS.filter((word) => {
    return new RegExp(pattern, "u").test(word) && word.length >= minLength && word.length <= maxLength;
  });
  const word = fc.constantFrom(...(fitting.length > 0 ? fitting : WORDS));
  return making.withJunk ? fc.oneof(word, fc.string({ minLength: 1, maxLength: 20 }), junkText) : word;
}
