import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "node:test";
import { type ManualClock, manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { AtlassianHosts } from "../atlassian/hosts.ts";
import { createSources } from "../index.ts";
import {
  type CredentialAccess,
  type SiteSource,
  type Source,
  type SourceEvent,
  SourceFailure,
  type SourceFailureCode,
} from "../source.ts";

export const CLOUD_ID = "11111111-2222-3333-4444-555555555555";
export const NEVER = new AbortController().signal;

export interface ScriptedRequest {
  method: string;
  /** With the prefix that the hosts were given, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Closes the connection: before anything is sent, or in the middle of the body. */
  drop?: "before" | "in-body";
}

export interface ScriptedAtlassian {
  hosts: AtlassianHosts;
  requests: ScriptedRequest[];
  close(): Promise<void>;
}

/** A server on this machine that answers as a test says: a single trap, without a world behind it. */
export async function scriptedAtlassian(
  answer: (request: ScriptedRequest, count: number) => ScriptedAnswer,
): Promise<ScriptedAtlassian> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const text = Buffer.concat(chunks).toString("utf8");
    const asked: ScriptedRequest = {
      method: request.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === "" ? null : JSON.parse(text),
    };
    requests.push(asked);
    const { status = 200, headers = {}, json, text: plain, drop } = answer(asked, requests.length);
    if (drop === "before") {
      request.socket.destroy();
      return;
    }
    const body = plain ?? JSON.stringify(json ?? {});
    const type = plain === undefined ? "application/json" : "text/plain";
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), ...headers });
    if (drop === "in-body") {
      response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
      return;
    }
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    hosts: { authUrl: `${origin}/auth`, apiUrl: `${origin}/api`, siteUrl: (name) => `${origin}/site/${name}` },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A credential that gives `token`, and counts how often another one was asked for. */
export function credential(
  fields: Partial<CredentialAccess> & Pick<CredentialAccess, "kind">,
): CredentialAccess & { renewals: string[] } {
  const renewals: string[] = [];
  return {
    id: `credential-${fields.kind}`,
    accountEmail: fields.kind.endsWith("api-token") ? "petra@example.com" : null,
    scopes: null,
    token: () => Promise.resolve(renewals.length === 0 ? "token-1" : `token-${renewals.length + 1}`),
    renew: async (rejected) => {
      if (fields.kind !== "oauth") throw lost();
      renewals.push(rejected);
      return `token-${renewals.length + 1}`;
    },
    ...fields,
    renewals,
  };
}

/** For a suite: starts a server each time it is called, and closes it after the test. */
export function scriptedServers(): typeof scriptedAtlassian {
  const servers: ScriptedAtlassian[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((each) => each.close()));
  });
  return async (answer) => {
    const server = await scriptedAtlassian(answer);
    servers.push(server);
    return server;
  };
}

/** The same with the site `acme` opened on each server. */
export function scriptedSites(): (
  answer: (request: ScriptedRequest, count: number) => ScriptedAnswer,
  credentials?: readonly CredentialAccess[],
  options?: OpenOptions,
) => Promise<OpenedSite & { requests: ScriptedRequest[] }> {
  const serve = scriptedServers();
  return async (answer, credentials, options) => {
    const server = await serve(answer);
    return { ...openScripted(server, credentials, options), requests: server.requests };
  };
}

/** The failure that something rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<SourceFailure> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SourceFailure, `expected a SourceFailure, got ${thrown}`);
  return thrown;
}

export const codeIs = (code: SourceFailureCode) => (thrown: unknown) =>
  thrown instanceof SourceFailure && thrown.code === code;

/** What v2 answers for what it does not know. */
export const NOT_FOUND: ScriptedAnswer = { status: 404, json: { errors: [{ status: 404, code: "NOT_FOUND" }] } };

function lost(): SourceFailure {
  return new SourceFailure("There is no other token.", {
    code: "source.grant-lost",
    publicMessage: "There is no other token.",
    fix: "Enter another one.",
  });
}

interface OpenOptions {
  organizationId?: string | null;
  fetch?: typeof globalThis.fetch;
}

export interface OpenedSite {
  source: Source;
  site: SiteSource;
  events: SourceEvent[];
  clock: ManualClock;
}

/** Opens the site `acme` of a scripted server; waits take no time, but the clock shows them. */
export function openScripted(
  { hosts }: Pick<ScriptedAtlassian, "hosts">,
  credentials: readonly CredentialAccess[] = [credential({ kind: "api-token" })],
  options: OpenOptions = {},
): OpenedSite {
  const clock = manualClock(new Date("2026-03-04T05:06:07.000Z"));
  const events: SourceEvent[] = [];
  const source = createSources({ hosts, clock, random: () => 0.5, fetch: options.fetch }).get("confluence-cloud");
  if (!source) throw new Error("There is no source for Confluence Cloud.");
  const site = source.open({
    site: { sourceKey: CLOUD_ID, baseUrl: hosts.siteUrl("acme"), organizationId: options.organizationId ?? null },
    credentials,
    concurrencyMax: 4,
    clock,
    log: silentLog,
    observe: (event) => events.push(event),
  });
  return { source, site, events, clock };
}

/** A v1 or v2 page. */
export function pageOf(results: readonly unknown[], next?: string): ScriptedAnswer {
  return { json: { results, _links: next === undefined ? {} : { next } } };
}
