import { z } from "zod";
import {
  CheckReport,
  Connection,
  ConnectionRow,
  Credential,
  ReachableSite,
  SettingsChange,
  WriteProof,
} from "./connection-shapes.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";
import { CapabilityName, ConnectionStateName, Site, Source } from "./sites.ts";

const connectionParams = z.strictObject({ connectionId: idOf("connection") });
const credentialParams = connectionParams.extend({ credentialId: idOf("credential") });

const NO_SUCH_CONNECTION = { "no-such-connection": { status: 404, says: "There is no such connection." } } as const;
const NO_SUCH_CREDENTIAL = {
  "no-such-credential": { status: 404, says: "The connection has no such credential." },
} as const;
const ARCHIVED = {
  archived: { status: 409, says: "The connection is archived. Make a new one, started from this one." },
} as const;
const NOT_PROVED = {
  "not-proved": { status: 422, says: "It was tried for real and did not work, so nothing was changed." },
} as const;
const CAPABILITY_CHOICE = {
  "capability-not-offered": { status: 422, says: "This capability cannot be chosen yet." },
  "roster-always-on": { status: 422, says: "Everything else rests on the roster, so it is always on." },
} as const;
const CHOICE = {
  ...CAPABILITY_CHOICE,
  "name-taken": { status: 409, says: "Another connection has this name. Choose another one." },
  "owner-needed": {
    status: 422,
    says: "A connection has at least one owner. Give the e-mail of whoever answers for it.",
  },
} as const;

const email = z.email().max(254);
const capabilities = z.array(CapabilityName).min(1).max(5);
const typedSite = text(500).meta({
  description:
    "`acme`, its host, any page's URL, a cloud id or the gateway URL; of Data Center its address with the context path, or any page's URL.",
});

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

export const listConnections = defineList({
  id: "connections.list",
  path: "/connections",
  summary: "Connections and how their sites are",
  scope: "connections:read",
  item: ConnectionRow,
  sorts: ["name", "createdAt"],
  filters: { state: manyOf(ConnectionStateName).optional(), q: text(100).optional() },
});

export const getConnection = defineRoute({
  id: "connections.get",
  method: "GET",
  path: "/connections/{connectionId}",
  summary: "One connection with its sites and credentials",
  scope: "connections:read",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: NO_SUCH_CONNECTION,
});

export const createConnection = defineRoute({
  id: "connections.create",
  method: "POST",
  path: "/connections",
  summary: "Make a draft of a connection",
  description: "Nothing is asked of the source yet. Sites are joined as soon as a credential reaches them.",
  scope: "connections:write",
  body: z.strictObject({
    name: text(100),
    source: Source.default("confluence-cloud"),
    capabilities: capabilities
      .nullable()
      .default(null)
      .meta({ description: "Null: roster, activity and permissions." }),
    settings: SettingsChange.default({}),
    owners: z.array(email).max(50).nullable().default(null).meta({ description: "Null: whoever makes it." }),
    sites: z.array(typedSite).max(50).default([]),
    from: idOf("connection").nullable().default(null).meta({
      description: "Start with the settings and capabilities of this one; secrets are never taken over.",
    }),
  }),
  answer: Connection,
  status: 201,
  revisioned: true,
  refusals: { ...CHOICE, ...NO_SUCH_CONNECTION },
});

export const changeConnection = defineRoute({
  id: "connections.change",
  method: "PATCH",
  path: "/connections/{connectionId}",
  summary: "Change a connection's name, owners, capabilities or settings",
  description:
    "What is left out stays. Name and owners change at once. Capabilities and settings of a published or paused connection become its pending revision, which is checked and then applied; the running connection goes on as it is.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({
    name: text(100).optional(),
    owners: z.array(email).min(1).max(50).optional(),
    capabilities: capabilities.optional(),
    settings: SettingsChange.optional(),
  }),
  answer: Connection,
  needsIfMatch: true,
  revisioned: true,
  refusals: { ...NO_SUCH_CONNECTION, ...ARCHIVED, ...CHOICE },
});

