import { type Reply, status } from "../http.ts";
import type { DataCenterUser } from "./people.ts";
import type { DataCenter } from "./world.ts";

/** What a user who may ask nothing at all is told to wait (TRAPS §3): the largest number of Java, no time. */
const FOR_EVER = "9223372036854775807";

export interface RateLimited {
  /** The refusal, when no token is left. */
  reply: Reply | null;
  headers: Record<string, string>;
}

/** A bucket of tokens for each user, filled every interval (FACTS §10). Takes one. `now` in epoch milliseconds. */
export function takeToken(dc: DataCenter, user: DataCenterUser, now: number): RateLimited {
  const { limit, fillRate, intervalSeconds, status: code } = dc.settings.rateLimit;
  const bucket = filled(dc, user, now);
  const isRefused = bucket.tokens < 1;
  if (!isRefused) bucket.tokens -= 1;
  const headers: Record<string, string> = {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.floor(bucket.tokens)),
    "x-ratelimit-fillrate": String(fillRate),
    "x-ratelimit-interval-seconds": String(intervalSeconds),
  };
  if (!isRefused) return { reply: null, headers: { ...headers, "retry-after": "0" } };
  const waits = limit === 0 || fillRate === 0 ? FOR_EVER : String(intervalSeconds);
  return { reply: rateLimited(code), headers: { ...headers, "retry-after": waits } };
}

/** Without headers of its own it asks for a second of patience. */
export function rateLimited(code: number, headers: Record<string, string> = {}): Reply {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const usual = { "x-ratelimit-remaining": "0", "retry-after": "1" };
  return { ...status(code, { message: "Rate limit exceeded." }), headers: { ...usual, ...Object.fromEntries(named) } };
}

function filled({ buckets, settings }: DataCenter, user: DataCenterUser, now: number) {
  const { limit, fillRate, intervalSeconds } = settings.rateLimit;
  const bucket = buckets.get(user.userKey) ?? { tokens: limit, at: now };
  const intervals = Math.floor((now - bucket.at) / (intervalSeconds * 1_000));
  if (intervals > 0) {
    bucket.tokens += intervals * fillRate;
    bucket.at += intervals * intervalSeconds * 1_000;
  }
  bucket.tokens = Math.min(bucket.tokens, limit);
  buckets.set(user.userKey, bucket);
  return bucket;
}
