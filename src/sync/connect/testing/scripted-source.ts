import { ok, refuse } from "../../../lib/result.ts";
import type { Capability, Probe } from "../../../model/connections.ts";
import {
  type Authorizer,
  type CredentialAccess,
  type ReachableSite,
  type SiteAccess,
  type SiteSource,
  type Source,
  SourceFailure,
  type SourceFailureCode,
  type TokenPair,
} from "../../../sources/source.ts";

/** A source of plain objects: what tokens it accepts, which sites there are, and what each capability's probe says. */
export interface ScriptedSource {
  source: Source;
  sites: ReachableSite[];
  /** Account ids by the token or key that the source accepts; access tokens that it gave out are added. */
  accounts: Map<string, string>;
  /** Sites that the grants cover; a test narrows it to what a person chose. */
  grantCovers: ReachableSite[];
  /** Capabilities whose probe fails, with the words it fails with. */
  failing: Map<Capability, string>;
  /** What the next calls of the authorizer do, first one first; without one a fresh pair is given. */
  refreshes: ((refreshToken: string) => Promise<TokenPair>)[];
  /** Refresh tokens that were sent, in order. */
  refreshesSeen: string[];
  exchanges: ((code: string) => Promise<TokenPair>)[];
  givePair(scopes?: readonly string[]): TokenPair;
}

export const ACME: ReachableSite = {
  sourceKey: "cloud-acme",
  baseUrl: "https://acme.example",
  name: "acme",
  scopes: [],
};
export const LABS: ReachableSite = {
  sourceKey: "cloud-labs",
  baseUrl: "https://labs.example",
  name: "labs",
  scopes: [],
};

export function scriptedSource(): ScriptedSource {
  let pairs = 0;
  const scripted: Omit<ScriptedSource, "source"> = {
    sites: [ACME, LABS],
    accounts: new Map(),
    grantCovers: [ACME, LABS],
    failing: new Map(),
    refreshes: [],
    refreshesSeen: [],
    exchanges: [],
    givePair(scopes = ["read:things", "offline_access"]) {
      pairs += 1;
      const accessToken = `access-${pairs}`;
      scripted.accounts.set(accessToken, "account-petra");
      return { accessToken, refreshToken: `refresh-${pairs}`, expiresInSeconds: 3600, scopes: [...scopes] };
    },
  };
  const authorizer: Authorizer = {
    authorizeUrl({ clientId, redirectUrl, scopes, state }) {
      const url = new URL("https://auth.example/authorize");
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUrl,
        scope: scopes.join(" "),
        state,
      }).toString();
      return url;
    },
    exchange: ({ code }) => scripted.exchanges.shift()?.(code) ?? Promise.resolve(scripted.givePair()),
    refresh({ refreshToken }) {
      scripted.refreshesSeen.push(refreshToken);
      return scripted.refreshes.shift()?.(refreshToken) ?? Promise.resolve(scripted.givePair());
    },
  };

  async function accountOf(credential: CredentialAccess, signal: AbortSignal): Promise<string> {
    const account = scripted.accounts.get(await credential.token(signal));
    if (!account) throw failure("source.unauthorized", "The source does not accept the token.");
    return account;
  }

  const source: Source = {
    kind: "confluence-cloud",
    needs: [
      needsOf("roster", ["read:people", "read:groups"]),
      needsOf("activity", ["read:audit"]),
      needsOf("permissions", ["read:spaces", "read:groups"]),
    ],
    authorizer,
    understandSite(text) {
      const name = /^[a-z]+$/.exec(text.trim())?.[0] ?? /^https:\/\/([a-z]+)\.example/.exec(text)?.[1];
      if (!name) return refuse({ code: "site-not-understood", message: `"${text}" is no site. Type its name.` });
      return ok({ typed: text, siteName: name, baseUrl: `https://${name}.example`, cloudId: null });
    },
    async listSites(credential, hint, signal) {
      if (credential.kind === "oauth") {
        await accountOf(credential, signal);
        return scripted.grantCovers;
      }
      const site = scripted.sites.find((each) => each.baseUrl === hint?.baseUrl);
      if (!site) throw failure("source.unreachable", "There is no such host.");
      return [site];
    },
    open: (access) => scriptedSite(scripted, access, accountOf),
  };
  return Object.assign(scripted, { source });
}

function scriptedSite(
  scripted: Pick<ScriptedSource, "failing">,
  access: SiteAccess,
  accountOf: (credential: CredentialAccess, signal: AbortSignal) => Promise<string>,
): SiteSource {
  const notRead = () => Promise.reject(new Error("Connecting reads no listings."));
  return {
    async describe(signal) {
      const credential = access.credentials.find((each) => each.kind !== "organization-key");
      const currentAccountId = credential ? await accountOf(credential, signal) : null;
      return {
        name: null,
        baseUrl: null,
        edition: "standard",
        editionIdentifier: "standard",
        roleMode: "pre-roles",
        organizationId: null,
        currentAccountId,
      };
    },
    async probe(capability, signal): Promise<Probe[]> {
      for (const credential of access.credentials) await accountOf(credential, signal);
      const words = scripted.failing.get(capability);
      const base = { name: `Try ${capability}`, capability, tookMs: 12, checkedAt: access.clock.now() };
      if (words === undefined) return [{ ...base, outcome: "passed", detail: "It works.", fix: null }];
      return [{ ...base, outcome: "failed", detail: words, fix: "Give it the role it needs." }];
    },
    forecast: (sizes) => ({ requests: Math.ceil(sizes.accounts / 200), points: sizes.accounts * 10 }),
    abilities: { listings: {}, servedBy: {}, searchLimit: 10_000 } as unknown as SiteSource["abilities"],
    readAccounts: notRead,
    readAccountsById: notRead,
    readGroups: notRead,
    readProductAccessGroups: notRead,
    findGroup: notRead,
    readMembers: notRead,
    readGroupsOfAccount: notRead,
    readSpaces: notRead,
    findSpace: notRead,
    findDeletedSpaces: notRead,
    readSubgroups: notRead,
    readAuditEvents: notRead,
    readSpacePermissions: notRead,
    readSpaceRoles: notRead,
    readRoleAssignments: notRead,
    readContent: notRead,
    readOrganizationAccounts: notRead,
    async readOrganizationGroups(_cursor, signal) {
      const key = access.credentials.find((each) => each.kind === "organization-key");
      if (!key) throw failure("source.missing-credential", "There is no key.");
      await accountOf(key, signal);
      return { rows: [], next: null };
    },
    close() {},
  };
}

function needsOf(capability: Capability, scopes: readonly string[]): Source["needs"][number] {
  return { capability, stores: [], scopes: { oauth: scopes }, role: "administrator", endpoints: [], lacks: {} };
}

export function failure(code: SourceFailureCode, publicMessage: string): SourceFailure {
  return new SourceFailure(publicMessage, { code, publicMessage, fix: "Do something about it." });
}