export const checkConnection = defineRoute({
  id: "connections.check",
  method: "POST",
  path: "/connections/{connectionId}/check",
  summary: "Try each capability on each site for real",
  description:
    "Changes nothing at the source. A draft whose roster can be read on at least one site becomes validated.",
  scope: "connections:write",
  params: connectionParams,
  answer: CheckReport,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "nothing-to-check": { status: 409, says: "The connection has no site that a credential reaches." },
  },
});

export const proveWrites = defineRoute({
  id: "connections.proveWrites",
  method: "POST",
  path: "/connections/{connectionId}/sites/{siteId}/write-proof",
  summary: "Prove write access with a temporary group",
  description:
    "Makes a group that gives nothing, puts the credential's own account into it and takes it out, reads back each step, and deletes the group. Only a person may ask for it; it is done on a site that is observed only as well. The answer comes once all is done, after a minute or two at most.",
  scope: "connections:write",
  params: connectionParams.extend({ siteId: idOf("site") }),
  answer: WriteProof,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "no-such-site": { status: 404, says: "The connection does not reach this site." },
    "person-needed": { status: 403, says: "Only a person may have a site written to." },
    "reclaim-is-off": { status: 409, says: "The connection may not reclaim. Choose that capability first." },
    "already-running": { status: 409, says: "Another proof of this site is under way. Try again in three minutes." },
    "cannot-write": { status: 422, says: "The credentials at hand cannot do what a proof does, so nothing was sent." },
  },
});

const LIFE_CYCLE = {
  ...NO_SUCH_CONNECTION,
  ...ARCHIVED,
  "not-validated": {
    status: 409,
    says: "The connection is a draft. Check it first; a check that passes validates it.",
  },
  "already-published": { status: 409, says: "The connection was published before. If it is paused, resume it." },
  "not-published": { status: 409, says: "Only a published connection can be paused." },
  "not-paused": { status: 409, says: "Only a paused connection can be resumed." },
} as const;

const UNCONFIRMED_COPY = {
  "unconfirmed-copy": {
    status: 409,
    says:
      "This installation was restored from a backup, and the one it comes from may still live: two would undo each other. " +
      "Say that this is the living copy first: `usher restore confirm`.",
  },
} as const;

export const publishConnection = defineRoute({
  id: "connections.publish",
  method: "POST",
  path: "/connections/{connectionId}/publish",
  summary: "Hand a validated connection over to the schedule",
  description: "Each site gets its jobs and its first run.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: { ...LIFE_CYCLE, ...UNCONFIRMED_COPY },
});

export const pauseConnection = defineRoute({
  id: "connections.pause",
  method: "POST",
  path: "/connections/{connectionId}/pause",
  summary: "Stop the schedule of a connection",
  description: "A run that is under way ends by itself.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: LIFE_CYCLE,
});

export const resumeConnection = defineRoute({
  id: "connections.resume",
  method: "POST",
  path: "/connections/{connectionId}/resume",
  summary: "Let the schedule of a paused connection go on",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: { ...LIFE_CYCLE, ...UNCONFIRMED_COPY },
});

export const archiveConnection = defineRoute({
  id: "connections.archive",
  method: "POST",
  path: "/connections/{connectionId}/archive",
  summary: "End a connection for good",
  description: "Its history, seats and journal stay; its secrets are forgotten.",
  scope: "connections:write",
  params: connectionParams,
  answer: Connection,
  revisioned: true,
  refusals: LIFE_CYCLE,
});

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

export const startAuthorization = defineRoute({
  id: "authorizations.start",
  method: "POST",
  path: "/connections/{connectionId}/authorization",
  summary: "Make a link to consent by",
  description: "It asks for exactly the scopes of what is on, counts once, and for ten minutes.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({
    credentialId: idOf("credential"),
    capabilities: z.array(CapabilityName).max(5).default([]).meta({
      description: "Also ask for what these need, so that they can be switched on afterwards.",
    }),
  }),
  answer: z
    .object({
      attemptId: z.string(),
      url: z.string().meta({ description: "To open in a browser." }),
      redirectUrl: z.string(),
      scopes: z.array(z.string()),
      expiresAt: instant,
    })
    .meta({ id: "StartedAuthorization" }),
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...NO_SUCH_CREDENTIAL,
    ...ARCHIVED,
    ...CAPABILITY_CHOICE,
    "not-oauth": { status: 422, says: "Only an OAuth app is authorized; a token or key is entered as it is." },
  },
});

