import { z } from "zod";
import { ARCHIVED, connectionParams, email, NO_SUCH_CONNECTION, NO_SUCH_CREDENTIAL } from "./connection-parts.ts";
import { Credential } from "./connection-shapes.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";

const credentialParams = connectionParams.extend({ credentialId: idOf("credential") });

const NOT_PROVED = {
  "not-proved": { status: 422, says: "It was tried for real and did not work, so nothing was changed." },
} as const;

/** Printable ASCII without blanks: what tokens, keys and client secrets are made of. */
const secret = z
  .string()
  .min(8)
  .max(4000)
  .regex(/^[\x21-\x7e]+$/, "the secret as the source showed it, without blanks")
  .meta({ description: "Stored encrypted and never returned." });
const label = text(100).optional().meta({ description: "What to call it; made up when left out." });
const expiresAt = instant.nullable().optional().meta({
  description: "When the source ends it. Left out: one year for API tokens, which is Atlassian's default. Null: never.",
});
/** A separator is no character of a part, so that there is one way only to read a text and a hostile one costs nothing. */
const scopeName = z
  .string()
  .regex(/^[a-z_]+([:.][a-z_-]+)*$/, "a scope as the developer console names it")
  .max(100);

const organizationId = z.uuid().nullable().default(null).meta({
  description: "Needed for a key with scopes, which does not tell it: admin.atlassian.com/o/{this}/…",
});

const directoryId = z.uuid().meta({
  description: "The directory that the key opens: the last part of the SCIM base URL that came with it.",
});

const ApiTokenFields = { label, accountEmail: email, token: secret, expiresAt };
const username = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^:\p{Cc}]+$/u, "a user name as it is typed at the log-in, without a colon")
  .meta({ description: "The account's name at the Data Center instance." });
const password = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^\P{Cc}+$/u, "the password on one line")
  .meta({ description: "Stored encrypted and never returned." });

export const addCredential = defineRoute({
  id: "credentials.create",
  method: "POST",
  path: "/connections/{connectionId}/credentials",
  summary: "Enter a credential",
  description:
    "An OAuth app is authorized afterwards. A token, key or password that is entered into a published connection is tried for real first, and refused if it does not work. Data Center takes the kinds personal-access-token and basic, Cloud the others.",
  scope: "connections:write",
  params: connectionParams,
  body: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("oauth"),
      label,
      clientId: z.string().regex(/^[\x21-\x7e]{1,200}$/, "the client id as the developer console shows it"),
      clientSecret: secret,
      askedScopes: z
        .array(scopeName)
        .min(1)
        .max(50)
        .nullable()
        .default(null)
        .meta({ description: "Ask for these in place of what the capabilities need: for an app that has only them." }),
    }),
    z.strictObject({ kind: z.literal("api-token"), ...ApiTokenFields }),
    z.strictObject({ kind: z.literal("scoped-api-token"), ...ApiTokenFields }),
    z.strictObject({ kind: z.literal("organization-key"), label, key: secret, organizationId, expiresAt }),
    z.strictObject({ kind: z.literal("scim-key"), label, key: secret, directoryId, expiresAt }),
    z.strictObject({ kind: z.literal("personal-access-token"), label, token: secret, expiresAt }),
    z.strictObject({ kind: z.literal("basic"), label, username, password, expiresAt }),
  ]),
  answer: Credential,
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    ...NOT_PROVED,
    "credential-not-for-source": {
      status: 422,
      says: "The connection's source cannot read with a credential of this `kind`.",
    },
    "too-many-credentials": {
      status: 409,
      says: "A connection holds at most 20 credentials. Remove one that is no longer needed, or rotate it.",
    },
  },
});

export const rotateCredential = defineRoute({
  id: "credentials.rotate",
  method: "POST",
  path: "/connections/{connectionId}/credentials/{credentialId}/rotate",
  summary: "Put a new secret in place of the old one",
  description: "The new one is tried for real before it takes over, and runs under way go on with it.",
  scope: "connections:write",
  params: credentialParams,
  body: z
    .strictObject({
      secret: secret.optional().meta({ description: "The new client secret, token or key." }),
      password: password.optional().meta({ description: "In place of `secret`, for basic authentication." }),
      accountEmail: email.nullable().default(null).meta({ description: "Null: as before." }),
      username: username.nullable().default(null).meta({ description: "Null: as before." }),
      expiresAt,
    })
    .refine((body) => (body.secret === undefined) !== (body.password === undefined), {
      path: ["secret"],
      message: "either a secret or, for basic authentication, a password",
    }),
  answer: Credential,
  refusals: { ...NO_SUCH_CONNECTION, ...NO_SUCH_CREDENTIAL, ...ARCHIVED, ...NOT_PROVED },
});

export const removeCredential = defineRoute({
  id: "credentials.remove",
  method: "DELETE",
  path: "/connections/{connectionId}/credentials/{credentialId}",
  summary: "Forget a credential",
  scope: "connections:write",
  params: credentialParams,
  refusals: {
    ...NO_SUCH_CREDENTIAL,
    "last-credential": {
      status: 409,
      says: "Without it the connection could read nothing. Enter another one first, or pause or archive the connection.",
    },
  },
});

export const credentialRoutes = [addCredential, rotateCredential, removeCredential];
