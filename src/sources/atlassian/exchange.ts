import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { type CredentialAccess, type SourceEvent, SourceFailure } from "../source.ts";
import { readBody } from "./body.ts";
import { authorizationOf, countsPoints, wordsOf } from "./credential.ts";
import { type Answer, type Asked, type Dialect, failureOf } from "./failures.ts";
import type { Limiter } from "./limiter.ts";
import { type RateSignals, readRateSignals } from "./rate-headers.ts";

/** Atlassian, "Rate limiting": at most 4 retries, from 5 s doubling to 30 s, jitter × 0.7–1.3. */
export const RETRIES_MAX = 4;
const RATE_LIMIT_WAIT_MS = 5_000;
const WAIT_MAX_MS = 30_000;
/** Refusals that name their wait are part of normal pacing; more of them than this in a row are not. */
const RATE_LIMIT_RETRIES_MAX = 10;
const REQUEST_TIMEOUT_MS = 60_000;

/** How the process reaches Atlassian: given once, used by every open site. */
export interface Transport {
  fetch: typeof fetch;
  /** For jitter: 0 ≤ x < 1. */
  random(): number;
}

/** One credential at one base URL, with the quotas its requests draw on. */
export interface Session {
  transport: Transport;
  credential: CredentialAccess;
  /** Without a slash at its end; its path prefix is kept. */
  baseUrl: string;
  limitsOf(endpoint: string): Limits;
  /** Left out where the answers are Cloud's. */
  dialect?: Dialect;
  clock: Clock;
  log: Log;
  hourShareMax?: number | undefined;
  observe(event: SourceEvent): void;
}

/** What bounds a request. All are taken in the order in which they stand here, so that no two wait for each other. */
export interface Limits {
  /** Points of the OAuth client, over all of its sites; null where no points are counted. */
  client: Limiter | null;
  /** Requests of this credential at this site (or of this key at this path). */
  own: Limiter;
  /** The site's bound on requests under way, over all credentials; taken last, so nobody holds a place while waiting. */
  site: Limiter | null;
}

/** One request, as it goes over the wire. */
export interface Sent extends Asked {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the session's base URL, ids already encoded. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  /** Only where it is not `application/json`. */
  contentType?: string | undefined;
  headers?: Record<string, string>;
}

/** Says what one try came to. */
export interface Judge<Outcome> {
  /** `points` are those of the 3LO quota, the request itself included. */
  answered(answer: Answer, startedAt: number): { outcome: Outcome; points: number };
  /** The request was begun, and no answer came; it may throw. */
  lost(thrown: unknown): Outcome;
}

/** One try: waits for its place within all limits, sends, and tells of it. Throws the signal's reason before it sends. */
export async function tryOnce<Outcome>(
  session: Session,
  sent: Sent,
  { token, attempt }: { token: string; attempt: number },
  judge: Judge<Outcome>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, credential } = session;
  const places = [];
  const { client, own, site } = session.limitsOf(sent.endpoint);
  try {
    for (const limiter of [client, own, site]) if (limiter) places.push(await limiter.acquire(session, signal));
    signal.throwIfAborted();
    const startedAt = clock.now().getTime();
    const tell = (status: number | null, points: number) => {
      if (status !== null) client?.spent(points, clock.now().getTime());
      session.observe({
        kind: "request",
        endpoint: sent.endpoint,
        status,
        tookMs: clock.now().getTime() - startedAt,
        points: countsPoints(credential.kind) ? points : 0,
        credentialId: credential.id,
        attempt,
      });
    };
    let answer: Answer;
    try {
      answer = await send(session, sent, token, signal);
    } catch (thrown) {
      tell(null, 0);
      return judge.lost(thrown);
    }
    const { outcome, points } = judge.answered(answer, startedAt);
    tell(answer.status, points);
    return outcome;
  } finally {
    for (const place of places) place.release();
  }
}

