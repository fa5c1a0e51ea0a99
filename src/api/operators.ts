import { z } from "zod";
import { defineRoute, instant } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

export const Operator = z
  .object({
    id: z.string(),
    kind: z.enum(["person", "service-account"]),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.string()),
    createdAt: instant,
    endedAt: instant.nullable(),
    lastSignedInAt: instant.nullable().meta({ description: "Null: never in a browser." }),
    revision: z.int(),
  })
  .meta({ id: "Operator" });

export const listOperators = defineList({
  id: "operators.list",
  path: "/operators",
  summary: "People and service accounts that may sign in",
  scope: "operators:read",
  item: Operator,
  sorts: ["name", "createdAt"],
  filters: { kind: manyOf(z.enum(["person", "service-account"])).optional() },
});

export const getCaller = defineRoute({
  id: "operators.whoami",
  method: "GET",
  path: "/whoami",
  summary: "Who asks and what they may do",
  scope: "any-token",
  answer: z
    .object({
      operator: Operator,
      tokenId: z.string().nullable().meta({ description: "Null: signed in by a session." }),
      tokenName: z.string().nullable(),
      scopes: z.array(z.string()).meta({ description: "What it may do now: of a person's, no more than their roles." }),
      expiresAt: instant.nullable(),
    })
    .meta({ id: "Caller" }),
});

export const operatorRoutes = [listOperators, getCaller];
