import { messageOf } from "../../lib/errors.ts";
import { dataCenterInfo } from "../data-center/dispatch.ts";
import {
  dataCenterEvents,
  dataCenterRights,
  dataCenterSeats,
  dataCenterSpaceReaders,
  dataCenterTruth,
} from "../data-center/truth.ts";
import { parseFaultRules } from "../faults.ts";
import { bodyObject, json, type Reply, type SimRequest, status } from "../http.ts";
import { type Simulation, worldTime } from "../simulation.ts";
import { TRAPS } from "../traps.ts";
import { findSite, type SiteWorld } from "../world/world.ts";
import type { DataCenter } from "../data-center/world.ts";
import { seatCountsOf } from "../world/seat-count.ts";
import { seatCountsOf as dataCenterSeatCounts } from "../data-center/seat-count.ts";
import { billingTruth } from "./billing.ts";
import { applyChanges } from "./changes.ts";
import { eventsSince, rightsOf, seatsOf, spaceReaders, truthOf } from "./truth.ts";

/**
 * `/__sim/…`, which no Atlassian has:
 *
 *     GET  /info                 organization, sites with their cloud ids and base URLs, the world's now
 *     GET  /credentials          every credential that opens something here; POST {callbackUrls} sets those of the client
 *     GET  /counts               requests, points and busy time since the last POST /counts
 *     GET  /faults               rules with how often they were met and struck; POST [rules] replaces, PUT [rules] adds
 *     POST /limits               {pointsPerHour?, burstPerSecond?, enforced?}
 *     POST /latency              {ms}
 *     POST /change               [changes], see changes.ts
 *     GET  /truth?site=          accounts, groups, memberships, product-access groups, spaces
 *     GET  /truth/space-readers?site=&space=
 *     GET  /truth/rights?site=   permissions and role assignments of each space, by the models in force
 *     GET  /truth/seats?site=&analyzeSince=&idleAfterDays=&withOrganizationKey=&withAuditLog=
 *     GET  /truth/activity?site=&since=
 *     GET  /truth/billing?site=&billingDay=   seats paid for, day by day and by the billing period; billingDay 1 to 31 (1)
 *     GET  /writes               every write received: who, what, when, with what effect, how often; POST forgets them
 *     GET  /traps                the numbered traps and how each is set
 *
 * `site` may also name an instance of Data Center, whose truth has `nestings` too.
 */
export function control(sim: Simulation, request: SimRequest): Reply {
  const path = request.path.slice("/__sim".length);
  try {
    return (
      (request.method === "GET" ? read(sim, path, request.query) : write(sim, path, request)) ??
      status(404, { message: `Nothing at ${path}` })
    );
  } catch (error) {
    return status(400, { message: messageOf(error) });
  }
}

function read(sim: Simulation, path: string, query: URLSearchParams): Reply | null {
  const instance = sim.world.findDataCenter(path.startsWith("/truth") ? query.get("site") : null);
  return instance ? readInstance(sim, instance, path, query) : readSite(sim, path, query);
}

function readInstance(sim: Simulation, dc: DataCenter, path: string, query: URLSearchParams): Reply | null {
  switch (path) {
    case "/truth":
      return json(
        dataCenterTruth(
          dc,
          sim.world.people.map((each) => each.id),
        ),
      );
    case "/truth/space-readers": {
      const found = dataCenterSpaceReaders(dc, query.get("space") ?? "");
      return found && json(found);
    }
    case "/truth/rights":
      return json(dataCenterRights(dc));
    case "/truth/seats":
      return json(dataCenterSeats(dc, seatsWish(sim, query)));
    case "/truth/billing":
      return json(billingTruth(dataCenterSeatCounts(dc), worldTime(sim), billingDayOf(query)));
    case "/truth/activity":
      return json(dataCenterEvents(dc, instant(query.get("since"), worldTime(sim) - 90 * 86_400_000)));
    default:
      return null;
  }
}

