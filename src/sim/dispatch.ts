import { adminEndpoints } from "./api/admin.ts";
import { v1Error } from "./http.ts";
import { contentEndpoints } from "./api/v1-content.ts";
import { groupEndpoints } from "./api/v1-groups.ts";
import { siteEndpoints } from "./api/v1-site.ts";
import { userEndpoints } from "./api/v1-users.ts";
import { v2Endpoints } from "./api/v2.ts";
import { answerConsent, consentPage, errorPage } from "./consent.ts";
import { control } from "./control/routes.ts";
import { answerDataCenter } from "./data-center/dispatch.ts";
import {
  basicCaller,
  bearer,
  type Caller,
  covers,
  isConfluenceAdmin,
  isSiteAdmin,
  organizationCaller,
} from "./credentials.ts";
import { afterFaults, beforeFaults, type Ending, endingOf, type Interruption } from "./fault-effects.ts";
import type { FaultRule } from "./faults.ts";
import { adminError, html, json, Refused, type Reply, type SimRequest, status, v2Error } from "./http.ts";
import {
  type Call,
  compile,
  type Endpoint,
  route,
  siteUrl,
  type Simulation,
  type SiteCall,
  worldTime,
} from "./simulation.ts";
import { effectOf } from "./write-log.ts";
import { mayUse, type SiteWorld } from "./world/world.ts";

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

const confluence = compile<Endpoint<SiteCall>>([
  ...userEndpoints,
  ...groupEndpoints,
  ...contentEndpoints,
  ...siteEndpoints,
  ...v2Endpoints,
]);
const organization = compile(adminEndpoints);

/** From the whole path to an answer: which host, whose credential, which endpoint, what goes wrong. */
export function answer(sim: Simulation, request: SimRequest): Outcome {
  const { path } = request;
  if (path.startsWith("/__sim/"))
    return { reply: control(sim, request), endpoint: "__sim", points: 0, waitMs: 0, ending: endingOf([]) };
  if (path.startsWith("/dc/")) return answerDataCenter(sim, request);
  if (path.startsWith("/auth/")) return plain(sim, { ...request, path: path.slice("/auth".length) }, "auth", authReply);
  if (path === "/api/oauth/token/accessible-resources")
    return plain(sim, request, "accessible-resources", accessibleResources);
  if (path.startsWith("/api/admin/")) return adminOutcome(sim, { ...request, path: path.slice("/api".length) });

  const gateway = /^\/api\/ex\/confluence\/([^/]+)(\/.*)$/.exec(path);
  if (gateway) {
    const site = sim.world.sites.find((each) => each.cloudId === gateway[1]);
    return siteOutcome(sim, site, { ...request, path: gateway[2] ?? "/" }, "gateway");
  }
  const host = /^\/site\/([^/]+)(\/.*)$/.exec(path);
  if (host) {
    const site = sim.world.sites.find((each) => each.name === host[1]);
    const onSite = { ...request, path: host[2] ?? "/" };
    if (site && onSite.path === "/_edge/tenant_info")
      return plain(sim, onSite, "tenant_info", () => json({ cloudId: site.cloudId }));
    return siteOutcome(sim, site, onSite, "site");
  }
  return {
    reply: status(404, { code: 404, message: "Not Found" }),
    endpoint: "unknown",
    points: 0,
    waitMs: sim.latencyMs,
    ending: endingOf([]),
  };
}

/** What needs no endpoint table: the request's faults still strike. */
function plain(
  sim: Simulation,
  request: SimRequest,
  name: string,
  handle: (sim: Simulation, request: SimRequest) => Reply,
): Outcome {
  const faults = sim.faults.match(request, { site: null, credential: null });
  const interrupted = beforeFaults(sim, faults);
  const reply = interrupted === null ? handle(sim, request) : interrupted.reply;
  return finish(sim, {
    request,
    faults,
    name: `${request.method} ${name === "auth" ? `auth${request.path}` : name}`,
    interrupted,
    reply,
  });
}

