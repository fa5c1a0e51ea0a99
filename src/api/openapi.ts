import { z } from "zod";
import { API_PREFIX, type AnyRoute } from "./contract.ts";
import { PROBLEM_TYPE, Problem } from "./problems.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the routes; the same routes always give the same bytes. */
export function openApiOf(routes: readonly AnyRoute[], version: string): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operationOf(route, components);
  }
  schemaOf(Problem, components);
  return {
    openapi: "3.1.0",
    info: {
      title: "Usher",
      version,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "An API token: `usher_…`." } },
      schemas: Object.fromEntries(Object.entries(components).sort(([left], [right]) => (left < right ? -1 : 1))),
    },
  };
}

const DESCRIPTION = `Who has access to Confluence, who uses it, and who should.

Every request carries a token (\`Authorization: Bearer usher_…\`) whose scopes say what it may do; each operation names
the scope that it needs. What is refused is a problem document (RFC 9457): decide by its \`code\`, show its \`detail\`, and
quote its \`requestId\` to whoever runs the installation.

**Lists** page by key: pass \`next\` as \`cursor\` until it is null. \`sort\` takes a leading minus. \`format=csv\` or
\`format=json\` exports every matching row. \`dataAsOf\` is the oldest observation that the rows rest on.

**Changes** of what has a \`revision\` need it in \`If-Match\`, as the \`ETag\` of the answer gave it: 428 without, 412 when
it was changed meanwhile.

Instants are UTC. Fields may be added to answers; unknown fields of requests are refused.`;

function tagOf(route: AnyRoute): string {
  return route.id.split(".", 1)[0]!;
}

function operationOf(route: AnyRoute, components: Json): Json {
  const scope = scopeWords(route);
  return {
    operationId: route.id,
    tags: [tagOf(route)],
    summary: route.summary,
    description: route.description === null ? scope : `${route.description}\n\n${scope}`,
    ...(route.scope === "public" ? { security: [] } : {}),
    parameters: [
      ...parametersOf(route.params, "path", components),
      ...parametersOf(route.query, "query", components),
      ...(route.needsIfMatch ? [IF_MATCH] : []),
      ...(route.produces === "events" ? [LAST_EVENT_ID] : []),
    ],
    ...(route.takes === "csv"
      ? { requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } } }
      : {}),
    ...(route.takes === "file"
      ? { requestBody: { required: true, content: { "application/octet-stream": { schema: FILE } } } }
      : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { "application/json": { schema: schemaOf(route.body, components) } },
          },
        }
      : {}),
    responses: { [route.status]: answerOf(route, components), ...refusalsOf(route) },
  };
}

function scopeWords({ scope }: AnyRoute): string {
  if (scope === "public") return "Anybody: no token.";
  return scope === "any-token" ? "Any token." : `Scope: \`${scope}\`.`;
}

const FILE = { type: "string", format: "binary" };

const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: true,
  description: "The ETag of the revision that is changed, or `*`.",
  schema: { type: "string", examples: ['"7"'] },
};

const LAST_EVENT_ID = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description: "Id of the last event received; the stream goes on after it.",
  schema: { type: "string" },
};

function parametersOf(schema: z.ZodType, place: "path" | "query", components: Json): Json[] {
  const { properties = {}, required = [] } = inlineSchema(schema, components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    // Several values stand in one parameter, with commas between.
    ...(rest.type === "array" ? { style: "form", explode: false } : {}),
    schema: rest,
  }));
}

function answerOf(route: AnyRoute, components: Json): Json {
  if (route.status === 204) return { description: "Done." };
  const schema = schemaOf(route.answer, components);
  const headers = route.revisioned
    ? { headers: { ETag: { description: "The revision.", schema: { type: "string" } } } }
    : {};
  if (route.produces === "events") {
    return {
      description: "A stream of events, the `data` of each as below.",
      content: { "text/event-stream": { schema } },
    };
  }
  if (route.produces === "file") {
    return {
      description: "The file, as it is made.",
      content: { "application/gzip": { schema: { type: "string", format: "binary" } } },
    };
  }
  const csv = route.produces === "list" ? { "text/csv": { schema: { type: "string" } } } : {};
  return { description: "Done.", ...headers, content: { "application/json": { schema }, ...csv } };
}

const PROBLEM = { content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } } };

function refusalsOf(route: AnyRoute): Json {
  const byStatus = new Map<number, string[]>();
  for (const [code, { status, says }] of Object.entries(route.refusals)) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${says}`]);
  }
  const known = [...byStatus].sort(([left], [right]) => left - right);
  const named = known.map(([status, lines]) => [String(status), { description: lines.join("\n\n"), ...PROBLEM }]);
  return {
    ...Object.fromEntries(named),
    default: { description: "Refused or failed; the `code` says why.", ...PROBLEM },
  };
}

/** A schema with a name becomes a component and is referred to. */
function schemaOf(schema: z.ZodType, components: Json): Json {
  const wrapped = inlineSchema(z.object({ value: schema }), components) as { properties: { value: Json } };
  return wrapped.properties.value;
}

/** Everything is written as it goes over the wire: before it is parsed, after it is encoded. */
function inlineSchema(schema: z.ZodType, components: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.id;
      // The format says it; the pattern is a line long.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      // Bounds of what a double holds exactly are no bounds of ours.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  for (const [name, definition] of Object.entries($defs)) components[name] = referToComponents(definition);
  return referToComponents(rest) as Json;
}

function referToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referToComponents);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === "$ref" && typeof each === "string"
        ? [key, each.replace("#/$defs/", "#/components/schemas/")]
        : [key, referToComponents(each)],
    ),
  );
}