function readSite(sim: Simulation, path: string, query: URLSearchParams): Reply | null {
  switch (path) {
    case "/info":
      return json(infoOf(sim));
    case "/credentials":
      return json(sim.credentials);
    case "/counts":
      return json(sim.counts.report());
    case "/faults":
      return json(sim.faults.report());
    case "/writes":
      return json(sim.writes.list());
    case "/traps":
      return json(TRAPS);
    case "/truth":
      return json(truthOf(siteOf(sim, query)));
    case "/truth/space-readers": {
      const found = spaceReaders(siteOf(sim, query), query.get("space") ?? "");
      return found && json(found);
    }
    case "/truth/rights":
      return json(rightsOf(siteOf(sim, query)));
    case "/truth/seats":
      return json(seatsOf(siteOf(sim, query), seatsWish(sim, query)));
    case "/truth/billing":
      return json(billingTruth(seatCountsOf(siteOf(sim, query)), worldTime(sim), billingDayOf(query)));
    case "/truth/activity":
      return json(eventsSince(siteOf(sim, query), instant(query.get("since"), worldTime(sim) - 90 * 86_400_000)));
    default:
      return null;
  }
}

function write(sim: Simulation, path: string, request: SimRequest): Reply | null {
  switch (path) {
    case "/counts":
      sim.counts.reset();
      return status(204);
    case "/writes":
      sim.writes.reset();
      return status(204);
    case "/faults": {
      const rules = parseFaultRules(JSON.parse(request.body));
      if (request.method === "PUT") sim.faults.add(rules);
      else sim.faults.replace(rules);
      return status(204);
    }
    case "/change": {
      const changes: unknown = JSON.parse(request.body);
      if (!Array.isArray(changes)) throw new Error("Changes come as a list.");
      return json({ ids: applyChanges(sim, changes) });
    }
    case "/limits":
      sim.limits.set(limitsFrom(bodyObject(request) ?? {}));
      return status(204);
    case "/latency":
      sim.latencyMs = Number(bodyObject(request)?.["ms"] ?? 0);
      return status(204);
    case "/credentials": {
      const urls = bodyObject(request)?.["callbackUrls"];
      if (!Array.isArray(urls)) throw new Error("callbackUrls must be a list.");
      for (const each of sim.credentials.clients) each.callbackUrls = urls.map(String);
      return status(204);
    }
    default:
      return null;
  }
}

export function infoOf(sim: Simulation) {
  return {
    url: sim.url,
    organizationId: sim.world.orgId,
    scimDirectoryId: sim.world.scimDirectoryId,
    now: new Date(worldTime(sim)).toISOString(),
    sites: sim.world.sites.map((site) => ({
      name: site.name,
      cloudId: site.cloudId,
      baseUrl: `${sim.url}/site/${site.name}`,
      gatewayUrl: `${sim.url}/api/ex/confluence/${site.cloudId}`,
      roleMode: site.roleMode,
      edition: site.edition,
    })),
    dataCenters: dataCenterInfo(sim),
  };
}

function siteOf(sim: Simulation, query: URLSearchParams): SiteWorld {
  const name = query.get("site") ?? "acme";
  const found = findSite(sim.world, name);
  if (!found) throw new Error(`There is no site ${name}.`);
  return found;
}

function seatsWish(sim: Simulation, query: URLSearchParams) {
  const now = instant(query.get("now"), worldTime(sim));
  return {
    now,
    analyzeSince: instant(query.get("analyzeSince"), now - 90 * 86_400_000),
    idleAfterDays: Number(query.get("idleAfterDays") ?? 60),
    withOrganizationKey: query.get("withOrganizationKey") === "true",
    withAuditLog: query.get("withAuditLog") !== "false",
  };
}

function billingDayOf(query: URLSearchParams): number {
  const day = Number(query.get("billingDay") ?? 1);
  if (!Number.isInteger(day) || day < 1 || day > 31) throw new Error("billingDay is a day of the month, 1 to 31.");
  return day;
}

function limitsFrom(body: Record<string, unknown>) {
  const { pointsPerHour, burstPerSecond, enforced } = body;
  return {
    ...(typeof pointsPerHour === "number" ? { pointsPerHour } : {}),
    ...(typeof burstPerSecond === "number" ? { burstPerSecond } : {}),
    ...(typeof enforced === "boolean" ? { enforced } : {}),
  };
}

function instant(text: string | null, fallback: number): number {
  if (text === null || text === "") return fallback;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`${text} is not an instant.`);
  return at;
}