function authReply(sim: Simulation, request: SimRequest): Reply {
  if (request.path === "/authorize")
    return request.method === "POST" ? answerConsent(sim, request) : consentPage(sim, request);
  if (request.path === "/oauth/token" && request.method === "POST") return sim.oauth.token(request);
  if (request.path === "/error")
    return html(400, errorPage(request.query.get("error") ?? "", request.query.get("error_description") ?? ""));
  return status(404, { error: "not_found" });
}

/** Says nothing about the account's rights on a site; an empty list when the grant covers none (FACTS §1). */
function accessibleResources(sim: Simulation, request: SimRequest): Reply {
  const caller = sim.oauth.caller(bearer(request));
  if (!caller) return status(401, { code: 401, message: "Unauthorized" });
  const sites = sim.world.sites.filter((each) => caller.cloudIds?.includes(each.cloudId));
  return json(
    sites.map((site) => ({
      id: site.cloudId,
      name: site.name,
      url: siteUrl(sim, site),
      scopes: (caller.scopes ?? []).filter((each) => each !== "offline_access"),
      avatarUrl: `${sim.url}/site/${site.name}/avatar.png`,
    })),
  );
}

function siteOutcome(
  sim: Simulation,
  site: SiteWorld | undefined,
  request: SimRequest,
  door: "gateway" | "site",
): Outcome {
  const found = route(confluence, request.method, request.path);
  const name = `${request.method} ${found?.endpoint.template ?? "unknown"}`;
  const caller = door === "gateway" ? gatewayCaller(sim, request) : siteCaller(sim, request);
  const faults = sim.faults.match(request, { site: site?.name ?? null, credential: caller?.kind ?? null });
  const interrupted = beforeFaults(sim, faults);
  const hidden = interrupted ?? identityRefusal(site, caller, door);
  const common = { request, faults, name, found, siteName: site?.name ?? null, credential: caller };
  if (hidden) return finish(sim, { ...common, interrupted: hidden, reply: hidden.reply });
  if (!site || !caller) throw new Error("A request without site or caller was not refused.");

  const before = changesOf(sim);
  const limited = sim.limits.refuse(caller, site.name);
  const reply = limited ?? siteReply(sim, { site, caller, request, found, faults });
  const hasChanged = changesOf(sim) !== before;
  return finish(sim, { ...common, interrupted: null, reply, caller, site, hasChanged });
}

/** A bad token is answered in plain text, as recorded (TRAPS §3); a cloud id that is no site of the grant likewise with 404. */
function identityRefusal(
  site: SiteWorld | undefined,
  caller: Caller | null,
  door: "gateway" | "site",
): Interruption | null {
  if (!caller) {
    return {
      reply:
        door === "gateway"
          ? status(401, { code: 401, message: "Unauthorized" })
          : status(401, "Client must be authenticated to access this resource."),
    };
  }
  if (!site || (caller.cloudIds && !caller.cloudIds.includes(site.cloudId))) {
    return {
      reply: status(404, {
        timestamp: new Date(0).toISOString(),
        status: 404,
        error: "Not Found",
        message: "No message available",
        path: "/",
      }),
    };
  }
  return null;
}

/** OAuth tokens and scoped API tokens; classic ones are refused here (FACTS §1, §2). */
function gatewayCaller(sim: Simulation, request: SimRequest): Caller | null {
  const token = bearer(request);
  if (token !== null) return sim.oauth.caller(token);
  const caller = basicCaller(sim.credentials, sim.world, request);
  return caller?.kind === "scoped-token" ? caller : null;
}

function siteCaller(sim: Simulation, request: SimRequest): Caller | null {
  const caller = basicCaller(sim.credentials, sim.world, request);
  return caller?.kind === "classic-token" ? caller : null;
}

interface SiteRequest {
  site: SiteWorld;
  caller: Caller;
  request: SimRequest;
  found: { endpoint: Endpoint<SiteCall>; params: Record<string, string> } | null;
  faults: readonly FaultRule[];
}

