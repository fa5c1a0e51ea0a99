import { adminEndpoints } from "./api/admin.ts";
import { scimEndpoints } from "./api/scim.ts";
import { scimError, scimFailure } from "./api/scim-common.ts";
import { type Caller, covers, organizationCaller, scimCaller } from "./credentials.ts";
import { beforeFaults } from "./fault-effects.ts";
import { adminError, Refused, type Reply, type SimRequest, status } from "./http.ts";
import { changesOf, finish, handled, type Outcome } from "./outcome.ts";
import { type Call, compile, type Endpoint, route, type Simulation } from "./simulation.ts";

const organization = compile(adminEndpoints);
const provisioning = compile(scimEndpoints);

/** `/admin/…`, the Organizations API: only its own keys open it. */
export function adminOutcome(sim: Simulation, request: SimRequest): Outcome {
  const found = route(organization, request.method, request.path);
  const caller = organizationCaller(sim.credentials, sim.world, request);
  return outcomeOf(sim, request, {
    found,
    caller,
    unauthorized: status(401, { code: 401, message: "Unauthorized" }),
    refuse: () => refuseAdmin(sim, request, found?.endpoint ?? null, caller),
  });
}

/** `/scim/directory/{directoryId}/…`, user provisioning: a key of its own for each directory (FACTS §2). */
export function scimOutcome(sim: Simulation, request: SimRequest): Outcome {
  const found = route(provisioning, request.method, request.path);
  const caller = scimCaller(sim.credentials, sim.world, request);
  return outcomeOf(sim, request, {
    found,
    caller,
    unauthorized: scimFailure(401, "Authorization header is missing"),
    refuse: () => {
      if (!found) return scimError(404, "Resource not found");
      const isOwn = found.params["directoryId"] === caller?.directoryId;
      return isOwn ? null : scimFailure(403, "You are not authorized to call the API");
    },
  });
}

interface Door {
  found: ReturnType<typeof route<Endpoint<Call>>>;
  caller: Caller | null;
  /** For whoever is nobody. */
  unauthorized: Reply;
  /** What a caller is told before the endpoint is asked; null lets the request through. */
  refuse(): Reply | null;
}

function outcomeOf(sim: Simulation, request: SimRequest, { found, caller, unauthorized, refuse }: Door): Outcome {
  const name = `${request.method} ${found?.endpoint.template ?? "unknown"}`;
  const faults = sim.faults.match(request, { site: null, credential: caller?.kind ?? null });
  const interrupted = beforeFaults(sim, faults) ?? (caller ? null : { reply: unauthorized });
  const common = { request, faults, name, found, siteName: null, credential: caller };
  if (interrupted) return finish(sim, { ...common, interrupted, reply: interrupted.reply });
  if (!caller) throw new Error("A request without a caller was not refused.");

  const before = changesOf(sim);
  const refusal = sim.limits.refuse(caller, "organization") ?? refuse();
  const reply =
    refusal ?? (found && answered(sim, found.endpoint, { sim, request, params: found.params, caller, faults }));
  return finish(sim, { ...common, interrupted: null, reply, caller, hasChanged: changesOf(sim) !== before });
}

function answered(sim: Simulation, endpoint: Endpoint<Call>, call: Call): Reply {
  try {
    return handled(sim, endpoint, call);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function refuseAdmin(
  sim: Simulation,
  { path }: SimRequest,
  endpoint: Endpoint<Call> | null,
  caller: Caller | null,
): Reply | null {
  if (!endpoint) return adminError(404, "ADMIN-404-1", "Resource not found");
  if (covers(caller?.scopes ?? null, endpoint.scopes)) return null;
  // Not 403 and no word of a scope (FACTS §0.7, AX-1941).
  return status(404, {
    timestamp: sim.clock.now().toISOString(),
    path,
    status: 404,
    error: "Not Found",
    requestId: "5f0c2a1e-1",
    message: "No handler found",
  });
}
