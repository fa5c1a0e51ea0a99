import { type Clock, systemClock } from "../lib/clock.ts";
import { type Log, silentLog } from "../lib/log.ts";
import type { SourceKind } from "../model/connections.ts";
import { ATLASSIAN_HOSTS, type AtlassianHosts } from "./atlassian/hosts.ts";
import { Limiters } from "./atlassian/limiter.ts";
import { createConfluenceCloud } from "./confluence-cloud/confluence-cloud.ts";
import { createConfluenceDataCenter } from "./confluence-data-center/confluence-data-center.ts";
import { besideSample, fetchFromSample, SAMPLE_HOSTS, type SampleHost } from "./sample.ts";
import type { QuotaStore, Source } from "./source.ts";

export interface SourcesOptions {
  /** Left out: there is no sample company. */
  sample?: SampleHost;
  hosts?: AtlassianHosts;
  fetch?: typeof globalThis.fetch;
  /** For requests outside an open site; open sites bring their own. */
  clock?: Clock;
  /** For the jitter of retries: 0 ≤ x < 1. */
  random?: () => number;
  /** Shared with the other processes that draw on the same quotas; without it the process goes by what it sees itself. */
  quotas?: QuotaStore;
  log?: Log;
}

/** The kinds of product we govern. One call for a process: all sites opened through it share their quotas' limiters. */
export function createSources(options: SourcesOptions = {}): Map<SourceKind, Source> {
  const { hosts = ATLASSIAN_HOSTS, fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  const limiters = new Limiters(options.quotas && { store: options.quotas, log: options.log ?? silentLog });
  const shared = { hosts, transport: { fetch, random }, limiters, clock };
  const real = sourcesOf(shared);
  if (!options.sample) return real;
  // Limiters of its own: what the sample is asked for is nobody's quota.
  const sample = sourcesOf({
    hosts: SAMPLE_HOSTS,
    transport: { fetch: fetchFromSample(options.sample, fetch), random },
    limiters: new Limiters(),
    clock,
  });
  return new Map([...real].map(([kind, source]) => [kind, besideSample(source, sample.get(kind) ?? source)]));
}

function sourcesOf(shared: Parameters<typeof createConfluenceCloud>[0]): Map<SourceKind, Source> {
  return new Map([
    ["confluence-cloud", createConfluenceCloud(shared)],
    ["confluence-data-center", createConfluenceDataCenter(shared)],
  ]);
}