function siteReply(sim: Simulation, { site, caller, request, found, faults }: SiteRequest): Reply {
  if (!found) return v1Error(404, `Nothing answers ${request.method} ${request.path}`);
  const { endpoint, params } = found;
  if (!covers(caller.scopes, endpoint.scopes))
    return status(401, { code: 401, message: "Unauthorized; scope does not match" });
  if (!site.knows.has(caller.account.index) || !mayUse(site, caller.account))
    return status(403, "Current user not permitted to use Confluence");
  const isAllowed =
    endpoint.role === "site-admin"
      ? isSiteAdmin
      : endpoint.role === "confluence-admin"
        ? isConfluenceAdmin
        : () => true;
  if (!isAllowed(site, caller.account)) return forbidden(request, faults);
  try {
    return handled(sim, endpoint, { sim, site, request, params, caller, faults });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

/** A write whose effect is late is done at once and seen later; a read does not see it before. */
function handled<In extends Call>(sim: Simulation, endpoint: Endpoint<In>, call: In): Reply {
  const now = worldTime(sim);
  if (endpoint.write === undefined) return sim.lateEffects.read(now, () => endpoint.handle(call));
  const late = call.faults.find((each) => each.kind === "late-effect");
  if (!late) return endpoint.handle(call);
  return sim.lateEffects.write(now + (late.ms ?? LATE_EFFECT_MS), () => endpoint.handle(call));
}

/** Organizations API, "Assign an organization-level role": up to 30 seconds. */
const LATE_EFFECT_MS = 30_000;

/** Rises with every change of a Cloud site, and with nothing else that a request does. */
function changesOf({ world }: Simulation): number {
  return world.sites.reduce((sum, each) => sum + each.version, 0);
}

function forbidden(request: SimRequest, faults: readonly FaultRule[]): Reply {
  if (faults.some((each) => each.kind === "forbidden-as-500")) return v1Error(500, "Internal server error");
  return request.path.startsWith("/wiki/api/v2/")
    ? v2Error(403, "FORBIDDEN", "Forbidden")
    : v1Error(403, "Not permitted to use this resource");
}

function adminOutcome(sim: Simulation, request: SimRequest): Outcome {
  const found = route(organization, request.method, request.path);
  const name = `${request.method} ${found?.endpoint.template ?? "unknown"}`;
  const caller = organizationCaller(sim.credentials, sim.world, request);
  const faults = sim.faults.match(request, { site: null, credential: caller?.kind ?? null });
  const interrupted =
    beforeFaults(sim, faults) ?? (caller ? null : { reply: status(401, { code: 401, message: "Unauthorized" }) });
  const common = { request, faults, name, found, siteName: null, credential: caller };
  if (interrupted) return finish(sim, { ...common, interrupted, reply: interrupted.reply });
  if (!caller) throw new Error("A request without a caller was not refused.");
  const before = changesOf(sim);
  const limited = sim.limits.refuse(caller, "organization");
  const reply = limited ?? adminReply(sim, { caller, request, found, faults });
  return finish(sim, { ...common, interrupted: null, reply, caller, hasChanged: changesOf(sim) !== before });
}

function adminReply(
  sim: Simulation,
  {
    caller,
    request,
    found,
    faults,
  }: Omit<SiteRequest, "site" | "found"> & {
    found: ReturnType<typeof route<(typeof adminEndpoints)[number]>>;
  },
): Reply {
  if (!found) return adminError(404, "ADMIN-404-1", "Resource not found");
  // Not 403 and no word of a scope (FACTS §0.7, AX-1941).
  if (!covers(caller.scopes, found.endpoint.scopes)) {
    const at = sim.clock.now().toISOString();
    return status(404, {
      timestamp: at,
      path: request.path,
      status: 404,
      error: "Not Found",
      requestId: "5f0c2a1e-1",
      message: "No handler found",
    });
  }
  try {
    return handled(sim, found.endpoint, { sim, request, params: found.params, caller, faults });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

interface Finish {
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

function finish(sim: Simulation, finished: Finish): Outcome {
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
