import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { wordsOf } from "../atlassian/credential.ts";
import type { Session } from "../atlassian/exchange.ts";
import { read, type ReadCall } from "../atlassian/request.ts";
import { type CredentialAccess, type ReachableSite, type SiteHint, SourceFailure } from "../source.ts";
import { type Shared, siteBaseUrl } from "./client.ts";

type Discovery = Shared & { clock: Clock };

/** Discovery is a handful of requests; it need not be fast. */
const DISCOVERY_CONCURRENCY_MAX = 2;

/** Asks without a credential. */
const NOBODY: CredentialAccess = {
  id: "nobody",
  kind: "api-token",
  accountEmail: null,
  scopes: null,
  token: () => Promise.resolve(""),
  renew: () => Promise.resolve(""),
};

/** The sites that a credential reaches, before any of them is opened. */
export async function listReachableSites(
  shared: Discovery,
  credential: CredentialAccess,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<ReachableSite[]> {
  switch (credential.kind) {
    case "oauth":
      return sitesOfGrant(shared, credential, signal);
    case "api-token":
    case "scoped-api-token":
      return [await siteOfToken(shared, credential, hint, signal)];
    case "organization-key":
      return sitesOfOrganizations(shared, credential, hint, signal);
    case "scim-key":
    case "personal-access-token":
    case "basic":
      return [];
  }
}

const Resources = z.array(
  z.object({ id: z.string(), name: z.string().nullish(), url: z.string(), scopes: z.array(z.string()) }),
);

/** Entries repeat, one for each product of a site; those with scopes of Confluence are its Confluence (FACTS §1). */
async function sitesOfGrant(
  shared: Discovery,
  credential: CredentialAccess,
  signal: AbortSignal,
): Promise<ReachableSite[]> {
  const resources = await get(
    shared,
    credential,
    {
      baseUrl: shared.hosts.apiUrl,
      path: "/oauth/token/accessible-resources",
      what: "the sites of the grant",
      schema: Resources,
    },
    signal,
  );
  const sitesByCloudId = new Map<string, ReachableSite>();
  for (const { id, name, url, scopes } of resources) {
    if (!scopes.some((scope) => scope.includes("confluence"))) continue;
    const known = sitesByCloudId.get(id);
    const baseUrl = siteBaseUrl(url);
    const site = known ?? { sourceKey: id, baseUrl, name: name ?? nameIn(baseUrl), scopes: [] };
    sitesByCloudId.set(id, { ...site, scopes: [...new Set([...site.scopes, ...scopes])] });
  }
  return [...sitesByCloudId.values()];
}

const TenantInfo = z.object({ cloudId: z.string() });
const LinkedPage = z.object({ _links: z.object({ base: z.string() }) });

/** An API token does not say where it belongs: the site must have been typed. */
async function siteOfToken(
  shared: Discovery,
  credential: CredentialAccess,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<ReachableSite> {
  const scopes = credential.scopes ?? [];
  if (hint?.baseUrl) {
    const baseUrl = siteBaseUrl(hint.baseUrl);
    const what = "the site's cloud id";
    const { cloudId } = await get(
      shared,
      // Anybody may ask for it, so the token is not shown to a host that may have been mistyped.
      null,
      { baseUrl, path: "/_edge/tenant_info", what, schema: TenantInfo },
      signal,
    );
    return { sourceKey: cloudId, baseUrl, name: hint.siteName ?? nameIn(baseUrl), scopes };
  }
  if (hint?.cloudId && credential.kind === "scoped-api-token") {
    const { _links } = await get(
      shared,
      credential,
      {
        baseUrl: `${shared.hosts.apiUrl}/ex/confluence/${hint.cloudId}`,
        path: "/wiki/api/v2/spaces",
        query: { limit: "1" },
        what: "the site's address",
        schema: LinkedPage,
      },
      signal,
    );
    const baseUrl = siteBaseUrl(_links.base);
    return { sourceKey: hint.cloudId, baseUrl, name: nameIn(baseUrl), scopes };
  }
  throw new SourceFailure("The site's address is not known.", {
    code: "source.bad-request",
    publicMessage: `The ${wordsOf(credential)} does not say to which site it belongs${hint ? `, and "${hint.typed}" does not name its address` : ""}.`,
    fix: "Type the site's name (acme) or its address (acme.atlassian.net).",
  });
}

const Organizations = z.object({ data: z.array(z.object({ id: z.string() })).nullish() });
const Workspaces = z.object({
  data: z.array(
    z.object({
      id: z.string().nullish(),
      attributes: z.object({ name: z.string().nullish(), hostUrl: z.string().nullish() }).nullish(),
    }),
  ),
});

async function sitesOfOrganizations(
  shared: Discovery,
  credential: CredentialAccess,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<ReachableSite[]> {
  const baseUrl = `${shared.hosts.apiUrl}/admin`;
  const what = "the sites of the organization";
  const told = await get(shared, credential, { baseUrl, path: "/v1/orgs", what, schema: Organizations }, signal);
  const organizationIds = new Set((told.data ?? []).map(({ id }) => id));
  if (hint?.organizationId) organizationIds.add(hint.organizationId);
  const sites: ReachableSite[] = [];
  for (const organizationId of organizationIds) {
    const path = `/v2/orgs/${encodeURIComponent(organizationId)}/workspaces`;
    const body = { query: { field: { name: "attributes.type", values: ["confluence"] } }, limit: 1_000 };
    const { data } = await get(shared, credential, { baseUrl, path, body, what, schema: Workspaces }, signal);
    for (const { id, attributes } of data) {
      const sourceKey = id?.slice(id.lastIndexOf("/") + 1);
      if (!sourceKey || !attributes?.hostUrl) continue;
      const siteUrl = siteBaseUrl(attributes.hostUrl);
      sites.push({
        sourceKey,
        baseUrl: siteUrl,
        name: attributes.name ?? nameIn(siteUrl),
        scopes: credential.scopes ?? [],
      });
    }
  }
  return sites;
}

interface Get<Body> {
  baseUrl: string;
  path: string;
  query?: Record<string, string>;
  /** With a body the read is a POST, as the searches of the admin API are. */
  body?: unknown;
  what: string;
  schema: z.ZodType<Body>;
}

function get<Body>(
  shared: Discovery,
  credential: CredentialAccess | null,
  { baseUrl, path, query, body, what, schema }: Get<Body>,
  signal: AbortSignal,
): Promise<Body> {
  const { limiters, transport } = shared;
  const limiter = limiters.get(`discovery ${credential?.id ?? baseUrl}`, DISCOVERY_CONCURRENCY_MAX);
  const session: Session = {
    transport,
    credential: credential ?? NOBODY,
    baseUrl,
    limitsOf: () => ({ client: null, own: limiter, site: null }),
    clock: shared.clock,
    log: silentLog,
    observe: () => {},
  };
  const method = body === undefined ? "GET" : "POST";
  const call: ReadCall<Body> = {
    method,
    path,
    query: new URLSearchParams(query),
    body,
    schema,
    pointsOf: () => 0,
    endpoint: `${method} ${path}`,
    what,
    capability: null,
    scopes: [],
    role: "permission to use Confluence",
    needsAdministrator: false,
    isOneThing: true,
    hasCursor: false,
  };
  return read(session, call, signal);
}

/** `acme` of `https://acme.atlassian.net`. */
function nameIn(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  return hostname.endsWith(".atlassian.net") ? hostname.slice(0, -".atlassian.net".length) : hostname;
}
