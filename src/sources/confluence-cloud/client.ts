import type { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Capability } from "../../model/connections.ts";
import { change, type ChangeCall } from "../atlassian/change.ts";
import { countsPoints } from "../atlassian/credential.ts";
import { canAnotherServe, startAgain } from "../atlassian/failover.ts";
import type { AtlassianHosts } from "../atlassian/hosts.ts";
import type { Limiters } from "../atlassian/limiter.ts";
import { queryOfNext, type RawPage, readOffsetPage, readTokenPage } from "../atlassian/paging.ts";
import type { Limits, Session, Transport } from "../atlassian/exchange.ts";
import { read, type ReadCall } from "../atlassian/request.ts";
import {
  type CredentialAccess,
  type Cursor,
  type Page,
  type SiteAccess,
  type SourceEvent,
  type SiteListing,
} from "../source.ts";
import { candidatesFor, scopesFor, whyNot } from "./abilities.ts";
import { LISTINGS } from "./listings.ts";

/** What all open sites of one process share. */
export interface Shared {
  hosts: AtlassianHosts;
  transport: Transport;
  limiters: Limiters;
}

/** Where a read goes, as the file of its listing describes it. */
export interface Target {
  method?: "GET" | "POST";
  /** Path template without ids, as events and failures name it. */
  template: string;
  path: string;
  query?: Record<string, string | number>;
  /** Parameters that are given several times. */
  repeated?: [name: string, values: readonly string[]];
  body?: unknown;
  isOneThing?: boolean;
  /** In place of the listing's own words. */
  what?: string;
  /** In place of what the listing is read for. */
  capability?: Capability;
}

export interface Read<Body> extends Target {
  schema: z.ZodType<Body>;
  pointsOf?(body: Body): number;
}

/** Identity objects (users, groups, permissions) count 2 points each, core objects 1 (FACTS §8). */
export const IDENTITY_POINTS = 2;

export type V1Body<Row> = { results: Row[]; _links?: { next?: string | null } | null };

/** One open site: picks the credential for each listing, and pages in the three ways this API has. */
export class SiteClient {
  readonly site: SiteAccess["site"];
  readonly clock: Clock;
  readonly log: Log;
  private readonly shared: Shared;
  private readonly access: SiteAccess;
  private readonly sessionsById = new Map<string, Session>();
  /** What a credential was found not to serve although its scopes said or left open that it would. */
  private readonly unable = new Set<string>();
  private readonly closed = new AbortController();
  private readonly signalsWithClose = new WeakMap<AbortSignal, AbortSignal>();
  private organization: string | null;
  private readonly findOrganization: (client: SiteClient, signal: AbortSignal) => Promise<string | null>;

  constructor(
    shared: Shared,
    access: SiteAccess,
    findOrganization: (client: SiteClient, signal: AbortSignal) => Promise<string | null>,
  ) {
    this.shared = shared;
    this.access = access;
    this.site = access.site;
    this.clock = access.clock;
    this.log = access.log;
    this.organization = access.site.organizationId;
    this.findOrganization = findOrganization;
  }

  /** Asked for once, and only where the site does not name it. */
  async organizationId(signal: AbortSignal): Promise<string | null> {
    this.organization ??= await this.findOrganization(this, signal);
    return this.organization;
  }

  get credentials(): readonly CredentialAccess[] {
    return this.access.credentials;
  }

  /** Stops what is under way. */
  close(): void {
    this.closed.abort(new Error("The site was closed."));
    this.shared.limiters.settle(this.clock);
  }

  /** The credential that the next read of the listing would use; null when none serves it. */
  credentialFor(listing: SiteListing): CredentialAccess | null {
    return this.candidates(listing)[0] ?? null;
  }

  async read<Body>(listing: SiteListing, call: Read<Body>, signal: AbortSignal, hasCursor = false): Promise<Body> {
    const candidates = this.candidates(listing);
    for (const [index, credential] of candidates.entries()) {
      try {
        return await this.readWith(credential, listing, call, signal, hasCursor);
      } catch (thrown) {
        if (index + 1 === candidates.length || !canAnotherServe(thrown)) throw thrown;
        this.unable.add(`${credential.id} ${listing}`);
        this.log.warn(
          { credentialId: credential.id, listing },
          "a credential does not serve this listing; the next one is tried",
        );
        // A cursor belongs to the credential that began the listing: another one may see other rows.
        if (hasCursor) throw startAgain(thrown);
      }
    }
    throw whyNot(listing, this.access.credentials);
  }

  readWith<Body>(
    credential: CredentialAccess,
    listing: SiteListing,
    call: Read<Body>,
    signal: AbortSignal,
    hasCursor = false,
  ): Promise<Body> {
    const full: ReadCall<Body> = {
      method: call.method ?? "GET",
      path: call.path,
      query: searchOf(call),
      body: call.body,
      schema: call.schema,
      pointsOf: call.pointsOf ?? (() => 0),
      endpoint: `${call.method ?? "GET"} ${call.template}`,
      what: call.what ?? LISTINGS[listing].what,
      capability: call.capability ?? LISTINGS[listing].capability,
      scopes: scopesFor(listing, credential),
      role: LISTINGS[listing].role,
      needsAdministrator: LISTINGS[listing].needsAdministrator ?? false,
      isOneThing: call.isOneThing ?? false,
      hasCursor,
    };
    return read(this.sessionOf(credential), full, this.withClose(signal));
  }

  /** Makes a change with this credential, once. */
  change<Body>(credential: CredentialAccess, call: ChangeCall<Body>, signal: AbortSignal): Promise<Body | null> {
    return change(this.sessionOf(credential), call, this.withClose(signal));
  }

