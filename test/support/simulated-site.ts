import assert from "node:assert/strict";
import { manualClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { hostsFromEnvironment } from "../../src/sources/atlassian/hosts.ts";
import { createSources } from "../../src/sources/index.ts";
import {
  type CredentialAccess,
  type Cursor,
  type Page,
  type SiteSource,
  type Source,
  type SourceEvent,
  SourceFailure,
  type TokenPair,
} from "../../src/sources/source.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

export const NEVER = new AbortController().signal;
export const CLIENT = { clientId: "sim-client-usher", clientSecret: "sim-client-secret-usher" };
const REDIRECT_URL = "http://localhost:4000/oauth/callback";

/** A credential whose secret is known and never changes. */
export const fixed = (fields: Pick<CredentialAccess, "id" | "kind" | "accountEmail" | "scopes">, token: string) => ({
  ...fields,
  token: () => Promise.resolve(token),
  renew: () => Promise.resolve(token),
});
export const CLASSIC = fixed(
  { id: "classic", kind: "api-token", accountEmail: "petra@acme.example", scopes: null },
  "sim-classic-token-of-petra",
);
export const SCOPED = fixed(
  { id: "scoped", kind: "scoped-api-token", accountEmail: "petra@acme.example", scopes: null },
  "sim-scoped-token-of-petra",
);
export const KEY = fixed(
  { id: "key", kind: "organization-key", accountEmail: null, scopes: null },
  "sim-organization-key",
);
export const SCOPED_KEY = fixed(
  { id: "scoped-key", kind: "organization-key", accountEmail: null, scopes: null },
  "sim-organization-key-scoped",
);

/** Enough that user search and the group of everybody take several pages. */
export const MANY_ACCOUNTS = ["--accounts", "650"];

export interface OpenedSite {
  source: Source;
  site: SiteSource;
  events: SourceEvent[];
  reopen(): SiteSource;
}

/** Opens one of the simulator's sites; waits for retries take no time. */
export function openSimulated(
  simulator: SimulatorProcess,
  credentials: readonly CredentialAccess[],
  { siteName = "acme", organizationId = null as string | null } = {},
): OpenedSite {
  const clock = manualClock(new Date());
  const events: SourceEvent[] = [];
  const found = simulator.sites.find(({ name }) => name === siteName);
  const start = () => {
    const hosts = hostsFromEnvironment(simulator.environment);
    const source = createSources({ hosts, clock, random: () => 0.5 }).get("confluence-cloud");
    if (!source || !found) throw new Error(`There is no site ${siteName}.`);
    const site = source.open({
      site: { sourceKey: found.cloudId, baseUrl: found.baseUrl, organizationId },
      credentials,
      concurrencyMax: 8,
      clock,
      log: silentLog,
      observe: (event) => events.push(event),
    });
    return { source, site };
  };
  return { ...start(), events, reopen: () => start().site };
}

/** A listing to its end, as the sync engine reads it. */
export async function readAll<Row>(readPage: (cursor: Cursor) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: Cursor = null;
  for (let page = 0; page < 200; page += 1) {
    const read: Page<Row> = await readPage(cursor);
    rows.push(...read.rows);
    if (read.next === null) return rows;
    cursor = read.next;
  }
  throw new Error("The listing did not end.");
}

export const codeIs = (code: string) => (thrown: unknown) => thrown instanceof SourceFailure && thrown.code === code;
export const sorted = (texts: Iterable<string>) => [...texts].sort();

/** Answers the consent page as a person would, and exchanges the code. */
export async function consent(source: Source, simulator: SimulatorProcess, scopes: string[]): Promise<TokenPair> {
  assert.ok(source.authorizer);
  const url = source.authorizer.authorizeUrl({ ...CLIENT, redirectUrl: REDIRECT_URL, scopes, state: "unguessable" });
  const form = new URLSearchParams(url.search);
  form.set("account", "0");
  form.set("answer", "accept");
  for (const { cloudId } of simulator.sites) form.append("site", cloudId);
  const response = await fetch(`${url.origin}${url.pathname}`, { method: "POST", body: form, redirect: "manual" });
  const callback = new URL(response.headers.get("location") ?? "");
  assert.equal(callback.searchParams.get("state"), "unguessable");
  const code = callback.searchParams.get("code") ?? "";
  return source.authorizer.exchange({ ...CLIENT, code, redirectUrl: REDIRECT_URL }, NEVER);
}
