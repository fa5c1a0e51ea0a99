import { z } from "zod";
import { CAPABILITY_CHOICE, typedSite } from "./connection-parts.ts";
import { defineRoute } from "./contract.ts";
import { manyOf } from "./lists.ts";
import { CapabilityName, HealthName, Site, Source } from "./sites.ts";

export const listSources = defineRoute({
  id: "sources.list",
  method: "GET",
  path: "/sources",
  summary: "What can be connected, and what each capability needs",
  scope: "connections:read",
  answer: z.object({
    items: z.array(
      z
        .object({
          kind: Source,
          redirectUrl: z.string(),
          capabilities: z.array(
            z.object({
              capability: CapabilityName,
              stores: z.array(z.string()),
              scopes: z
                .record(z.string(), z.array(z.string()))
                .meta({ description: "Least scopes by kind of credential." }),
              role: z.string().meta({ description: "Least role of the account behind the credential." }),
              lacks: z.record(z.string(), z.string()).meta({ description: "What an edition lacks." }),
            }),
          ),
        })
        .meta({ id: "SourceNeeds" }),
    ),
  }),
});

export const CredentialKindName = z
  .enum(["oauth", "api-token", "scoped-api-token", "organization-key", "scim-key", "personal-access-token", "basic"])
  .meta({ id: "CredentialKind" });

export const CredentialRequirement = z
  .object({
    kind: CredentialKindName,
    label: z.string(),
    where: z.string().meta({ description: "Where whoever may make it does so." }),
    isEnough: z.boolean().meta({ description: "False: it reaches no site by itself and serves beside another one." }),
    serves: z.array(CapabilityName).meta({ description: "Of the chosen ones; some only in part." }),
    scopes: z
      .array(z.object({ scope: z.string(), says: z.string(), capabilities: z.array(CapabilityName) }))
      .meta({ description: "Least scopes, each with what it is for. Empty: it works by what its account may do." }),
    roles: z
      .array(z.object({ capability: CapabilityName, role: z.string() }))
      .meta({ description: "Least role of the account behind it." }),
  })
  .meta({ id: "CredentialRequirement" });

export const listRequirements = defineRoute({
  id: "sources.requirements",
  method: "GET",
  path: "/sources/{source}/requirements",
  summary: "What a connection would ask for, before any credential is given",
  description:
    "By kind of credential: scopes in words, least roles, where it is made. Without `capabilities` those that start on.",
  scope: "connections:read",
  params: z.strictObject({ source: Source }),
  query: z.strictObject({ capabilities: manyOf(CapabilityName).optional() }),
  answer: z
    .object({
      source: Source,
      redirectUrl: z.string().meta({ description: "To enter as callback URL in the settings of an OAuth app." }),
      capabilities: z.array(
        z.object({
          capability: CapabilityName,
          stores: z.array(z.string()).meta({ description: "What is kept because of it." }),
          lacks: z.record(z.string(), z.string()).meta({ description: "What an edition lacks." }),
          isAlwaysOn: z.boolean(),
        }),
      ),
      credentials: z.array(CredentialRequirement),
    })
    .meta({ id: "Requirements" }),
  refusals: {
    ...CAPABILITY_CHOICE,
    "source-not-offered": { status: 404, says: "This installation cannot connect to this source." },
  },
});

export const understandSite = defineRoute({
  id: "sources.understand-site",
  method: "POST",
  path: "/site-addresses",
  summary: "What a site's name, host, page URL or cloud id means",
  description: "As each source understands it, likeliest first. Nothing is saved, and nothing is asked of any source.",
  scope: "connections:read",
  body: z.strictObject({ typed: typedSite }),
  answer: z
    .object({
      items: z.array(
        z
          .object({
            source: Source,
            siteName: z.string().nullable(),
            baseUrl: z.string().nullable().meta({ description: "Null: only a cloud id of an unknown site was typed." }),
            cloudId: z.string().nullable().meta({ description: "Null: not typed, and the site is not known." }),
            says: z.string().meta({ description: "What was understood, in words." }),
            known: z
              .object({
                siteId: z.string(),
                name: z.string(),
                baseUrl: z.string(),
                health: HealthName,
                connections: Site.shape.connections,
              })
              .nullable()
              .meta({
                description: "Usher knows the site already: a further connection joins it, it is never copied.",
              }),
          })
          .meta({ id: "UnderstoodSite" }),
      ),
    })
    .meta({ id: "UnderstoodSites" }),
  refusals: {
    "site-not-understood": { status: 422, says: "This is no site's name, address or cloud id." },
  },
});

export const sourceRoutes = [listSources, listRequirements, understandSite];
