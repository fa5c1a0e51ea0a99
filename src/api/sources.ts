import { z } from "zod";
import { defineRoute } from "./contract.ts";
import { CapabilityName, Source } from "./sites.ts";

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

export const sourceRoutes = [listSources];
