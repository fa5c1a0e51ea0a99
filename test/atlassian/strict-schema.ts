import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

/** A schema of an OpenAPI 3.0 document, as far as it is looked at here. */
interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: boolean | Schema;
  /** Our own keyword: where the exemptions that were used here stand. */
  exempted?: string;
}

/**
 * Where an answer may differ from the document after all. `at` names a schema and the way to a property in it, such as
 * `User` or `SpacePermissionAssignment.principal.type`.
 */
export interface Exemption {
  at: string;
  /** Named in the document, not always sent. */
  optional?: readonly string[];
  /** Sent, not named in the document. */
  extra?: readonly string[];
  /** The list of values is not complete. */
  open?: true;
  /** May be null although the document does not say so. */
  nullable?: true;
  source: string;
}

export interface OpenApiDocument {
  /** Every named property required, no others allowed, except as the exemptions say. */
  validator(method: string, path: string, status: number): ValidateFunction;
  /** What is exempted and no answer validated so far needed. */
  unused(): string[];
}

type Json = { [name: string]: Json } | Json[] | string | number | boolean | null;

export function readDocument(file: string, exemptions: readonly Exemption[]): OpenApiDocument {
  const document: Record<string, Json> = JSON.parse(readFileSync(file, "utf8"));
  const schemas = at(document, ["components", "schemas"]) as unknown as Record<string, Schema>;
  const needed = new Set<string>();
  const documented = new Map<string, unknown[]>();
  const allowed = (where: string, schema: Schema) => {
    if (schema.enum) documented.set(where, schema.enum);
    return exemptions.filter((each) => each.at === where);
  };
  const strict = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, makeStrict(schema, name, schemas, allowed)]),
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addKeyword({
    keyword: "exempted",
    validate(where: string, data: unknown) {
      for (const each of exemptions)
        if (each.at === where) for (const name of needs(each, data, documented)) needed.add(name);
      return true;
    },
  });
  ajv.addSchema({ $id: "document", components: { schemas: strict } });

  return {
    validator(method, path, status) {
      const response = deref(
        document,
        at(document, ["paths", path, method.toLowerCase(), "responses", String(status)]),
      );
      const schema = at(response, ["content", "application/json", "schema"]) as unknown as Schema;
      const made = makeStrict(schema, `${method} ${path}`, schemas, allowed);
      return ajv.compile(JSON.parse(JSON.stringify(made).replaceAll('"#/components/', '"document#/components/')));
    },
    unused: () => exemptions.flatMap(namesOf).filter((each) => !needed.has(each)),
  };
}

/** One name for each thing that an exemption allows. */
function namesOf({ at, optional = [], extra = [], open, nullable }: Exemption): string[] {
  const whole = [open ? [`${at} is open`] : [], nullable ? [`${at} is null`] : []].flat();
  return [...whole, ...optional.map((each) => `${at} without ${each}`), ...extra.map((each) => `${at} with ${each}`)];
}

/** Which of them this value makes use of. */
function needs(exemption: Exemption, data: unknown, documented: ReadonlyMap<string, unknown[]>): string[] {
  const { at, optional = [], extra = [] } = exemption;
  if (data === null) return [`${at} is null`];
  if (typeof data === "string") return documented.get(at)?.includes(data) ? [] : [`${at} is open`];
  const has = (name: string) => Object.hasOwn(Object(data), name);
  return [
    ...optional.filter((each) => !has(each)).map((each) => `${at} without ${each}`),
    ...extra.filter(has).map((each) => `${at} with ${each}`),
  ];
}

type Allowed = (where: string, schema: Schema) => Exemption[];

function makeStrict(schema: Schema, where: string, all: Record<string, Schema>, allowed: Allowed): Schema {
  const exempt = allowed(where, schema);
  const shape = strictShape(schema, where, { all, allowed, exempt });
  return exempt.length === 0 ? shape : { ...shape, exempted: where };
}

function strictShape(
  schema: Schema,
  where: string,
  { all, allowed, exempt }: { all: Record<string, Schema>; allowed: Allowed; exempt: readonly Exemption[] },
): Schema {
  const nullable = schema.nullable === true || exempt.some((each) => each.nullable);
  const within = (part: Schema) => makeStrict(part, where, all, allowed);
  if (schema.$ref) return nullable ? { anyOf: [{ $ref: schema.$ref }, { type: "null" }] } : { $ref: schema.$ref };
  // Parts without properties narrow one another: the last is the narrowest (an error's code after its general form).
  if (schema.allOf?.every((each) => !each.$ref && !each.properties && !each.allOf))
    return within(schema.allOf.at(-1) ?? {});
  // Joined into one object, or "no others" would forbid to each part what the other names.
  if (schema.allOf) return within(joined(schema.allOf, all));
  if (schema.anyOf) return { anyOf: schema.anyOf.map(within) };
  if (schema.oneOf) return { anyOf: schema.oneOf.map(within) };
  if (schema.enum) {
    if (exempt.some((each) => each.open)) return { type: "string" };
    return { enum: nullable ? [...schema.enum, null] : schema.enum };
  }
  if (schema.type === "array" || schema.items) {
    return { type: "array", nullable, items: makeStrict(schema.items ?? {}, `${where}[]`, all, allowed) };
  }
  if (schema.properties) {
    const optional = new Set(exempt.flatMap((each) => each.optional ?? []));
    const extra = exempt.flatMap((each) => each.extra ?? []);
    const named = Object.entries(schema.properties).map(([name, part]): [string, Schema] => [
      name,
      makeStrict(part, `${where}.${name}`, all, allowed),
    ]);
    return {
      type: "object",
      nullable,
      properties: Object.fromEntries([...named, ...extra.map((name): [string, Schema] => [name, {}])]),
      required: named.map(([name]) => name).filter((name) => !optional.has(name)),
      additionalProperties: false,
    };
  }
  return nullable && schema.type ? { ...schema, nullable } : schema;
}

function joined(parts: readonly Schema[], all: Record<string, Schema>): Schema {
  const properties: Record<string, Schema> = {};
  for (const part of parts) {
    const resolved = part.$ref ? (all[part.$ref.split("/").at(-1) ?? ""] ?? {}) : part;
    const flat = resolved.allOf ? joined(resolved.allOf, all) : resolved;
    for (const [name, value] of Object.entries(flat.properties ?? {})) {
      const before = properties[name];
      properties[name] = before ? { allOf: [before, value] } : value;
    }
  }
  return { type: "object", properties };
}

function at(value: Json | undefined, way: readonly string[]): Record<string, Json> {
  let here: Json | undefined = value;
  for (const step of way) {
    here = typeof here === "object" && here !== null && !Array.isArray(here) ? here[step] : undefined;
    if (here === undefined) throw new Error(`The document has nothing at ${way.join(" → ")}.`);
  }
  return here as Record<string, Json>;
}

function deref(document: Record<string, Json>, value: Record<string, Json>): Record<string, Json> {
  const reference = value["$ref"];
  return typeof reference === "string" ? at(document, reference.split("/").slice(1)) : value;
}
