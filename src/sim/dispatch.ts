import { v1Error } from "./http.ts";
import { contentEndpoints } from "./api/v1-content.ts";
import { groupEndpoints } from "./api/v1-groups.ts";
import { siteEndpoints } from "./api/v1-site.ts";
import { userEndpoints } from "./api/v1-users.ts";
import { v2Endpoints } from "./api/v2.ts";
import { answerConsent, consentPage, errorPage } from "./consent.ts";
import { control } from "./control/routes.ts";
import { answerDataCenter } from "./data-center/dispatch.ts";
import { basicCaller, bearer, type Caller, covers, isConfluenceAdmin, isSiteAdmin } from "./credentials.ts";
import { adminOutcome, scimOutcome } from "./dispatch-organization.ts";
import { beforeFaults, endingOf, type Interruption } from "./fault-effects.ts";
import type { FaultRule } from "./faults.ts";
import { html, json, Refused, type Reply, type SimRequest, status, v2Error } from "./http.ts";
import { compile, type Endpoint, route, siteUrl, type Simulation, type SiteCall } from "./simulation.ts";
import { changesOf, finish, handled, type Outcome } from "./outcome.ts";
import { mayUse, type SiteWorld } from "./world/world.ts";

const confluence = compile<Endpoint<SiteCall>>([
  ...userEndpoints,
  ...groupEndpoints,
  ...contentEndpoints,
  ...siteEndpoints,
  ...v2Endpoints,
]);

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
  if (path.startsWith("/api/scim/")) return scimOutcome(sim, { ...request, path: path.slice("/api".length) });

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

function forbidden(request: SimRequest, faults: readonly FaultRule[]): Reply {
  if (faults.some((each) => each.kind === "forbidden-as-500")) return v1Error(500, "Internal server error");
  return request.path.startsWith("/wiki/api/v2/")
    ? v2Error(403, "FORBIDDEN", "Forbidden")
    : v1Error(403, "Not permitted to use this resource");
}
