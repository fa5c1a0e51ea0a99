import { z } from "zod";
import { defineRoute, text } from "./contract.ts";

const FoundKindName = z
  .enum([
    "person",
    "account",
    "group",
    "space",
    "connection",
    "site",
    "license",
    "plan",
    "reclamation-rule",
    "exclusion-rule",
    "job",
  ])
  .meta({ id: "FoundKind" });

const Resolved = z
  .object({
    kind: z.string(),
    id: z.string(),
    label: z.string(),
    href: z.string().meta({ description: "Where it is shown in the web app." }),
  })
  .meta({ id: "Resolved" });

export const search = defineRoute({
  id: "search.all",
  method: "GET",
  path: "/search",
  summary: "Find anything by its name",
  description:
    "At most 5 of each kind that the scopes of the caller let them see, what begins with the words first. An id, an e-mail address or an address in Confluence is answered by `exact`.",
  scope: "any-token",
  query: z.strictObject({ q: text(200) }),
  answer: z
    .object({
      exact: Resolved.nullable(),
      found: z.array(
        z.object({
          kind: FoundKindName,
          items: z.array(
            z.object({
              id: z.string(),
              label: z.string(),
              detail: z.string().nullable().meta({ description: "What tells it from others of its name." }),
              href: z.string(),
            }),
          ),
        }),
      ),
    })
    .meta({ id: "SearchAnswer" }),
});

const NOTHING = {
  "nothing-there": { status: 404, says: "Nothing is known by this, or it is not for you to see." },
} as const;

export const resolvePasted = defineRoute({
  id: "search.resolve-pasted",
  method: "GET",
  path: "/resolve",
  summary: "What a pasted id, e-mail address or address in Confluence stands for",
  scope: "any-token",
  query: z.strictObject({ q: text(2000) }),
  answer: Resolved,
  refusals: NOTHING,
});

export const resolveId = defineRoute({
  id: "search.resolve",
  method: "GET",
  path: "/resolve/{id}",
  summary: "What an id stands for, and where it is shown",
  scope: "any-token",
  params: z.strictObject({
    id: z.string().regex(/^[a-z]+_[0-9a-z]{12}$/, "an id that looks like person_0f3k8v2m1q7x"),
  }),
  answer: Resolved,
  refusals: NOTHING,
});

export const searchRoutes = [search, resolvePasted, resolveId];
