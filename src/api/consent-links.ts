import { z } from "zod";
import { ARCHIVED, connectionParams, email, NO_SUCH_CONNECTION, NO_SUCH_CREDENTIAL } from "./connection-parts.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList } from "./lists.ts";

const ConsentKindName = z.enum(["oauth", "api-token", "scoped-api-token", "organization-key", "personal-access-token"]);

const linkFields = {
  id: z.string(),
  connectionId: z.string(),
  kind: ConsentKindName,
  credentialId: z.string().nullable().meta({
    description: "The OAuth app that is consented to, or what gets a new secret; null: a new one is asked for.",
  }),
  state: z.enum(["open", "used", "revoked", "expired"]),
  email: z
    .string()
    .nullable()
    .meta({ description: "Who got a mail with it; null: it was handed over in another way." }),
  note: z.string().nullable(),
  problem: z.string().nullable().meta({ description: "What went wrong when it was last tried, in words." }),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant,
  endedAt: instant.nullable(),
};

export const ConsentLink = z.object(linkFields).meta({ id: "ConsentLink" });

export const createConsentLink = defineRoute({
  id: "consent-links.create",
  method: "POST",
  path: "/connections/{connectionId}/consent-links",
  summary: "Make a link by which somebody who is no operator consents or gives a token",
  description:
    "For an Atlassian administrator: the page says in words what is asked, and takes a consent, a token or a key once, within 72 hours. A secret is tried for real before it is stored. Whoever has the link can use it.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({
    kind: ConsentKindName,
    credentialId: idOf("credential").nullable().default(null).meta({
      description:
        "`oauth`: the app to consent to; may be left out where there is only one. Others: what gets a new secret; null for a new one.",
    }),
    email: email.nullable().default(null).meta({ description: "Who gets a mail with the link." }),
    note: text(500).nullable().default(null).meta({ description: "Shown to whoever opens it." }),
  }),
  answer: ConsentLink.extend({
    url: z.string().meta({ description: "Told once, here." }),
  }).meta({ id: "CreatedConsentLink" }),
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...NO_SUCH_CREDENTIAL,
    ...ARCHIVED,
    "kind-differs": { status: 422, says: "The credential is of another kind than what is asked for." },
    "no-app": {
      status: 409,
      says: "The connection has no OAuth app to consent to. Enter its client id and secret first.",
    },
    "several-apps": { status: 409, says: "The connection has several OAuth apps. Say by `credentialId` which one." },
    "mail-not-set": {
      status: 409,
      says: "This Usher has no mail server. Leave `email` out and hand the link over yourself.",
    },
    "credential-not-for-source": {
      status: 422,
      says: "The connection's source cannot read with a credential of this `kind`.",
    },
  },
});

export const listConsentLinks = defineList({
  id: "consent-links.list",
  path: "/connections/{connectionId}/consent-links",
  summary: "Links by which somebody else was asked, and what became of them",
  description: "Those that ended stay for 90 days. The addresses themselves are not told again.",
  scope: "connections:read",
  params: connectionParams,
  item: ConsentLink,
  sorts: ["createdAt"],
  defaultSort: "-createdAt",
  refusals: NO_SUCH_CONNECTION,
});

export const revokeConsentLink = defineRoute({
  id: "consent-links.revoke",
  method: "DELETE",
  path: "/connections/{connectionId}/consent-links/{linkId}",
  summary: "Let a link open nothing any more",
  scope: "connections:write",
  params: connectionParams.extend({ linkId: idOf("consent") }),
  refusals: {
    "no-such-link": { status: 404, says: "The connection has no such link." },
    "link-ended": { status: 409, says: "The link was used or revoked already." },
  },
});

export const consentLinkRoutes = [createConsentLink, listConsentLinks, revokeConsentLink];
