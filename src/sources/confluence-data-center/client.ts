import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { change, type ChangeCall } from "../atlassian/change.ts";
import type { Dialect } from "../atlassian/failures.ts";
import { canAnotherServe, startAgain } from "../atlassian/failover.ts";
import type { Limiters } from "../atlassian/limiter.ts";
import { readOffsetPage } from "../atlassian/paging.ts";
import type { Limits, Session, Transport } from "../atlassian/exchange.ts";
import { read, type ReadCall } from "../atlassian/request.ts";
import { readWhole } from "../atlassian/whole.ts";
import { type CredentialAccess, type Cursor, type Page, type SiteAccess, type SiteListing } from "../source.ts";
import { candidatesFor, whyNot } from "./abilities.ts";
import { createDialect } from "./dialect.ts";
import { LISTINGS } from "./listings.ts";

/** What all open sites of one process share. */
export interface Shared {
  transport: Transport;
  limiters: Limiters;
}

/** Where a read goes, as the file of its listing describes it. */
export interface Read<Body> {
  method?: "GET" | "POST";
  /** Path template without ids, as events and failures name it. */
  template: string;
  path: string;
  query?: Record<string, string | number>;
  body?: unknown;
  isOneThing?: boolean;
  /** In place of the listing's own words. */
  what?: string;
  schema: z.ZodType<Body>;
}

export interface Listed<Row> {
  results: Row[];
  _links?: { next?: string | null | undefined } | null | undefined;
}

/** The shape of a page of rows. */
export function pageOf<Row>(row: z.ZodType<Row>): z.ZodType<Listed<Row>> {
  return z.object({
    results: z.array(row),
    _links: z.object({ next: z.string().nullish() }).nullish(),
  });
}

/** One open site: picks the credential for each listing, and pages by `start` alone. */
export class SiteClient {
  readonly site: SiteAccess["site"];
  readonly clock: Clock;
  readonly log: Log;
  private readonly shared: Shared;
  private readonly access: SiteAccess;
  private readonly dialect: Dialect = createDialect();
  private readonly sessionsById = new Map<string, Session>();
  /** What a credential was found not to serve. */
  private readonly unable = new Set<string>();
  private readonly closed = new AbortController();
  private readonly signalsWithClose = new WeakMap<AbortSignal, AbortSignal>();

  constructor(shared: Shared, access: SiteAccess) {
    this.shared = shared;
    this.access = access;
    this.site = access.site;
    this.clock = access.clock;
    this.log = access.log;
  }

  get credentials(): readonly CredentialAccess[] {
    return this.access.credentials;
  }

  /** Stops what is under way. */
  close(): void {
    this.closed.abort(new Error("The site was closed."));
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
        if (hasCursor) throw startAgain(thrown);
      }
    }
    throw whyNot(listing);
  }

  /** Makes a change with this credential, once. */
  change<Body>(credential: CredentialAccess, call: ChangeCall<Body>, signal: AbortSignal): Promise<Body | null> {
    return change(this.sessionOf(credential), call, this.withClose(signal));
  }

  /**
   * A page of a listing. Its `next` link counts the rows that were asked for and may stand on a page without rows, so
   * neither is believed: the next page starts at the last row that came, and the end is where nothing more comes.
   */
  offsetPage<Row>(
    listing: SiteListing,
    call: Read<Listed<Row>> & { limit: number; keyOf(row: Row): string },
    cursor: Cursor,
    signal: AbortSignal,
  ): Promise<Page<Row>> {
    const { limit, keyOf } = call;
    return readOffsetPage<Row>(cursor, {
      endpoint: endpointOf(call),
      what: call.what ?? LISTINGS[listing].what,
      limit,
      keyOf,
      readPage: async (start) => {
        const query = { ...call.query, start, limit };
        const { results, _links } = await this.read(listing, { ...call, query }, signal, start > 0);
        const isOnlyTheLastRowAgain = start > 0 && results.length === 1 && !_links?.next;
        return { rows: results, next: results.length === 0 || isOnlyTheLastRowAgain ? null : "more" };
      },
      startOf: () => null,
    });
  }

  readWhole<Row>(readPage: (cursor: Cursor) => Promise<Page<Row>>): Promise<Row[]> {
    return readWhole(readPage);
  }

  private readWith<Body>(
    credential: CredentialAccess,
    listing: SiteListing,
    call: Read<Body>,
    signal: AbortSignal,
    hasCursor: boolean,
  ): Promise<Body> {
    const { what, capability, role, needsAdministrator = false } = LISTINGS[listing];
    const full: ReadCall<Body> = {
      method: call.method ?? "GET",
      path: call.path,
      query: new URLSearchParams(Object.entries(call.query ?? {}).map(([key, value]) => [key, String(value)])),
      body: call.body,
      schema: call.schema,
      pointsOf: () => 0,
      endpoint: endpointOf(call),
      what: call.what ?? what,
      capability,
      scopes: [],
      role,
      needsAdministrator,
      isOneThing: call.isOneThing ?? false,
      hasCursor,
    };
    return read(this.sessionOf(credential), full, this.withClose(signal));
  }

  private candidates(listing: SiteListing): CredentialAccess[] {
    const all = candidatesFor(listing, this.access.credentials);
    const able = all.filter((each) => !this.unable.has(`${each.id} ${listing}`));
    return able.length > 0 ? able : all;
  }

  private sessionOf(credential: CredentialAccess): Session {
    const known = this.sessionsById.get(credential.id);
    if (known) return known;
    const { clock, log, site, concurrencyMax } = this.access;
    const { limiters, transport } = this.shared;
    // Data Center limits each user on each node (FACTS §10), so one limiter for a credential and one for the site.
    const limits: Limits = {
      client: null,
      own: limiters.get(`credential ${credential.id} at ${site.sourceKey}`, concurrencyMax),
      site: limiters.get(`site ${site.sourceKey}`, concurrencyMax),
    };
    const session: Session = {
      transport,
      credential,
      baseUrl: site.baseUrl.replace(/\/+$/, ""),
      limitsOf: () => limits,
      dialect: this.dialect,
      clock,
      log,
      observe: (event) => this.access.observe(event),
    };
    this.sessionsById.set(credential.id, session);
    return session;
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

function endpointOf({ method = "GET", template }: Read<never> | Read<unknown>): string {
  return `${method} ${template}`;
}
