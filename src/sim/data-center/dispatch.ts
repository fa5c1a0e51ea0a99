import { redirect, Refused, type Reply, type SimRequest } from "../http.ts";
import { afterFaults, beforeFaults, type Ending, endingOf, type Interruption } from "../fault-effects.ts";
import type { FaultRule } from "../faults.ts";
import { lateMsOf } from "../outcome.ts";
import { compile, route, type Simulation, worldTime } from "../simulation.ts";
import { effectOf } from "../write-log.ts";
import { holdsSeat, isAdministrator } from "./access.ts";
import { baseUrl, type DataCenterCall, type DataCenterEndpoint } from "./call.ts";
import { type DataCenterCaller, dataCenterCaller } from "./credentials.ts";
import { administratorAccess, loginPage, noSuchResource, restError, tomcatError, unauthorized } from "./http.ts";
import { jsonRpcEndpoints } from "./json-rpc.ts";
import { rateLimited, takeToken } from "./rate-limits.ts";
import { adminEndpoints } from "./rest-admin.ts";
import { auditEndpoints } from "./rest-audit.ts";
import { contentEndpoints } from "./rest-content.ts";
import { groupEndpoints } from "./rest-groups.ts";
import { instanceEndpoints } from "./rest-instance.ts";
import { permissionEndpoints } from "./rest-permissions.ts";
import { spaceEndpoints } from "./rest-spaces.ts";
import { userEndpoints } from "./rest-users.ts";
import { countingSeats } from "./seat-count.ts";
import { type DataCenter, PROFILES } from "./world.ts";

/** What became of a request: `reply` null drops the connection. */
export interface DataCenterOutcome {
  reply: Reply | null;
  endpoint: string;
  points: 0;
  waitMs: number;
  ending: Ending;
}

const endpoints = compile<DataCenterEndpoint>([
  ...userEndpoints,
  ...groupEndpoints,
  ...adminEndpoints,
  ...spaceEndpoints,
  ...permissionEndpoints,
  ...contentEndpoints,
  ...auditEndpoints,
  ...instanceEndpoints,
  ...jsonRpcEndpoints,
]);

/** `/dc/{name}/…`, the way a request goes: servlet container, log-in, rate limit, Confluence. */
export function answerDataCenter(sim: Simulation, request: SimRequest): DataCenterOutcome {
  const found = /^\/dc\/([^/]+)(\/.*)?$/.exec(request.path);
  const dc = sim.world.findDataCenter(found?.[1] ?? null);
  const path = found?.[2] ?? "/";
  if (!dc || !path.startsWith(`${dc.contextPath}/`))
    return {
      reply: tomcatError(404, "Not Found"),
      endpoint: "unknown",
      points: 0,
      waitMs: sim.latencyMs,
      ending: endingOf([]),
    };

  const below = { ...request, path: path.slice(dc.contextPath.length) };
  const caller = dataCenterCaller(sim.credentials.dataCenter, dc, below);
  const faults = sim.faults.match(below, { site: dc.name, credential: caller?.kind ?? null });
  const match = route(endpoints, below.method, below.path);
  const interruption = refuseFirst(sim, { dc, request: below, caller, faults });
  const changesBefore = dc.changeCount;
  const reply = interruption
    ? interruption.reply
    : caller && confluence(sim, { dc, request: below, caller, faults, match });
  const changed = interruption || !reply ? reply : afterFaults(sim, faults, below, reply);
  const extra = faults.reduce((sum, each) => sum + (each.kind === "latency" ? (each.ms ?? 0) : 0), 0);
  noteWrite(sim, { dc, request: below, caller, faults, match }, changed?.status ?? null, {
    isReached: interruption === null,
    hasChanged: dc.changeCount !== changesBefore,
    status: reply?.status ?? 0,
  });
  const endpoint = `${below.method} ${match?.endpoint.template ?? "unknown"}`;
  return { reply: changed, endpoint, points: 0, waitMs: sim.latencyMs + extra, ending: endingOf(faults) };
}

function noteWrite(
  sim: Simulation,
  { dc, request, caller, match }: Incoming & { match: Matched },
  status: number | null,
  outcome: Parameters<typeof effectOf>[0],
): void {
  const unanswered = request.method === "GET" ? undefined : "unknown";
  const write = match ? writeOf(match.endpoint, { request, params: match.params }) : unanswered;
  if (write === undefined) return;
  sim.writes.add(sim, {
    request,
    params: match?.params ?? {},
    write,
    site: dc.name,
    caller: caller && { kind: caller.kind, key: caller.user.username },
    status,
    effect: effectOf(outcome),
  });
}

