import type { Clock } from "../lib/clock.ts";
import type { Caller } from "./credentials.ts";
import { type Reply, status } from "./http.ts";

/** FACTS §8, Tier 1: points an hour for one OAuth client over all its sites; reset on the UTC hour. */
const POINTS_PER_HOUR = 65_000;
const HOUR_MS = 3_600_000;
/** Seen on every reply of the gateway (TRAPS §1); counted by the second here. */
const BURST_PER_SECOND = 5_000;

export interface Limits {
  /** The answer when the caller has nothing left, else null. Counts one request. */
  refuse(caller: Caller, siteName: string): Reply | null;
  /** Books what a read cost, and says what is left in headers. */
  book(caller: Caller, siteName: string, points: number): Record<string, string>;
  set(options: { pointsPerHour?: number; burstPerSecond?: number; enforced?: boolean }): void;
}

export function createLimits({ clock, enforced }: { clock: Clock; enforced: boolean }): Limits {
  const settings = { enforced, pointsPerHour: POINTS_PER_HOUR, burstPerSecond: BURST_PER_SECOND };
  const hours = new Map<string, { hour: number; points: number }>();
  const seconds = new Map<string, { second: number; requests: number }>();
  const now = () => clock.now().getTime();

  function pointsOf(caller: Caller) {
    const hour = Math.floor(now() / HOUR_MS);
    const known = hours.get(caller.key);
    const current = known?.hour === hour ? known : { hour, points: 0 };
    hours.set(caller.key, current);
    return current;
  }

  function requestsOf(caller: Caller, siteName: string) {
    const key = `${caller.key} ${siteName}`;
    const second = Math.floor(now() / 1_000);
    const known = seconds.get(key);
    const current = known?.second === second ? known : { second, requests: 0 };
    seconds.set(key, current);
    return current;
  }

  function headers(caller: Caller, siteName: string): Record<string, string> {
    const burst = requestsOf(caller, siteName);
    const left = Math.max(settings.burstPerSecond - burst.requests, 0);
    const answer: Record<string, string> = {
      "x-ratelimit-limit": String(settings.burstPerSecond),
      "x-ratelimit-remaining": String(left),
      "x-ratelimit-reset": new Date((burst.second + 1) * 1_000).toISOString(),
      "x-ratelimit-nearlimit": String(left < settings.burstPerSecond / 5),
    };
    if (caller.kind !== "oauth") return answer;
    const { points } = pointsOf(caller);
    answer["ratelimit-policy"] = `"global-app-quota";q=${settings.pointsPerHour};w=3600`;
    // Atlassian, "Rate limiting": what is left is told only when more than about 80 % is used.
    if (points > settings.pointsPerHour * 0.8) {
      const text = `"global-app-quota";r=${Math.max(settings.pointsPerHour - points, 0)};t=${secondsToHour()}`;
      answer["ratelimit"] = text;
      answer["beta-ratelimit"] = text;
    }
    return answer;
  }

  const secondsToHour = () => Math.ceil((HOUR_MS - (now() % HOUR_MS)) / 1_000);

  return {
    refuse(caller, siteName) {
      const burst = requestsOf(caller, siteName);
      burst.requests += 1;
      if (!settings.enforced) return null;
      if (caller.kind === "oauth" && pointsOf(caller).points >= settings.pointsPerHour) {
        const wait = { "retry-after": String(secondsToHour()), "ratelimit-reason": "confluence-quota-global-based" };
        return tooMany({ ...headers(caller, siteName), ...wait });
      }
      if (burst.requests <= settings.burstPerSecond) return null;
      return tooMany({ ...headers(caller, siteName), "retry-after": "1" });
    },
    book(caller, siteName, points) {
      if (caller.kind === "oauth") pointsOf(caller).points += points;
      return headers(caller, siteName);
    },
    set(options) {
      Object.assign(settings, options);
    },
  };
}

export function tooMany(headers: Record<string, string>): Reply {
  return { ...status(429, { code: 429, message: "Rate limit exceeded" }), headers };
}
