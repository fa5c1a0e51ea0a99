import type { z } from "zod";
import { messageOf } from "../../lib/errors.ts";
import { SourceFailure } from "../source.ts";
import { parseJson } from "./body.ts";
import { changeFailureOf, uncertain } from "./change-failures.ts";
import {
  holdBack,
  learn,
  type Refusal,
  refusal,
  renewed,
  type Sent,
  type Session,
  tryOnce,
  whoOf,
} from "./exchange.ts";
import { type Answer, isMissingScope } from "./failures.ts";
import { readRateSignals } from "./rate-headers.ts";

/** A write: once it may have been taken it is never sent again. */
export interface ChangeCall<Body> extends Sent {
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Null where the status alone says that it was made. */
  schema: z.ZodType<Body> | null;
}

/** 3LO points of a write, whatever it changes (FACTS §8). */
const POINTS = 1;

type Outcome<Body> =
  | { kind: "made"; body: Body | null }
  | { kind: "renew"; answer: Answer }
  | Refusal
  | { kind: "failed"; failure: SourceFailure };

/**
 * Makes one change. A 429, and a 401 for a token that can be renewed, come before anything was done: those are waited
 * for and sent again. After anything else it is not, and where nobody knows whether the change was made, it throws
 * "source.uncertain". Throws the signal's reason only while nothing was sent.
 */
export async function change<Body>(
  session: Session,
  call: ChangeCall<Body>,
  signal: AbortSignal,
): Promise<Body | null> {
  const judge = {
    answered: (answer: Answer, startedAt: number) => ({
      outcome: judgeChange(session, call, answer, startedAt),
      points: POINTS,
    }),
    lost: (thrown: unknown): Outcome<Body> => ({ kind: "failed", failure: noAnswer(session, call, thrown) }),
  };
  let token = await session.credential.token(signal);
  let hasRenewed = false;
  let refusals = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(session, call, { token, attempt }, judge, signal);
    switch (outcome.kind) {
      case "made":
        return outcome.body;
      case "failed":
        throw outcome.failure;
      case "renew": {
        const other = hasRenewed ? null : await renewed(session, token, signal);
        if (other === null) throw changeFailureOf(outcome.answer, call, session.credential, session.dialect);
        token = other;
        hasRenewed = true;
        break;
      }
      case "refused":
        refusals += 1;
        holdBack(session, call.endpoint, outcome, refusals);
    }
  }
}

function judgeChange<Body>(session: Session, call: ChangeCall<Body>, answer: Answer, startedAt: number): Outcome<Body> {
  const { status, contentType, text } = answer;
  const { dialect } = session;
  if (status === 429 || dialect?.isRateLimit(answer)) return refusal(session, call, answer, startedAt);
  const now = session.clock.now().getTime();
  learn(session.limitsOf(call.endpoint), readRateSignals(answer.headers, now), now);

  if (status === 401 && !isMissingScope(answer)) return { kind: "renew", answer };
  const failed = (): Outcome<Body> => ({
    kind: "failed",
    failure: changeFailureOf(answer, call, session.credential, dialect),
  });
  if (status < 200 || status >= 300) return failed();
  // A page for people is no word that anything was done: log-in pages and forms for a password come as 200 (TRAPS §3).
  if (/html/i.test(contentType) || /^\s*</.test(text)) return failed();
  if (call.schema === null) return { kind: "made", body: null };

  const parsed = call.schema.safeParse(parseJson(text));
  if (parsed.success) return { kind: "made", body: parsed.data };
  const why = `status ${status}, but its body has not the documented form: ${parsed.error.issues[0]?.message}`;
  return { kind: "failed", failure: uncertain(whoOf(session), call, why, { status }) };
}

/** Certificates are looked at before the first byte of a request is sent. */
const NOT_TRUSTED = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function noAnswer(session: Session, call: Sent, thrown: unknown): SourceFailure {
  const who = whoOf(session);
  const causes = causesOf(thrown);
  const why = [messageOf(thrown), ...causes.map(({ message }) => message)].join(": ");
  if (causes.length === 0 || !causes.every(cameBeforeSending)) return uncertain(who, call, why, { cause: thrown });
  return new SourceFailure(`${call.endpoint}: ${why}`, {
    code: "source.unreachable",
    publicMessage: `Usher could not reach ${who} to change ${call.what}: nothing was sent.`,
    fix: "Check the site's address, and that this machine may reach it (name resolution, firewall, proxy).",
    capability: call.capability,
    endpoint: call.endpoint,
    cause: thrown,
  });
}

/** The innermost causes; several addresses of one name may each fail in their own way. */
function causesOf(thrown: unknown): Error[] {
  if (thrown instanceof AggregateError) return thrown.errors.flatMap(causesOf);
  if (!(thrown instanceof Error)) return [];
  if (thrown.cause) return causesOf(thrown.cause);
  return "code" in thrown ? [thrown] : [];
}

/** The connection was never made, so that nothing can have been done. */
function cameBeforeSending(cause: Error & { syscall?: unknown; code?: unknown }): boolean {
  if (cause.syscall === "connect" || cause.syscall === "getaddrinfo") return true;
  return cause.code === "UND_ERR_CONNECT_TIMEOUT" || NOT_TRUSTED.test(String(cause.code));
}
