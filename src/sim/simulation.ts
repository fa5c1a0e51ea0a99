import type { Clock } from "../lib/clock.ts";
import type { Caller, Credentials } from "./credentials.ts";
import type { FaultRule, Faults } from "./faults.ts";
import type { Reply, SimRequest } from "./http.ts";
import type { Counts } from "./control/counts.ts";
import type { LateEffects } from "./late-effects.ts";
import type { WriteLog } from "./write-log.ts";
import type { Limits } from "./limits.ts";
import type { OAuthServer } from "./oauth.ts";
import type { SiteWorld, World } from "./world/world.ts";

/** Everything that one running simulator is made of. */
export interface Simulation {
  /** Without a slash at the end. */
  url: string;
  world: World;
  clock: Clock;
  /** The clock's reading at the world's `startedAt`. */
  clockStartedAt: number;
  credentials: Credentials;
  oauth: OAuthServer;
  faults: Faults;
  limits: Limits;
  counts: Counts;
  writes: WriteLog;
  lateEffects: LateEffects;
  /** Added to every answer, milliseconds. */
  latencyMs: number;
}

/** One request on its way through an endpoint. */
export interface Call {
  sim: Simulation;
  request: SimRequest;
  /** What stood in the braces of the template, decoded. */
  params: Record<string, string>;
  caller: Caller;
  /** The fault rules that strike this request. */
  faults: readonly FaultRule[];
}

export interface SiteCall extends Call {
  site: SiteWorld;
}

/** `scopes`: any one of the lists suffices, all of its scopes are needed (FACTS §1). */
export interface Endpoint<In extends Call> {
  method: string;
  template: string;
  scopes: readonly (readonly string[])[];
  /** The right that the account itself needs. */
  role?: "confluence-admin" | "site-admin";
  /** What it changes, `remove-member`; absent where it only reads. */
  write?: string;
  handle(call: In): Reply;
}

/** Epoch milliseconds in the pretend world, which goes on from its "now" as the clock does. */
export function worldTime(sim: Simulation): number {
  return sim.world.startedAt + (sim.clock.now().getTime() - sim.clockStartedAt);
}

/** `https://acme.atlassian.net`, as far as this simulator has one. */
export function siteUrl(sim: Simulation, site: SiteWorld): string {
  return `${sim.url}/site/${site.name}`;
}

/** The first endpoint that fits, with what stood in its braces. A linear search: there are some forty. */
export function route<Each extends Routed>(
  endpoints: readonly Compiled<Each>[],
  method: string,
  path: string,
): { endpoint: Each; params: Record<string, string> } | null {
  for (const { endpoint, pattern } of endpoints) {
    if (endpoint.method !== method) continue;
    const found = pattern.exec(path);
    if (found) return { endpoint, params: decodeParams(found.groups) };
  }
  return null;
}

/** What a request is found by. */
export interface Routed {
  method: string;
  template: string;
}

export interface Compiled<Each extends Routed> {
  endpoint: Each;
  pattern: RegExp;
}

export function compile<Each extends Routed>(endpoints: readonly Each[]): Compiled<Each>[] {
  return endpoints.map((endpoint) => ({
    endpoint,
    pattern: new RegExp(`^${endpoint.template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  }));
}

function decodeParams(groups: Record<string, string> | undefined): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups ?? {})) {
    try {
      params[name] = decodeURIComponent(value);
    } catch {
      // A stray percent sign: such an id exists nowhere, so it is looked up as it is and not found.
      params[name] = value;
    }
  }
  return params;
}
