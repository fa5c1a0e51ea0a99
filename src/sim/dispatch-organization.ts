import { adminEndpoints } from "./api/admin.ts";
import { scimEndpoints } from "./api/scim.ts";
import { scimError, scimFailure } from "./api/scim-common.ts";
import { type Caller, covers, organizationCaller, scimCaller } from "./credentials.ts";
import { beforeFaults } from "./fault-effects.ts";
import type { FaultRule } from "./faults.ts";
import { adminError, Refused, type Reply, type SimRequest, status } from "./http.ts";
import { changesOf, finish, handled, type Outcome } from "./outcome.ts";
import { compile, route, type Simulation } from "./simulation.ts";

const organization = compile(adminEndpoints);
const provisioning = compile(scimEndpoints);

/** `/admin/…`, the Organizations API: only its own keys open it. */
export function adminOutcome(sim: Simulation, request: SimRequest): Outcome {
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
  }: {
    caller: Caller;
    request: SimRequest;
    faults: readonly FaultRule[];
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

/** `/scim/directory/{directoryId}/…`, user provisioning: a key of its own for each directory (FACTS §2). */
export function scimOutcome(sim: Simulation, request: SimRequest): Outcome {
  const found = route(provisioning, request.method, request.path);
  const name = `${request.method} ${found?.endpoint.template ?? "unknown"}`;
  const caller = scimCaller(sim.credentials, sim.world, request);
  const faults = sim.faults.match(request, { site: null, credential: caller?.kind ?? null });
  const interrupted =
    beforeFaults(sim, faults) ?? (caller ? null : { reply: scimFailure(401, "Authorization header is missing") });
  const common = { request, faults, name, found, siteName: null, credential: caller };
  if (interrupted) return finish(sim, { ...common, interrupted, reply: interrupted.reply });
  if (!caller) throw new Error("A request without a caller was not refused.");
  const before = changesOf(sim);
  const limited = sim.limits.refuse(caller, "organization");
  const reply = limited ?? scimReply(sim, { caller, request, faults, found });
  return finish(sim, { ...common, interrupted: null, reply, caller, hasChanged: changesOf(sim) !== before });
}

function scimReply(
  sim: Simulation,
  {
    caller,
    request,
    found,
    faults,
  }: {
    caller: Caller & { directoryId: string };
    request: SimRequest;
    faults: readonly FaultRule[];
    found: ReturnType<typeof route<(typeof scimEndpoints)[number]>>;
  },
): Reply {
  if (!found) return scimError(404, "Resource not found");
  if (found.params["directoryId"] !== caller.directoryId)
    return scimFailure(403, "You are not authorized to call the API");
  try {
    return handled(sim, found.endpoint, { sim, request, params: found.params, caller, faults });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}
