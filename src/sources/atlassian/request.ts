import type { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/errors.ts";
import type { Log } from "../../lib/log.ts";
import { type CredentialAccess, type SourceEvent, SourceFailure } from "../source.ts";
import { BodyTooLarge, parseJson, readBody } from "./body.ts";
import { authorizationOf, countsPoints, wordsOf } from "./credential.ts";
import { type Answer, type Asked, type Dialect, failureOf, isDisguisedRefusal, isMissingScope } from "./failures.ts";
import type { Limiter } from "./limiter.ts";
import { type RateSignals, readRateSignals } from "./rate-headers.ts";

/** Atlassian, "Rate limiting": at most 4 retries, from 5 s doubling to 30 s, jitter × 0.7–1.3. */
const RETRIES_MAX = 4;
const RATE_LIMIT_WAIT_MS = 5_000;
const WAIT_MAX_MS = 30_000;
/** A dropped connection or a 5xx is no rate limit: the first retry may come sooner. */
const FAULT_WAIT_MS = 500;
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

/** A read: all calls of this module may be repeated without changing anything at the source. */
export interface ReadCall<Body> extends Asked {
  method: "GET" | "POST";
  /** Below the session's base URL, ids already encoded. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  schema: z.ZodType<Body>;
  /** 3LO points of what came, beyond the 1 of the request itself (FACTS §8). */
  pointsOf(body: Body): number;
}

/** Atlassian, "Rate limiting": `RateLimit-Reason` says whether a quota is used up, and whose. */
type RefusedBy = "burst" | "tenant-quota" | "client-quota";

/** What one try came to: a body, or a failure with whether and when to try again. */
type Outcome<Body> =
  | { kind: "read"; body: Body }
  | { kind: "renew"; answer: Answer }
  | {
      kind: "refused";
      failure: SourceFailure;
      waitMs: number | null;
      refusedBy: RefusedBy;
      startedAt: number;
    }
  | { kind: "fault"; failure: SourceFailure }
  | { kind: "failed"; failure: SourceFailure };

/** Reads one page or one thing. Throws `SourceFailure`, or the signal's reason once it is aborted. */
export async function read<Body>(session: Session, call: ReadCall<Body>, signal: AbortSignal): Promise<Body> {
  let token = await session.credential.token(signal);
  let hasRenewed = false;
  let refusals = 0;
  let faults = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(session, call, token, attempt, signal);
    switch (outcome.kind) {
      case "read":
        return outcome.body;
      case "failed":
        throw outcome.failure;
      case "renew": {
        const other = hasRenewed ? null : await renewed(session, token, signal);
        if (other === null) throw failureOf(outcome.answer, call, session.credential, session.dialect);
        token = other;
        hasRenewed = true;
        break;
      }
      case "refused": {
        refusals += 1;
        if (refusals > (outcome.waitMs === null ? RETRIES_MAX : RATE_LIMIT_RETRIES_MAX)) throw outcome.failure;
        const waitMs = outcome.waitMs ?? backoff(session, RATE_LIMIT_WAIT_MS, refusals);
        const now = session.clock.now().getTime();
        const { client, own } = session.limitsOf(call.endpoint);
        const limiter = outcome.refusedBy === "client-quota" && client ? client : own;
        // The limiter waits, not this request: all who draw on the quota wait with it, and start together again.
        limiter.refused(waitMs, outcome.refusedBy === "burst" ? "rate-limited" : "quota", outcome.startedAt, now);
        break;
      }
      case "fault": {
        faults += 1;
        if (faults > RETRIES_MAX) throw outcome.failure;
        const waitMs = backoff(session, FAULT_WAIT_MS, faults);
        const untilAt = new Date(session.clock.now().getTime() + waitMs);
        session.observe({ kind: "wait", reason: "retry", quota: call.endpoint, untilAt, waitMs });
        await session.clock.sleep(waitMs, signal);
      }
    }
  }
}

async function tryOnce<Body>(
  session: Session,
  call: ReadCall<Body>,
  token: string,
  attempt: number,
  signal: AbortSignal,
): Promise<Outcome<Body>> {
  const { clock, credential } = session;
  const places = [];
  const { client, own, site } = session.limitsOf(call.endpoint);
  try {
    for (const limiter of [client, own, site]) if (limiter) places.push(await limiter.acquire(session, signal));
    const startedAt = clock.now().getTime();
    const tell = (status: number | null, points: number) => {
      if (status !== null) client?.spent(points, clock.now().getTime());
      session.observe({
        kind: "request",
        endpoint: call.endpoint,
        status,
        tookMs: clock.now().getTime() - startedAt,
        points: countsPoints(credential.kind) ? points : 0,
        credentialId: credential.id,
        attempt,
      });
    };
    let answer: Answer;
    try {
      answer = await send(session, call, token, signal);
    } catch (thrown) {
      tell(null, 0);
      signal.throwIfAborted();
      const failure = noAnswer(whoOf(session), call, thrown);
      return thrown instanceof BodyTooLarge ? { kind: "failed", failure } : { kind: "fault", failure };
    }
    const outcome = judge(session, call, answer, startedAt);
    tell(answer.status, 1 + (outcome.kind === "read" ? call.pointsOf(outcome.body) : 0));
    return outcome;
  } finally {
    for (const place of places) place.release();
  }
}

