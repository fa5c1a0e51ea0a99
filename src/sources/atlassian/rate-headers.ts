/** What one answer says about the quotas it was counted against. Instants are milliseconds since 1970. */
export interface RateSignals {
  /** The whole `Retry-After`; null when the header is absent. Infinity when it is not a wait but a block. */
  retryAfterMs: number | null;
  /** `X-RateLimit-*`: requests left of the burst, of how many, and when it fills again. */
  burst: { limit: number | null; remaining: number; resetAt: number | null; isNearLimit: boolean } | null;
  /** `RateLimit`: points left of the hour's quota. Entries of `Beta-RateLimit` are informational and not read. */
  quota: { name: string; remaining: number; resetsInMs: number } | null;
  /** `RateLimit-Policy`: points an hour of all sites of the client together; null where it does not tell. */
  pointsPerHour: number | null;
}

/**
 * A `Retry-After` above this is no wait: quotas fill each hour (Atlassian, "Rate limiting"), while a blocked account is
 * told 9223372036854775807 seconds (TRAPS §3).
 */
const BLOCKED_ABOVE_MS = 24 * 3_600_000;

export function readRateSignals(headers: Headers, now: number): RateSignals {
  return {
    retryAfterMs: retryAfter(headers, now),
    burst: burst(headers, now),
    quota: quota(headers),
    pointsPerHour: policy(headers),
  };
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfter(headers: Headers, now: number): number | null {
  const text = headers.get("retry-after")?.trim();
  if (!text) return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (Number.isNaN(ms)) return null;
  return ms > BLOCKED_ABOVE_MS ? Number.POSITIVE_INFINITY : Math.max(0, ms);
}

function burst(headers: Headers, now: number): RateSignals["burst"] {
  const remaining = number(headers.get("x-ratelimit-remaining"));
  if (remaining === null) return null;
  return {
    limit: number(headers.get("x-ratelimit-limit")),
    remaining,
    resetAt: resetAt(headers.get("x-ratelimit-reset"), now),
    isNearLimit: headers.get("x-ratelimit-nearlimit") === "true",
  };
}

/** ISO 8601 as documented; the gateway was also seen to answer epoch seconds (TRAPS §1). */
function resetAt(text: string | null, now: number): number | null {
  if (!text) return null;
  const seconds = number(text);
  const at = seconds === null ? Date.parse(text) : seconds > 1e11 ? seconds : seconds * 1_000;
  return Number.isNaN(at) || at - now > BLOCKED_ABOVE_MS ? null : at;
}

/** `"global-app-quota";r=11000;t=600`, several entries comma-separated; `r` is only given when little is left. */
function quota(headers: Headers): RateSignals["quota"] {
  const entries = (headers.get("ratelimit") ?? "").split(",").flatMap((entry) => {
    const name = /^\s*"?([^";]+)"?/.exec(entry)?.[1] ?? "quota";
    const remaining = /;\s*r=(\d+)/.exec(entry)?.[1];
    const seconds = /;\s*t=(\d+)/.exec(entry)?.[1];
    return remaining && seconds ? [{ name, remaining: Number(remaining), resetsInMs: Number(seconds) * 1_000 }] : [];
  });
  return entries.sort((one, other) => one.remaining - other.remaining)[0] ?? null;
}

/** `"global-app-quota";q=65000;w=3600`; a policy of one tenant or of another window says nothing of the client's hour. */
function policy(headers: Headers): number | null {
  const entries = (headers.get("ratelimit-policy") ?? "").split(",").filter((entry) => !entry.includes("tenant"));
  const hourly = entries.find((entry) => /;\s*w=3600(\D|$)/.test(entry));
  return number(/;\s*q=(\d+)/.exec(hourly ?? "")?.[1] ?? null);
}

function number(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : null;
}
