import type { Caller } from "./credentials.ts";
import { afterFaults, type Ending, endingOf, type Interruption } from "./fault-effects.ts";
import type { FaultRule } from "./faults.ts";
import type { Reply, SimRequest } from "./http.ts";
import { type Call, type Endpoint, type Simulation, worldTime } from "./simulation.ts";
import type { SiteWorld } from "./world/world.ts";
import { effectOf } from "./write-log.ts";

export interface Outcome {
  /** Null: the connection is dropped without an answer. */
  reply: Reply | null;
  /** Template of the endpoint, for the counts. */
  endpoint: string;
  points: number;
  waitMs: number;
  /** For a connection without an answer. */
  ending: Ending;
}

/** A write whose effect is late is done at once and seen later; a read does not see it before. */
export function handled<In extends Call>(sim: Simulation, endpoint: Endpoint<In>, call: In): Reply {
  const now = worldTime(sim);
  if (endpoint.write === undefined) return sim.lateEffects.read(now, () => endpoint.handle(call));
  const lateMs = lateMsOf(call.faults);
  return lateMs === null
    ? endpoint.handle(call)
    : sim.lateEffects.write(now + lateMs, null, () => endpoint.handle(call));
}

/** Organizations API, "Assign an organization-level role": up to 30 seconds. */
const LATE_EFFECT_MS = 30_000;

/** How long reads do not show what this request changes; null: it shows at once. */
export function lateMsOf(faults: readonly FaultRule[]): number | null {
  const late = faults.find((each) => each.kind === "late-effect");
  return late ? (late.ms ?? LATE_EFFECT_MS) : null;
}

/** Rises with every change of a Cloud site, and with nothing else that a request does. */
export function changesOf({ world }: Simulation): number {
  return world.sites.reduce((sum, each) => sum + each.version, 0);
}

export interface Finish {
  request: SimRequest;
  faults: readonly FaultRule[];
  name: string;
  interrupted: Interruption | null;
  reply: Reply | null;
  caller?: Caller;
  site?: SiteWorld;
  /** Absent for what is no endpoint of a site or of the organization, where nothing is written. */
  found?: { endpoint: { write?: string }; params: Record<string, string> } | null;
  siteName?: string | null;
  credential?: Caller | null;
  hasChanged?: boolean;
}

export function finish(sim: Simulation, finished: Finish): Outcome {
  const { request, faults, name, interrupted, reply, caller, site } = finished;
  const isRead = reply !== null && reply.status < 300;
  const points = caller?.kind === "oauth" && reply?.status !== 429 ? 1 + (isRead ? (reply?.points ?? 0) : 0) : 0;
  const headers = caller && reply?.status !== 429 ? sim.limits.book(caller, site?.name ?? "organization", points) : {};
  const counted = reply === null ? null : { ...reply, headers: { ...headers, ...reply.headers } };
  const changed = interrupted || counted === null ? counted : afterFaults(sim, faults, request, counted);
  const extra = faults.reduce((sum, each) => sum + (each.kind === "latency" ? (each.ms ?? 0) : 0), 0);
  noteWrite(sim, finished, changed);
  return { reply: changed, endpoint: name, points, waitMs: sim.latencyMs + extra, ending: endingOf(faults) };
}

function noteWrite(sim: Simulation, finished: Finish, sent: Reply | null): void {
  const { request, found, interrupted, reply, siteName, credential, hasChanged } = finished;
  if (found === undefined || (found === null && request.method === "GET")) return;
  const write = found ? found.endpoint.write : "unknown";
  if (write === undefined) return;
  sim.writes.add(sim, {
    request,
    params: found?.params ?? {},
    write,
    site: siteName ?? null,
    caller: credential ?? null,
    status: sent?.status ?? null,
    effect: effectOf({ isReached: interrupted === null, hasChanged: hasChanged === true, status: reply?.status ?? 0 }),
  });
}
