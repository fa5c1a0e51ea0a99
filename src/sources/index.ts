import { type Clock, systemClock } from "../lib/clock.ts";
import type { SourceKind } from "../model/connections.ts";
import { ATLASSIAN_HOSTS, type AtlassianHosts } from "./atlassian/hosts.ts";
import { Limiters } from "./atlassian/limiter.ts";
import { createConfluenceCloud } from "./confluence-cloud/confluence-cloud.ts";
import type { Source } from "./source.ts";

export interface SourcesOptions {
  hosts?: AtlassianHosts;
  fetch?: typeof globalThis.fetch;
  /** For requests outside an open site; open sites bring their own. */
  clock?: Clock;
  /** For the jitter of retries: 0 ≤ x < 1. */
  random?: () => number;
}

/** The kinds of product we govern. One call for a process: all sites opened through it share their quotas' limiters. */
export function createSources(options: SourcesOptions = {}): Map<SourceKind, Source> {
  const { hosts = ATLASSIAN_HOSTS, fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  const shared = { hosts, transport: { fetch, random }, limiters: new Limiters(), clock };
  return new Map([["confluence-cloud", createConfluenceCloud(shared)]]);
}
