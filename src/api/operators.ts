import { z } from "zod";
import { ROLES } from "../model/roles.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
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
  filters: {
    kind: manyOf(z.enum(["person", "service-account"])).optional(),
    state: manyOf(z.enum(["active", "ended"])).optional(),
    role: manyOf(z.enum(ROLES)).optional(),
    q: text(200).optional().meta({ description: "A part of the name or the e-mail." }),
  },
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

const operatorParams = z.strictObject({ operatorId: idOf("operator") });
const roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .meta({ description: "What each may do is in the guide on signing in." });
const NO_SUCH_OPERATOR = { "no-such-operator": { status: 404, says: "There is no such operator." } } as const;
const ROLE_NOT_HELD = {
  "role-not-held": { status: 403, says: "Whoever lacks what a role may do cannot give it, nor change who has it." },
} as const;
const LAST_ADMIN = {
  "last-admin": { status: 409, says: "This is the last admin. Make somebody else an admin first." },
} as const;
const NOT_A_PERSON = {
  "not-a-person": { status: 422, says: "Only people sign in and have roles; a service account has tokens." },
} as const;

/** A one-time link to set a password. */
const Invitation = z
  .object({
    operator: Operator,
    isMailed: z.boolean().meta({ description: "The link goes to their e-mail, and to nobody else." }),
    url: z.string().nullable().meta({ description: "Where no mail server is set: the link, told this once." }),
    expiresAt: instant,
  })
  .meta({ id: "Invitation" });

export const getOperator = defineRoute({
  id: "operators.get",
  method: "GET",
  path: "/operators/{operatorId}",
  summary: "One person or service account that may sign in",
  scope: "operators:read",
  params: operatorParams,
  answer: Operator,
  revisioned: true,
  refusals: NO_SUCH_OPERATOR,
});

export const invitePerson = defineRoute({
  id: "operators.invite",
  method: "POST",
  path: "/operators",
  summary: "Invite a person to sign in",
  description: "They set a password by a one-time link, which works for 72 hours.",
  scope: "operators:write",
  body: z.strictObject({ name: text(100), email: z.email().max(254), roles }),
  answer: Invitation,
  status: 201,
  refusals: {
    "person-exists": {
      status: 409,
      says: "Somebody has this e-mail already. Change their roles, or reset their sign-in.",
    },
    ...ROLE_NOT_HELD,
  },
});

export const changeOperator = defineRoute({
  id: "operators.change",
  method: "PATCH",
  path: "/operators/{operatorId}",
  summary: "Change the name or the roles of an operator",
  description: "What is left out stays. Roles count at once, also for tokens and for who is signed in.",
  scope: "operators:write",
  params: operatorParams,
  body: z.strictObject({ name: text(100).optional(), roles: roles.optional() }),
  answer: Operator,
  revisioned: true,
  needsIfMatch: true,
  refusals: {
    ...NO_SUCH_OPERATOR,
    ...ROLE_NOT_HELD,
    ...LAST_ADMIN,
    ...NOT_A_PERSON,
    "name-taken": { status: 409, says: "Another service account has this name." },
  },
});

export const endOperator = defineRoute({
  id: "operators.end",
  method: "POST",
  path: "/operators/{operatorId}/end",
  summary: "Let an operator in no more",
  description: "Ends their sessions, tokens and links at once. What they did stays in the journal.",
  scope: "operators:write",
  params: operatorParams,
  answer: Operator,
  refusals: {
    ...NO_SUCH_OPERATOR,
    ...ROLE_NOT_HELD,
    ...LAST_ADMIN,
    "own-account": { status: 409, says: "You cannot end yourself. Ask another admin." },
  },
});

export const resetOperator = defineRoute({
  id: "operators.reset",
  method: "POST",
  path: "/operators/{operatorId}/reset",
  summary: "Give a person a new link to set a password",
  description:
    "Ends their sessions and forgets their password at once; their tokens stay. Also lets an ended person in again.",
  scope: "operators:write",
  params: operatorParams,
  answer: Invitation,
  refusals: { ...NO_SUCH_OPERATOR, ...ROLE_NOT_HELD, ...NOT_A_PERSON },
});

export const createServiceAccount = defineRoute({
  id: "operators.create-service-account",
  method: "POST",
  path: "/service-accounts",
  summary: "Make a service account, for programs",
  description: "It signs in by tokens only: `POST /tokens` with `serviceAccount`.",
  scope: "operators:write",
  body: z.strictObject({ name: text(100) }),
  answer: Operator,
  status: 201,
  refusals: { "name-taken": { status: 409, says: "Another service account has this name." } },
});

export const operatorRoutes = [
  listOperators,
  getCaller,
  getOperator,
  invitePerson,
  changeOperator,
  endOperator,
  resetOperator,
  createServiceAccount,
];