  /** A v1 listing that pages by `start`. */
  offsetPage<Row>(
    listing: SiteListing,
    call: Read<V1Body<Row>> & { limit: number; keyOf(row: Row): string },
    cursor: Cursor,
    signal: AbortSignal,
  ): Promise<Page<Row>> {
    return readOffsetPage<Row>(cursor, {
      ...this.listed(listing, call),
      limit: call.limit,
      keyOf: call.keyOf,
      readPage: async (start) => {
        const query = { ...call.query, start, limit: call.limit };
        return rawPage(await this.read(listing, { ...call, query }, signal, start > 0));
      },
      startOf: (next) => {
        const start = this.queryOf(next, listing, call).get("start");
        return start !== null && /^\d+$/.test(start) ? Number(start) : null;
      },
    });
  }

  /** A v2 listing, or the content search: pages by the query of the `next` link. */
  linkedPage<Row>(
    listing: SiteListing,
    call: Read<V1Body<Row>>,
    cursor: Cursor,
    signal: AbortSignal,
  ): Promise<Page<Row>> {
    return readTokenPage<Row>(cursor, {
      ...this.listed(listing, call),
      readPage: async (at) => {
        const query = { ...call.query, ...Object.fromEntries(new URLSearchParams(at ?? "")) };
        return rawPage(await this.read(listing, { ...call, query }, signal, at !== null));
      },
      tokenOf: (next) => this.queryOf(next, listing, call).toString(),
    });
  }

  listed(listing: SiteListing, call: Target): { endpoint: string; what: string } {
    return { endpoint: `${call.method ?? "GET"} ${call.template}`, what: call.what ?? LISTINGS[listing].what };
  }

  queryOf(next: string, listing: SiteListing, call: Target): URLSearchParams {
    const credential = this.credentialFor(listing);
    const own = credential ? [this.baseUrlOf(credential)] : [];
    const { path } = call;
    return queryOfNext(next, { ...this.listed(listing, call), path, baseUrls: [...own, this.site.baseUrl] });
  }

  /** Where a credential is accepted (FACTS §1, §2). */
  baseUrlOf({ kind, directoryId }: CredentialAccess): string {
    switch (kind) {
      case "api-token":
      // Of Data Center; a connection to Cloud takes none of them.
      case "personal-access-token":
      case "basic":
        return siteBaseUrl(this.site.baseUrl);
      case "organization-key":
        return `${this.shared.hosts.apiUrl}/admin`;
      case "scim-key":
        return `${this.shared.hosts.apiUrl}/scim/directory/${encodeURIComponent(directoryId ?? "")}`;
      case "oauth":
      case "scoped-api-token":
        return `${this.shared.hosts.apiUrl}/ex/confluence/${encodeURIComponent(this.site.sourceKey)}`;
    }
  }

  private candidates(listing: SiteListing): CredentialAccess[] {
    const all = candidatesFor(listing, this.access.credentials);
    const able = all.filter((each) => !this.unable.has(`${each.id} ${listing}`));
    return able.length > 0 ? able : all;
  }

  private sessionOf(credential: CredentialAccess): Session {
    const known = this.sessionsById.get(credential.id);
    if (known) return known;
    const { transport } = this.shared;
    const { clock, log } = this.access;
    const session: Session = {
      transport,
      credential,
      baseUrl: this.baseUrlOf(credential),
      limitsOf: this.limitsOf(credential),
      clock,
      log,
      hourShareMax: this.access.hourShareMax,
      observe: (event: SourceEvent) => this.access.observe(event),
    };
    this.sessionsById.set(credential.id, session);
    return session;
  }

  /** One limiter per quota: OAuth client; site and credential; organization key and path, as Atlassian limits some alone. */
  private limitsOf(credential: CredentialAccess): Session["limitsOf"] {
    const { limiters } = this.shared;
    const { concurrencyMax, site } = this.access;
    if (credential.kind === "organization-key" || credential.kind === "scim-key") {
      return (endpoint) => ({
        client: null,
        own: limiters.get(`organization key ${credential.id}: ${endpoint}`, concurrencyMax),
        site: null,
      });
    }
    const client = `OAuth client ${credential.clientId ?? credential.id}`;
    const limits: Limits = {
      client: countsPoints(credential.kind) ? limiters.get(client, CLIENT_CONCURRENCY_MAX) : null,
      own: limiters.get(`credential ${credential.id} at ${site.sourceKey}`, concurrencyMax),
      site: limiters.get(`site ${site.sourceKey}`, concurrencyMax),
    };
    return () => limits;
  }

  /** One combined signal for all requests of a run: they share theirs. */
  private withClose(signal: AbortSignal): AbortSignal {
    const known = this.signalsWithClose.get(signal);
    if (known) return known;
    const combined = AbortSignal.any([signal, this.closed.signal]);
    this.signalsWithClose.set(signal, combined);
    return combined;
  }
}

/** Far above any site's bound: fifty sites of one client, each with its own. */
const CLIENT_CONCURRENCY_MAX = 64;

/** A site's address without `/wiki` or a slash at its end; a path prefix before it is kept. */
export function siteBaseUrl(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "").replace(/\/wiki$/, "");
}

function searchOf({ query = {}, repeated }: Target): URLSearchParams {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  for (const value of repeated?.[1] ?? []) search.append(repeated?.[0] ?? "", value);
  return search;
}

function rawPage<Row>({ results, _links }: V1Body<Row>): RawPage<Row> {
  return { rows: results, next: _links?.next ?? null };
}
