import { type DataCenterCredentials, makeDataCenterCredentials } from "./data-center/credentials.ts";
import type { SimRequest } from "./http.ts";
import { type Account, ADMIN, READER } from "./world/people.ts";
import { isInAny, seatGroups, type SiteWorld, type World } from "./world/world.ts";

/** Who sends a request, as far as its credential tells. */
export interface Caller {
  kind: "oauth" | "classic-token" | "scoped-token" | "organization-key" | "scim-token";
  /** What rate limits count by. */
  key: string;
  account: Account;
  /** Null where the credential carries no scopes: everything its account may do. */
  scopes: readonly string[] | null;
  /** The sites that an OAuth grant covers; null for every other kind. */
  cloudIds: readonly string[] | null;
}

export interface ApiToken {
  name: string;
  email: string;
  token: string;
  /** Null for a classic token. */
  scopes: string[] | null;
  account: number;
}

export interface OrganizationKey {
  name: string;
  key: string;
  /** Null for a key without scopes. */
  scopes: string[] | null;
}

/** Of the identity provider, for one directory (FACTS §2). */
export interface ScimToken {
  name: string;
  token: string;
  directoryId: string;
}

export interface OAuthClient {
  name: string;
  clientId: string;
  clientSecret: string;
  /** Compared as they are: path, port and all (FACTS §1). */
  callbackUrls: string[];
}

export interface Credentials {
  clients: OAuthClient[];
  apiTokens: ApiToken[];
  organizationKeys: OrganizationKey[];
  scimTokens: ScimToken[];
  dataCenter: DataCenterCredentials;
}

export const READ_SCOPES = [
  "read:content-details:confluence",
  "read:audit-log:confluence",
  "read:group:confluence",
  "read:user:confluence",
  "read:space:confluence",
  "read:space.permission:confluence",
  "read:configuration:confluence",
];

export const WRITE_SCOPES = ["write:group:confluence", "write:space.permission:confluence"];

export const ADMIN_READ_SCOPES = [
  "read:orgs:admin",
  "read:directories:admin",
  "read:groups:admin",
  "read:accounts:admin",
  "read:workspaces:admin",
];

/** The same in every simulator, so that a test can write them down; they open nothing but a simulator. */
export function makeCredentials(world: World): Credentials {
  const admin = world.people[ADMIN]?.email ?? "";
  const reader = world.people[READER]?.email ?? "";
  return {
    clients: [
      {
        name: "Usher",
        clientId: "sim-client-usher",
        clientSecret: "sim-client-secret-usher",
        callbackUrls: ["http://localhost:4000/oauth/callback", "http://127.0.0.1:4000/oauth/callback"],
      },
    ],
    apiTokens: [
      { name: "classic-admin", email: admin, token: "sim-classic-token-of-petra", scopes: null, account: ADMIN },
      { name: "classic-reader", email: reader, token: "sim-classic-token-of-rita", scopes: null, account: READER },
      {
        name: "scoped-admin",
        email: admin,
        token: "sim-scoped-token-of-petra",
        scopes: [...READ_SCOPES, ...WRITE_SCOPES],
        account: ADMIN,
      },
      {
        name: "scoped-groups-only",
        email: admin,
        token: "sim-scoped-token-groups",
        scopes: ["read:group:confluence", "read:user:confluence"],
        account: ADMIN,
      },
    ],
    organizationKeys: [
      { name: "organization", key: "sim-organization-key", scopes: null },
      { name: "organization-scoped", key: "sim-organization-key-scoped", scopes: [...ADMIN_READ_SCOPES] },
      { name: "organization-groups-only", key: "sim-organization-key-groups", scopes: ["read:groups:admin"] },
    ],
    scimTokens: [{ name: "identity-provider", token: "sim-scim-token", directoryId: world.scimDirectoryId }],
    dataCenter: makeDataCenterCredentials(),
  };
}

export function basicCaller({ apiTokens }: Credentials, world: World, request: SimRequest): Caller | null {
  const header = request.headers.authorization ?? "";
  if (!header.startsWith("Basic ")) return null;
  const [email, token] = splitOnce(Buffer.from(header.slice(6), "base64").toString(), ":");
  const found = apiTokens.find((each) => each.token === token && each.email.toLowerCase() === email.toLowerCase());
  const account = found && world.people[found.account];
  if (!found || account?.state !== "active") return null;
  return {
    kind: found.scopes ? "scoped-token" : "classic-token",
    key: `token:${found.name}`,
    account,
    scopes: found.scopes,
    cloudIds: null,
  };
}

export function organizationCaller(
  { organizationKeys }: Credentials,
  world: World,
  request: SimRequest,
): Caller | null {
  const found = organizationKeys.find((each) => each.key === bearer(request));
  const account = world.people[ADMIN];
  if (!found || !account) return null;
  return { kind: "organization-key", key: `key:${found.name}`, account, scopes: found.scopes, cloudIds: null };
}

/** Null for a token that nobody made; the directory it opens is another question. */
export function scimCaller(
  { scimTokens }: Credentials,
  world: World,
  request: SimRequest,
): (Caller & { directoryId: string }) | null {
  const found = scimTokens.find((each) => each.token === bearer(request));
  const account = world.people[ADMIN];
  if (!found || !account) return null;
  const caller: Caller = { kind: "scim-token", key: `scim:${found.name}`, account, scopes: null, cloudIds: null };
  return { ...caller, directoryId: found.directoryId };
}

export function bearer(request: SimRequest): string | null {
  const header = request.headers.authorization ?? "";
  return header.startsWith("Bearer ") ? header.slice(7) : null;
}

/** Whether one of the alternatives is covered. */
export function covers(scopes: readonly string[] | null, alternatives: readonly (readonly string[])[]): boolean {
  return (
    scopes === null ||
    alternatives.length === 0 ||
    alternatives.some((each) => each.every((scope) => scopes.includes(scope)))
  );
}

export function isConfluenceAdmin(site: SiteWorld, account: Account): boolean {
  return isProductAdmin(site, account) || isSiteAdmin(site, account);
}

export function isProductAdmin(site: SiteWorld, account: Account): boolean {
  return isInAny(
    seatGroups(site).filter((each) => each.role === "atlassian/admin"),
    account,
  );
}

export function isSiteAdmin(site: SiteWorld, account: Account): boolean {
  return isInAny(
    site.groups.filter((each) => each.role === "atlassian/site-admin"),
    account,
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
