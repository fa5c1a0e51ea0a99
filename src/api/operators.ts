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
  summary: "Who the token belongs to and what it may do",
  scope: "any-token",
  answer: z
    .object({
      operator: Operator,
      tokenId: z.string(),
      tokenName: z.string(),
      scopes: z.array(z.string()),
      expiresAt: instant.nullable(),
    })
    .meta({ id: "Caller" }),
});

export const operatorRoutes = [listOperators, getCaller];
