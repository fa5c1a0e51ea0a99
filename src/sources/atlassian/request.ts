import type { z } from "zod";
import { messageOf } from "../../lib/errors.ts";
import { SourceFailure } from "../source.ts";
import { BodyTooLarge, parseJson } from "./body.ts";
import {
  backoff,
  holdBack,
  learn,
  type Refusal,
  refusal,
  renewed,
  RETRIES_MAX,
  type Sent,
  type Session,
  tryOnce,
  whoOf,
} from "./exchange.ts";
import { type Answer, type Asked, failureOf, isDisguisedRefusal, isMissingScope } from "./failures.ts";
import { readRateSignals } from "./rate-headers.ts";

/** A dropped connection or a 5xx is no rate limit: the first retry may come sooner. */
const FAULT_WAIT_MS = 500;

/** A read: all calls of this module may be repeated without changing anything at the source. */
export interface ReadCall<Body> extends Sent {
  method: "GET" | "POST";
  schema: z.ZodType<Body>;
  /** 3LO points of what came, beyond the 1 of the request itself (FACTS §8). */
  pointsOf(body: Body): number;
}

/** What one try came to: a body, or a failure with whether and when to try again. */
type Outcome<Body> =
  | { kind: "read"; body: Body }
  | { kind: "renew"; answer: Answer }
  | Refusal
  | { kind: "fault"; failure: SourceFailure }
  | { kind: "failed"; failure: SourceFailure };

/** Reads one page or one thing. Throws `SourceFailure`, or the signal's reason once it is aborted. */
export async function read<Body>(session: Session, call: ReadCall<Body>, signal: AbortSignal): Promise<Body> {
  const judge = {
    answered(answer: Answer, startedAt: number) {
      const outcome = judgeRead(session, call, answer, startedAt);
      return { outcome, points: 1 + (outcome.kind === "read" ? call.pointsOf(outcome.body) : 0) };
    },
    lost(thrown: unknown): Outcome<Body> {
      signal.throwIfAborted();
      const failure = noAnswer(whoOf(session), call, thrown);
      return thrown instanceof BodyTooLarge ? { kind: "failed", failure } : { kind: "fault", failure };
    },
  };
  let token = await session.credential.token(signal);
  let hasRenewed = false;
  let refusals = 0;
  let faults = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(session, call, { token, attempt }, judge, signal);
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
      case "refused":
        refusals += 1;
        holdBack(session, call.endpoint, outcome, refusals);
        break;
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

function judgeRead<Body>(session: Session, call: ReadCall<Body>, answer: Answer, startedAt: number): Outcome<Body> {
  const now = session.clock.now().getTime();
  const signals = readRateSignals(answer.headers, now);
  const { status } = answer;
  const { dialect } = session;
  const failure = () => failureOf(answer, call, session.credential, dialect);

  if (status === 429 || (status === 503 && signals.retryAfterMs !== null) || dialect?.isRateLimit(answer)) {
    return refusal(session, call, answer, startedAt);
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