/** What a request means to change; undefined where it only reads. */
function writeOf(
  { write }: DataCenterEndpoint,
  { request, params }: Pick<DataCenterCall, "request" | "params">,
): string | undefined {
  return typeof write === "function" ? write(request, params) : write;
}

interface Incoming {
  dc: DataCenter;
  request: SimRequest;
  caller: DataCenterCaller | null;
  faults: readonly FaultRule[];
}

/** What is said before Confluence looks at the request; null lets it through. */
function refuseFirst(sim: Simulation, { dc, request, caller, faults }: Incoming): Interruption | null {
  // The container refuses an encoded slash wherever it stands (TRAPS §2.11: such a group cannot be addressed).
  if (/%2f/i.test(request.path)) return { reply: tomcatError(400, "Bad Request") };
  const own = ownFault(sim, dc, request, faults);
  if (own) return { reply: own };
  const interrupted = beforeFaults(sim, faults);
  if (interrupted) return interrupted;
  if (request.path === "/login.action") return { reply: loginPage() };
  // Without a credential a client is somebody else than with a wrong one.
  if (!caller) return { reply: unauthorized(request.headers.authorization ? "AUTHENTICATED_FAILED" : "OUT") };
  return isOtherVersion(request.path) ? { reply: toLogin(sim, dc, request) } : null;
}

/** Faults that strike Cloud too and look different here. */
function ownFault(sim: Simulation, dc: DataCenter, request: SimRequest, faults: readonly FaultRule[]): Reply | null {
  for (const fault of faults) {
    const { kind } = fault;
    if (kind === "bad-token" || kind === "expire-token") return unauthorized("AUTHENTICATED_FAILED");
    if (kind === "login-redirect") return toLogin(sim, dc, request);
    if (kind === "websudo") return administratorAccess();
    if (kind === "rate-limited") return rateLimited(fault.status ?? 429, fault.headers);
  }
  return null;
}

/** A version of an API that is not there leads to the log-in page (TRAPS §3). */
function isOtherVersion(path: string): boolean {
  return /^\/rest\/(?:api\/v?\d|(?:auditing|license)\/(?!1\.0\/))/.test(path);
}

function toLogin(sim: Simulation, dc: DataCenter, { path }: SimRequest): Reply {
  return redirect(`${baseUrl(sim, dc)}/login.action?os_destination=${encodeURIComponent(path)}`);
}

type Matched = ReturnType<typeof route<DataCenterEndpoint>>;

function confluence(
  sim: Simulation,
  { dc, request, caller, faults, match }: Omit<Incoming, "caller"> & { caller: DataCenterCaller; match: Matched },
): Reply {
  const limited = takeToken(dc, caller.user, worldTime(sim));
  const reply =
    limited.reply ??
    (match ? handled(match.endpoint, { sim, dc, request, caller, faults, params: match.params }) : null);
  const answer = reply ?? noSuchResource(baseUrl(sim, dc) + request.path);
  const seraph = { "x-ausername": encodeURIComponent(caller.user.username), "x-seraph-loginreason": "OK" };
  return { ...answer, headers: { ...answer.headers, ...seraph, ...limited.headers } };
}

function handled(endpoint: DataCenterEndpoint, call: DataCenterCall): Reply {
  const refusal = rightMissing(endpoint, call);
  if (refusal) return refusal;
  try {
    const { sim, dc, faults } = call;
    const now = worldTime(sim);
    if (writeOf(endpoint, call) === undefined) return sim.lateEffects.read(now, () => endpoint.handle(call));
    const write = () => countingSeats(dc, now, () => endpoint.handle(call));
    const lateMs = lateMsOf(faults);
    return lateMs === null ? write() : sim.lateEffects.write(now + lateMs, dc, write);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function rightMissing(
  { needs }: DataCenterEndpoint,
  { dc, caller, faults, request, sim }: DataCenterCall,
): Reply | null {
  if (!holdsSeat(dc, caller.user)) return restError(403, "User not permitted to use Confluence");
  if (needs === undefined || isAdministrator(dc, caller.user)) return null;
  // Where the resource does not exist nobody is asked for a right.
  if (needs === "administrator-or-500" && !dc.hasRestPermissions)
    return noSuchResource(baseUrl(sim, dc) + request.path);
  const is500 = needs === "administrator-or-500" || faults.some((each) => each.kind === "forbidden-as-500");
  return is500 ? restError(500, "Internal server error") : restError(403, "User is not an administrator");
}

/** Everything that `GET /__sim/info` says of an instance; nothing of it is computed from the world. */
export function dataCenterInfo(sim: Simulation) {
  return PROFILES.map((each) => ({
    name: each.name,
    baseUrl: baseUrl(sim, each),
    version: each.version,
    contextPath: each.contextPath,
  }));
}