async function send<Body>(session: Session, call: ReadCall<Body>, token: string, signal: AbortSignal): Promise<Answer> {
  const query = call.query.size > 0 ? `?${call.query}` : "";
  const headers: Record<string, string> = { accept: "application/json" };
  // An empty token is nobody's: what anybody may ask is asked without showing a credential.
  if (token !== "") headers["authorization"] = authorizationOf(session.credential, token);
  if (call.body !== undefined) headers["content-type"] = "application/json";
  const stopper = new AbortController();
  const stop = () => stopper.abort(signal.reason);
  const timer = setTimeout(() => stopper.abort(new Error("No answer within 60 s.")), REQUEST_TIMEOUT_MS);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    const response = await session.transport.fetch(`${session.baseUrl}${call.path}${query}`, {
      method: call.method,
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
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

function judge<Body>(session: Session, call: ReadCall<Body>, answer: Answer, startedAt: number): Outcome<Body> {
  const now = session.clock.now().getTime();
  const signals = readRateSignals(answer.headers, now);
  const { status } = answer;
  const { dialect } = session;
  const failure = () => failureOf(answer, call, session.credential, dialect);

  if (status === 429 || (status === 503 && signals.retryAfterMs !== null) || dialect?.isRateLimit(answer)) {
    return refusal(session, call, answer, signals, startedAt);
  }
  learn(session.limitsOf(call.endpoint), signals, now);

  if (status === 401 && !isMissingScope(answer)) return { kind: "renew", answer };
  const isRefusal = isDisguisedRefusal(answer) || dialect?.isRefusal(answer, call);
  if (status >= 500 && !isRefusal) return { kind: "fault", failure: failure() };
  if (status === 408) return { kind: "fault", failure: failure() };
  if (status < 200 || status >= 300) return { kind: "failed", failure: failure() };
  if (!/\bjson\b/i.test(answer.contentType)) return { kind: "failed", failure: failure() };

  const json = parseJson(answer.text);
  if (json === undefined) return { kind: "fault", failure: failure() };
  const parsed = call.schema.safeParse(json);
  if (parsed.success) return { kind: "read", body: parsed.data };
  const wrong = parsed.error.issues[0];
  return {
    kind: "failed",
    failure: new SourceFailure(`${call.endpoint}: ${wrong?.path.map(String).join(".")}: ${wrong?.message}`, {
      code: "source.unexpected-answer",
      publicMessage: `${whoOf(session)}'s answer for ${call.what} does not have the documented form.`,
      fix: "Report this with the endpoint and the time: Usher has to learn the new form.",
      capability: call.capability,
      endpoint: call.endpoint,
      status,
    }),
  };
}

/** What an answer says of a quota goes to the limiter of that quota. */
function learn({ client, own, site }: Limits, { burst, quota, pointsPerHour }: RateSignals, now: number): void {
  const isOfClient = client !== null && quota !== null && !quota.name.includes("tenant");
  own.succeeded({ burst, quota: isOfClient ? null : quota }, now);
  client?.succeeded({ burst: null, quota: isOfClient ? quota : null }, now);
  client?.toldPoints(isOfClient ? quota.remaining : null, pointsPerHour, now);
  site?.succeeded({ burst: null, quota: null }, now);
}

function refusal<Body>(
  session: Session,
  call: ReadCall<Body>,
  answer: Answer,
  { retryAfterMs, burst }: RateSignals,
  startedAt: number,
): Outcome<Body> {
  if (retryAfterMs === Number.POSITIVE_INFINITY) {
    const failure = new SourceFailure(`${call.endpoint}: Retry-After ${answer.headers.get("retry-after")}`, {
      code: "source.blocked",
      publicMessage: `${whoOf(session)} has blocked the ${wordsOf(session.credential)}: it names no time after which to try again.`,
      fix: "Ask the site's administrator to lift the block, or use the credential of another account.",
      capability: call.capability,
      endpoint: call.endpoint,
      status: answer.status,
    });
    return { kind: "failed", failure };
  }
  const now = session.clock.now().getTime();
  const untilReset = burst?.resetAt && burst.resetAt > now ? burst.resetAt - now : null;
  const reason = answer.headers.get("ratelimit-reason") ?? "";
  const refusedBy = !/quota/i.test(reason) ? "burst" : /tenant/i.test(reason) ? "tenant-quota" : "client-quota";
  const failure = failureOf(answer, call, session.credential, session.dialect);
  return { kind: "refused", failure, waitMs: retryAfterMs ?? untilReset, refusedBy, startedAt };
}

/** After a 401: another token than the rejected one, or null when there is none to try. */
async function renewed({ credential }: Session, rejected: string, signal: AbortSignal): Promise<string | null> {
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

function whoOf({ dialect }: Session): string {
  return dialect?.who ?? "Atlassian";
}

function noAnswer(who: string, call: Asked, thrown: unknown): SourceFailure {
  const isTooLarge = thrown instanceof BodyTooLarge;
  const cause = thrown instanceof Error && thrown.cause ? `: ${messageOf(thrown.cause)}` : "";
  return new SourceFailure(`${call.endpoint}: ${messageOf(thrown)}${cause}`, {
    code: isTooLarge ? "source.unexpected-answer" : "source.unreachable",
    publicMessage: isTooLarge
      ? `${who}'s answer for ${call.what} is far larger than any page can be.`
      : `Usher could not reach ${who} to read ${call.what}: no answer came.`,
    fix: isTooLarge
      ? `Check that no proxy stands between Usher and ${who}.`
      : "Check the site's address, and that this machine may reach it (name resolution, firewall, proxy).",
    capability: call.capability,
    endpoint: call.endpoint,
    cause: thrown,
  });
}

function backoff({ transport }: Session, firstMs: number, tries: number): number {
  const plain = Math.min(WAIT_MAX_MS, firstMs * 2 ** (tries - 1));
  return Math.round(plain * (0.7 + 0.6 * transport.random()));
}
