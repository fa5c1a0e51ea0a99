import type { Simulation } from "./simulation.ts";
import { worldTime } from "./simulation.ts";
import type { SimRequest } from "./http.ts";

/**
 * What became of a write. `changed`: the world is another since, whether or not an answer arrived; `nothing`: taken, and
 * there was nothing to change; `refused`: answered with an error; `not-reached`: a fault stood before the endpoint.
 */
export type WriteEffect = "changed" | "nothing" | "refused" | "not-reached";

/** One request that meant to change something, in the order of arrival. */
export interface ReceivedWrite {
  number: number;
  /** Instant of the pretend world. */
  at: string;
  /** Name of the site or of the instance; null for the organization and where it is unknown. */
  site: string | null;
  /** Kind and key of the credential, `token:classic-admin`; null when nobody was recognized. */
  credential: string | null;
  caller: string | null;
  /** What it does, `remove-member`; `unknown` where nothing answers. */
  write: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: string;
  group: string | null;
  account: string | null;
  /** Of the answer that was sent; null when the connection was ended without one. */
  status: number | null;
  effect: WriteEffect;
  /** The how-manieth write of this kind to this group and account it is, from 1. */
  times: number;
  /** How many of them changed something, this one included. */
  timesChanged: number;
}

export interface WriteLog {
  add(sim: Simulation, write: WriteReport): void;
  list(): readonly ReceivedWrite[];
  reset(): void;
}

export interface WriteReport {
  request: SimRequest;
  params: Record<string, string>;
  write: string;
  site: string | null;
  caller: { kind: string; key: string } | null;
  status: number | null;
  effect: WriteEffect;
}

export function createWriteLog(): WriteLog {
  let writes: ReceivedWrite[] = [];
  const times = new Map<string, { all: number; changed: number }>();
  return {
    add(sim, { request, params, write, site, caller, status, effect }) {
      const { group, account } = targetOf(request, params);
      const key = JSON.stringify([write, site, group, account]);
      const count = times.get(key) ?? { all: 0, changed: 0 };
      count.all += 1;
      if (effect === "changed") count.changed += 1;
      times.set(key, count);
      writes.push({
        number: writes.length + 1,
        at: new Date(worldTime(sim)).toISOString(),
        site,
        credential: caller?.kind ?? null,
        caller: caller?.key ?? null,
        write,
        method: request.method,
        path: request.path,
        query: Object.fromEntries(request.query),
        body: request.body,
        group,
        account,
        status,
        effect,
        times: count.all,
        timesChanged: count.changed,
      });
    },
    list: () => writes,
    reset() {
      writes = [];
      times.clear();
    },
  };
}

/** `status` is what the endpoint answered, whatever was sent in the end. */
export function effectOf(outcome: { isReached: boolean; hasChanged: boolean; status: number }): WriteEffect {
  if (!outcome.isReached) return "not-reached";
  if (outcome.hasChanged) return "changed";
  return outcome.status < 400 ? "nothing" : "refused";
}

/** Whom and what a write concerns, wherever its API puts the names. */
function targetOf({ query, body }: SimRequest, params: Record<string, string>) {
  const sent = fieldsOf(body);
  const group = params["groupId"] ?? params["groupName"] ?? query.get("groupId") ?? query.get("id");
  const account =
    params["accountId"] ?? params["userId"] ?? params["username"] ?? query.get("accountId") ?? sent["accountId"];
  return { group: group ?? null, account: typeof account === "string" ? account : null };
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    return { ...Object(JSON.parse(body)) };
  } catch {
    // No JSON, so it names nobody; the endpoint has refused it.
    return {};
  }
}
