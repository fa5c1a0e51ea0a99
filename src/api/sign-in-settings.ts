import { z } from "zod";
import { ROLES } from "../model/roles.ts";
import { defineRoute, text } from "./contract.ts";

const role = z.enum(ROLES);

/** Secrets and people's identities go there, so only a machine talking to itself may do without TLS. */
const issuer = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine(isSafe, "an https address; http only on localhost")
  .meta({
    description: "As the provider names itself; what is found below it at `/.well-known/openid-configuration`.",
  });

const sso = {
  issuer,
  clientId: text(300),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, "a scope"))
    .min(1)
    .max(20),
  label: text(60).meta({ description: "On the button: `Acme single sign-on`." }),
  groupsClaim: text(200).meta({
    description: "The claim that tells groups or roles; with dots where it lies deeper: `realm_access.roles`.",
  }),
  mapping: z
    .array(z.strictObject({ value: text(300), role }))
    .max(200)
    .meta({
      description:
        "Who has which value gets which role, anew at each sign-in. None: roles are given in Usher, and stay.",
    }),
  createsPeople: z.boolean().meta({ description: "Whoever the provider lets in, and nobody here knows, is made." }),
  defaultRole: role.nullable().meta({ description: "Of whoever no mapping names; null: they are not let in." }),
};

export const SignInSettings = z
  .object({
    passwords: z.boolean().meta({ description: "People may sign in by a password. One-time links always work." }),
    sso: z.object({ ...sso, hasClientSecret: z.boolean() }).nullable(),
    redirectUrl: z.string().meta({ description: "What the provider asks for as redirect URL." }),
    signOutRedirectUrl: z.string().meta({ description: "Where the provider may send the browser after signing out." }),
    revision: z.int(),
  })
  .meta({ id: "SignInSettings" });

export const getSignInSettings = defineRoute({
  id: "sign-in-settings.get",
  method: "GET",
  path: "/settings/sign-in",
  summary: "How people sign in",
  scope: "settings:read",
  answer: SignInSettings,
  revisioned: true,
});

export const changeSignInSettings = defineRoute({
  id: "sign-in-settings.change",
  method: "PUT",
  path: "/settings/sign-in",
  summary: "Change how people sign in",
  description:
    "Whoever changes it decides who gets in, so it asks for the scope `*`. The client's secret is kept sealed and never " +
    "shown; left out, the one there is stays, unless issuer or client changed.",
  scope: "*",
  body: z.strictObject({
    passwords: z.boolean(),
    sso: z
      .strictObject({
        ...sso,
        scopes: sso.scopes.default(["openid", "email", "profile"]),
        groupsClaim: sso.groupsClaim.default("groups"),
        mapping: sso.mapping.default([]),
        createsPeople: sso.createsPeople.default(false),
        defaultRole: sso.defaultRole.default(null),
        clientSecret: z.string().min(1).max(2000).optional(),
      })
      .nullable(),
  }),
  answer: SignInSettings,
  revisioned: true,
  needsIfMatch: true,
  refusals: {
    "no-way-in": { status: 422, says: "Without single sign-on nobody could sign in. Leave passwords on." },
    "secret-needed": { status: 422, says: "Enter the client's secret: for this issuer and client none is known." },
  },
});

export const checkSignInSettings = defineRoute({
  id: "sign-in-settings.check",
  method: "POST",
  path: "/settings/sign-in/check",
  summary: "Look what a provider of single sign-on says of itself",
  description: "Reads its discovery document. Nothing is saved.",
  scope: "*",
  body: z.strictObject({ issuer }),
  answer: z
    .object({
      issuer: z.string(),
      authorizationEndpoint: z.string().nullable(),
      tokenEndpoint: z.string().nullable(),
      endSessionEndpoint: z.string().nullable().meta({ description: "Null: it signs nobody out." }),
      scopes: z.array(z.string()),
      claims: z.array(z.string()),
      warnings: z.array(z.string()).meta({ description: "What will not work, in words." }),
    })
    .meta({ id: "SignInProvider" }),
  refusals: {
    "issuer-not-usable": { status: 422, says: "No provider of OpenID Connect answers there as it should." },
  },
});

function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(parsed?.hostname ?? "");
}

export const signInSettingsRoutes = [getSignInSettings, changeSignInSettings, checkSignInSettings];
