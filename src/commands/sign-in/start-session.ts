import { SESSION_MAX_MS, type SignInWay } from "../../model/sessions.ts";
import type { Tx } from "../../store/database.ts";
import { insertSession } from "../../store/sign-in/sessions.ts";
import { hashSecret, makeSecret } from "./secrets.ts";

/** A session that has just begun. */
export interface StartedSession {
  id: string;
  operatorId: string;
  /** What the browser's cookie holds; it is told once. */
  secret: string;
  endsAt: Date;
}

/** Longer names of browsers are cut. */
const USER_AGENT_MAX = 300;

/** Begins a session as part of the command that let somebody in. */
export async function startSession(
  tx: Tx,
  session: {
    operatorId: string;
    through: SignInWay;
    userAgent: string | null;
    at: Date;
    /** What else is worth telling of it, ids and plain values only. */
    detail?: Record<string, unknown>;
  },
): Promise<StartedSession> {
  const { operatorId, through, at } = session;
  const secret = makeSecret();
  const endsAt = new Date(at.getTime() + SESSION_MAX_MS);
  const userAgent = session.userAgent?.slice(0, USER_AGENT_MAX) ?? null;
  const id = await insertSession(tx, { operatorId, secretHash: hashSecret(secret), through, userAgent, at, endsAt });
  tx.record({
    actorId: operatorId,
    through: "web",
    entry: "session.started",
    subjectId: id,
    detail: { operatorId, through, ...session.detail },
    personal: userAgent === null ? undefined : { userAgent },
  });
  return { id, operatorId, secret, endsAt };
}