async function send(session: Session, sent: Sent, token: string, signal: AbortSignal): Promise<Answer> {
  const query = sent.query.size > 0 ? `?${sent.query}` : "";
  const headers: Record<string, string> = { accept: "application/json", ...sent.headers };
  // An empty token is nobody's: what anybody may ask is asked without showing a credential.
  if (token !== "") headers["authorization"] = authorizationOf(session.credential, token);
  if (sent.body !== undefined) headers["content-type"] = sent.contentType ?? "application/json";
  const stopper = new AbortController();
  const stop = () => stopper.abort(signal.reason);
  const timer = setTimeout(() => stopper.abort(new Error("No answer within 60 s.")), REQUEST_TIMEOUT_MS);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const response = await session.transport.fetch(`${session.baseUrl}${sent.path}${query}`, {
      method: sent.method,
      headers,
      body: sent.body === undefined ? null : JSON.stringify(sent.body),
      // A redirect would carry the credential to wherever it points; there is none in this API but to a log-in page.
      redirect: "manual",
      signal: stopper.signal,
    });
    const text = await readBody(response);
    const contentType = response.headers.get("content-type") ?? "";
    return { status: response.status, contentType, text, headers: response.headers };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** What an answer says of a quota goes to the limiter of that quota. */
export function learn({ client, own, site }: Limits, { burst, quota, pointsPerHour }: RateSignals, now: number): void {
  const isOfClient = client !== null && quota !== null && !quota.name.includes("tenant");
  own.succeeded({ burst, quota: isOfClient ? null : quota }, now);
  client?.succeeded({ burst: null, quota: isOfClient ? quota : null }, now);
  client?.toldPoints(isOfClient ? quota.remaining : null, pointsPerHour, now);
  site?.succeeded({ burst: null, quota: null }, now);
}

/** Atlassian, "Rate limiting": `RateLimit-Reason` says whether a quota is used up, and whose. */
type RefusedBy = "burst" | "tenant-quota" | "client-quota";

/** A rate limit, with how long it says to wait; null: it does not say. */
export interface Refusal {
  kind: "refused";
  failure: SourceFailure;
  waitMs: number | null;
  refusedBy: RefusedBy;
  startedAt: number;
}

/** What a rate limit says, or that the credential is blocked for good. */
export function refusal(
  session: Session,
  sent: Sent,
  answer: Answer,
  startedAt: number,
): Refusal | { kind: "failed"; failure: SourceFailure } {
  const now = session.clock.now().getTime();
  const { retryAfterMs, burst } = readRateSignals(answer.headers, now);
  if (retryAfterMs === Number.POSITIVE_INFINITY) {
    const failure = new SourceFailure(`${sent.endpoint}: Retry-After ${answer.headers.get("retry-after")}`, {
      code: "source.blocked",
      publicMessage: `${whoOf(session)} has blocked the ${wordsOf(session.credential)}: it names no time after which to try again.`,
      fix: "Ask the site's administrator to lift the block, or use the credential of another account.",
      capability: sent.capability,
      endpoint: sent.endpoint,
      status: answer.status,
    });
    return { kind: "failed", failure };
  }
  const untilReset = burst?.resetAt && burst.resetAt > now ? burst.resetAt - now : null;
  const reason = answer.headers.get("ratelimit-reason") ?? "";
  const refusedBy = !/quota/i.test(reason) ? "burst" : /tenant/i.test(reason) ? "tenant-quota" : "client-quota";
  const failure = failureOf(answer, sent, session.credential, session.dialect);
  return { kind: "refused", failure, waitMs: retryAfterMs ?? untilReset, refusedBy, startedAt };
}

/**
 * Holds back everything that draws on the quota that refused: the limiter waits, not this request, so that all wait
 * together and start together again. `refusals` counts this one. Throws once it has been refused too often.
 */
export function holdBack(session: Session, endpoint: string, refused: Refusal, refusals: number): void {
  if (refusals > (refused.waitMs === null ? RETRIES_MAX : RATE_LIMIT_RETRIES_MAX)) throw refused.failure;
  const waitMs = refused.waitMs ?? backoff(session, RATE_LIMIT_WAIT_MS, refusals);
  const now = session.clock.now().getTime();
  const { client, own } = session.limitsOf(endpoint);
  const limiter = refused.refusedBy === "client-quota" && client ? client : own;
  limiter.refused(waitMs, refused.refusedBy === "burst" ? "rate-limited" : "quota", refused.startedAt, now);
}

/** After a 401: another token than the rejected one, or null when there is none to try. */
export async function renewed({ credential }: Session, rejected: string, signal: AbortSignal): Promise<string | null> {
  if (credential.kind === "oauth") return credential.renew(rejected, signal);
  try {
    // A token cannot be refreshed, but it may have been rotated while the request was under way.
    const current = await credential.renew(rejected, signal);
    return current === rejected ? null : current;
  } catch (thrown) {
    // There is no grant that could be lost: what is wrong with a token, the answer itself says best.
    if (thrown instanceof SourceFailure) return null;
    throw thrown;
  }
}

export function whoOf({ dialect }: Pick<Session, "dialect">): string {
  return dialect?.who ?? "Atlassian";
}

export function backoff({ transport }: Session, firstMs: number, tries: number): number {
  const plain = Math.min(WAIT_MAX_MS, firstMs * 2 ** (tries - 1));
  return Math.round(plain * (0.7 + 0.6 * transport.random()));
}
