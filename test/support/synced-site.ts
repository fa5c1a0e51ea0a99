import { systemClock, type Clock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SourceKind } from "../../src/model/connections.ts";
import { createSources } from "../../src/sources/index.ts";
import type { CredentialAccess, SiteAccess, SiteSource, SourceEvent } from "../../src/sources/source.ts";

/** A site of a simulator, opened with credentials that every simulator knows, and changed behind its back. */
export interface SyncedSite {
  open(observe: (event: SourceEvent) => void): SiteSource;
  truth<T>(): Promise<T>;
  change(changes: readonly object[]): Promise<void>;
  faults(rules: readonly object[]): Promise<void>;
}

export interface SyncedSiteOptions {
  /** Of Cloud, or an instance of Data Center. */
  site?: string;
  withOrganizationKey?: boolean;
  concurrencyMax?: number;
  /** Name of the simulator's API token, or personal access token of Data Center. */
  token?: string;
  clock?: Clock;
  /** Sees, or replaces, what is asked. */
  fetch?: typeof fetch;
}

interface SimulatorInfo {
  organizationId: string;
  dataCenters: { name: string; baseUrl: string }[];
  sites: { name: string; cloudId: string; baseUrl: string }[];
}

interface SimulatorCredentials {
  apiTokens: { name: string; email: string; token: string }[];
  organizationKeys: { name: string; key: string }[];
  dataCenter: { personalAccessTokens: { name: string; token: string }[] };
}

export async function syncedSite(url: string, options: SyncedSiteOptions = {}): Promise<SyncedSite> {
  const info = await getJson<SimulatorInfo>(`${url}/__sim/info`);
  const known = await getJson<SimulatorCredentials>(`${url}/__sim/credentials`);
  const name = options.site ?? "acme";
  const instance = info.dataCenters.find((each) => each.name === name);
  const { kind, site, credentials } = instance
    ? instanceAccess(instance.baseUrl, known, options)
    : siteAccess(url, { info, known, name }, options);
  const hosts = { authUrl: `${url}/auth`, apiUrl: `${url}/api`, siteUrl: (each: string) => `${url}/site/${each}` };
  const source = createSources({ hosts, ...(options.fetch ? { fetch: options.fetch } : {}) }).get(kind);
  if (!source) throw new Error(`There is no source for ${kind}.`);

  return {
    open: (observe) =>
      source.open({
        site,
        credentials,
        concurrencyMax: options.concurrencyMax ?? 8,
        clock: options.clock ?? systemClock,
        log: silentLog,
        observe,
      }),
    truth: () => getJson(`${url}/__sim/truth?site=${name}`),
    change: (changes) => post(`${url}/__sim/change`, changes),
    faults: (rules) => post(`${url}/__sim/faults`, rules),
  };
}

type Access = Pick<SiteAccess, "site" | "credentials"> & { kind: SourceKind };

function siteAccess(
  url: string,
  { info, known, name }: { info: SimulatorInfo; known: SimulatorCredentials; name: string },
  options: SyncedSiteOptions,
): Access {
  const site = info.sites.find((each) => each.name === name);
  const token = known.apiTokens.find((each) => each.name === (options.token ?? "classic-admin"));
  const key = known.organizationKeys.find((each) => each.name === "organization");
  if (!site || !token || !key) throw new Error(`The simulator at ${url} has no site ${name}.`);

  const credentials = [credential("credential-token", "api-token", token.token, token.email)];
  if (options.withOrganizationKey) credentials.push(credential("credential-key", "organization-key", key.key, null));
  const { cloudId: sourceKey, baseUrl } = site;
  return {
    kind: "confluence-cloud",
    site: { sourceKey, baseUrl, organizationId: info.organizationId },
    credentials,
  };
}

function instanceAccess(
  baseUrl: string,
  { dataCenter }: SimulatorCredentials,
  { token: name = "dc-admin" }: SyncedSiteOptions,
): Access {
  const token = dataCenter.personalAccessTokens.find((each) => each.name === name);
  if (!token) throw new Error(`The simulator has no personal access token ${name}.`);
  return {
    kind: "confluence-data-center",
    site: { sourceKey: baseUrl, baseUrl, organizationId: null },
    credentials: [credential("credential-token", "personal-access-token", token.token, null)],
  };
}

/** Time as it is, but what sleeps is woken at once and finds that its time has passed: retries and waits cost nothing. */
export function hastyClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    async sleep(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      ahead += ms;
    },
  };
}

function credential(
  id: string,
  kind: CredentialAccess["kind"],
  secret: string,
  accountEmail: string | null,
): CredentialAccess {
  return { id, kind, accountEmail, scopes: null, token: async () => secret, renew: async () => secret };
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}
