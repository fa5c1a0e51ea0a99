import { z } from "zod";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";
import { ROLES } from "../model/roles.ts";
import { SCOPES } from "../model/scopes.ts";

export const ApiToken = z
  .object({
    id: z.string(),
    operatorId: z.string(),
    operatorName: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: instant,
    expiresAt: instant.nullable().meta({ description: "Null: it does not expire." }),
    lastUsedAt: instant.nullable().meta({ description: "Right to five minutes; null before the first use." }),
    revokedAt: instant.nullable(),
  })
  .meta({ id: "ApiToken" });

const NO_SUCH_TOKEN = { "no-such-token": { status: 404, says: "There is no such token." } } as const;
const WHOSE = "Your own operator's tokens; every token with the scope `*`.";

export const listTokens = defineList({
  id: "tokens.list",
  path: "/tokens",
  summary: "API tokens",
  description: WHOSE,
  scope: "tokens:read",
  item: ApiToken,
  sorts: ["createdAt", "name", "lastUsedAt"],
  defaultSort: "-createdAt",
  filters: {
    state: manyOf(z.enum(["active", "expired", "revoked"])).optional(),
    operatorId: idOf("operator").optional().meta({ description: "Only this operator's." }),
  },
});

export const getToken = defineRoute({
  id: "tokens.get",
  method: "GET",
  path: "/tokens/{tokenId}",
  summary: "One API token",
  description: WHOSE,
  scope: "tokens:read",
  params: z.strictObject({ tokenId: idOf("token") }),
  answer: ApiToken,
  refusals: NO_SUCH_TOKEN,
});

export const createToken = defineRoute({
  id: "tokens.create",
  method: "POST",
  path: "/tokens",
  summary: "Make an API token",
  description: "The token itself is in this answer and nowhere else, ever again.",
  scope: "tokens:write",
  body: z.strictObject({
    name: text(100).meta({ description: "What it is for." }),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expiresInDays: z.int().min(1).max(3650).nullable().default(365).meta({ description: "Null: it does not expire." }),
    serviceAccount: text(100)
      .optional()
      .meta({ description: "Make it for this service account, which is made if there is none. Needs the scope `*`." }),
    person: z
      .strictObject({ name: text(100), email: z.email().max(254), roles: z.array(z.enum(ROLES)).min(1).optional() })
      .optional()
      .meta({
        description:
          "Make it for the person of this e-mail, who is made if there is none: with these roles, or else the least that may do " +
          "what the token may. The token may never do more than its person. Needs the scope `*`. Some acts, such as " +
          "setting a site to *Act*, are a person's alone.",
      }),
  }),
  answer: ApiToken.extend({ token: z.string() }).meta({ id: "NewApiToken" }),
  status: 201,
  refusals: {
    "two-owners": {
      status: 422,
      says: "A token belongs to one operator. Name a service account or a person, not both.",
    },
    "scope-not-held": { status: 403, says: "A token cannot be given a scope that the token making it does not have." },
  },
});

export const revokeToken = defineRoute({
  id: "tokens.revoke",
  method: "DELETE",
  path: "/tokens/{tokenId}",
  summary: "Revoke an API token at once",
  description: `${WHOSE} Revoking one that is revoked changes nothing.`,
  scope: "tokens:write",
  params: z.strictObject({ tokenId: idOf("token") }),
  refusals: NO_SUCH_TOKEN,
});

export const tokenRoutes = [listTokens, getToken, createToken, revokeToken];