export const getAuthorization = defineRoute({
  id: "authorizations.get",
  method: "GET",
  path: "/connections/{connectionId}/authorization/{attemptId}",
  summary: "What became of a link to consent by",
  scope: "connections:read",
  params: connectionParams.extend({ attemptId: idOf("attempt") }),
  answer: z
    .object({
      id: z.string(),
      credentialId: z.string(),
      state: z.enum(["waiting", "expired", "authorized", "declined", "site-not-covered", "failed"]),
      message: z.string().nullable(),
      sites: z.array(z.object({ sourceKey: z.string(), name: z.string(), baseUrl: z.string() })),
      expiresAt: instant,
    })
    .meta({ id: "Authorization" }),
  refusals: { "no-such-attempt": { status: 404, says: "There is no such link." } },
});

export const listReachableSites = defineRoute({
  id: "connections.reachable-sites",
  method: "GET",
  path: "/connections/{connectionId}/reachable-sites",
  summary: "Sites that the connection's credentials reach, to choose from",
  description: "Asked of the source now.",
  scope: "connections:read",
  params: connectionParams,
  answer: z.object({
    items: z.array(ReachableSite),
    problems: z.array(z.string()).meta({ description: "What a credential could not be asked for." }),
  }),
  refusals: NO_SUCH_CONNECTION,
});

export const addSite = defineRoute({
  id: "connections.add-site",
  method: "POST",
  path: "/connections/{connectionId}/sites",
  summary: "Add a site to a connection",
  description:
    "A site that is known already is joined, never copied. While no credential reaches it, a draft keeps it as wanted; a published connection refuses it.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({ site: typedSite }),
  answer: z
    .object({
      siteId: z.string().nullable().meta({ description: "Null while no credential reaches the site." }),
      wasKnown: z
        .boolean()
        .meta({ description: "Another connection reached it already; this one is a further way to it." }),
      readBy: Site.shape.readBy.meta({
        description: "What is read of the site, and by which connection. Facts of several merge by account.",
      }),
      problem: z.string().nullable(),
      reachable: z.array(ReachableSite),
    })
    .meta({ id: "AddedSite" }),
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "site-not-understood": { status: 422, says: "This is no site's name, address or cloud id." },
    "site-not-reached": { status: 422, says: "None of the connection's credentials reaches the site." },
    "site-not-proved": { status: 422, says: "The site's roster could not be read, so it was not added." },
  },
});

export const removeSite = defineRoute({
  id: "connections.remove-site",
  method: "DELETE",
  path: "/connections/{connectionId}/sites/{siteId}",
  summary: "Stop reading a site by this connection",
  description: "What is known of the site stays.",
  scope: "connections:write",
  params: connectionParams.extend({ siteId: idOf("site") }),
  refusals: {
    ...NO_SUCH_CONNECTION,
    "no-such-site": { status: 404, says: "The connection has no such site." },
    "last-site": { status: 409, says: "It is the connection's only site. Pause or archive the connection instead." },
  },
});

export const removeWantedSite = defineRoute({
  id: "connections.remove-wanted-site",
  method: "DELETE",
  path: "/connections/{connectionId}/wanted-sites",
  summary: "No longer wait for a site that was asked for",
  scope: "connections:write",
  params: connectionParams,
  query: z.strictObject({ site: typedSite }),
  refusals: {
    ...NO_SUCH_CONNECTION,
    "no-such-site": {
      status: 404,
      says: "The connection does not wait for such a site. Give it exactly as it was typed.",
    },
  },
});

export const connectionRoutes = [
  listSources,
  listConnections,
  createConnection,
  getConnection,
  changeConnection,
  checkConnection,
  proveWrites,
  publishConnection,
  pauseConnection,
  resumeConnection,
  archiveConnection,
  addCredential,
  rotateCredential,
  removeCredential,
  startAuthorization,
  getAuthorization,
  listReachableSites,
  addSite,
  removeSite,
  removeWantedSite,
];
