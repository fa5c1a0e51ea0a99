import { z } from "zod";
import {
  ARCHIVED,
  CAPABILITY_CHOICE,
  connectionParams,
  NO_SUCH_CONNECTION,
  NO_SUCH_CREDENTIAL,
} from "./connection-parts.ts";
import { defineRoute, idOf, instant } from "./contract.ts";
import { CapabilityName } from "./sites.ts";

/** A path of this server and nothing that a browser could read as another host: no `//`, no backslash, no dots that climb. */
const localPath = z
  .string()
  .max(500)
  .refine(
    (path) => /^\/[A-Za-z0-9\-_.~!$&'()*+,;=:@%/?]*$/.test(path) && !/\/\/|\/\.\.?(\/|$|\?)|%2f|%5c/i.test(path),
    { error: "a path of this Usher, such as /setup?step=sites, without //, /./ or /../" },
  );

export const startAuthorization = defineRoute({
  id: "authorizations.start",
  method: "POST",
  path: "/connections/{connectionId}/authorization",
  summary: "Make a link to consent by",
  description: "It asks for exactly the scopes of what is on, counts once, and for ten minutes.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({
    credentialId: idOf("credential"),
    capabilities: z.array(CapabilityName).max(5).default([]).meta({
      description: "Also ask for what these need, so that they can be switched on afterwards.",
    }),
    returnTo: localPath.nullable().default(null).meta({
      description:
        "Where the browser goes after the consent: a path of this Usher, such as `/setup?step=sites`. It gets `authorization` (the attempt's id) and `outcome` added. Null: a page says how it went.",
    }),
  }),
  answer: z
    .object({
      attemptId: z.string(),
      url: z.string().meta({ description: "To open in a browser." }),
      redirectUrl: z.string(),
      scopes: z.array(z.string()),
      expiresAt: instant,
    })
    .meta({ id: "StartedAuthorization" }),
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...NO_SUCH_CREDENTIAL,
    ...ARCHIVED,
    ...CAPABILITY_CHOICE,
    "not-oauth": { status: 422, says: "Only an OAuth app is authorized; a token or key is entered as it is." },
  },
});

export const getAuthorization = defineRoute({
  id: "authorizations.get",
  method: "GET",
  path: "/connections/{connectionId}/authorization/{attemptId}",
  summary: "What became of a link to consent by",
  scope: "connections:read",
  params: connectionParams.extend({ attemptId: idOf("attempt") }),
  answer: z
    .object({
      id: z.string(),
      credentialId: z.string(),
      state: z.enum(["waiting", "expired", "authorized", "declined", "site-not-covered", "failed"]),
      message: z.string().nullable(),
      sites: z.array(z.object({ sourceKey: z.string(), name: z.string(), baseUrl: z.string() })),
      expiresAt: instant,
    })
    .meta({ id: "Authorization" }),
  refusals: { "no-such-attempt": { status: 404, says: "There is no such link." } },
});

export const authorizationRoutes = [startAuthorization, getAuthorization];
