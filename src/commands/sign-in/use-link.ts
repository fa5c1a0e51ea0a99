import { ok, refuse, type Result } from "../../lib/result.ts";
import { lockOperator } from "../../store/operators.ts";
import { useSignInLink } from "../../store/sign-in/links.ts";
import type { Context } from "../context.ts";
import { countAttempt, forgetAttempts, type TooManyAttempts } from "./attempts.ts";
import { hashSecret } from "./secrets.ts";
import { startSession, type StartedSession } from "./start-session.ts";

export type UseLinkRefusal = { code: "link-not-valid" } | TooManyAttempts;

/** Signs in whoever the one-time link is for; it works this once. */
export async function signInByLink(
  { db, clock }: Pick<Context, "db" | "clock">,
  wish: { code: string; address: string; userAgent: string | null },
): Promise<Result<StartedSession, UseLinkRefusal>> {
  const attempt = { address: wish.address, email: null };
  const counted = await countAttempt({ db, clock }, attempt);
  if (!counted.ok) return counted;
  const session = await db.transaction(async (tx) => {
    const at = clock.now();
    const link = await useSignInLink(tx, "sign-in", { codeHash: hashSecret(wish.code) }, at);
    const operator = link?.operatorId ? await lockOperator(tx, link.operatorId) : null;
    if (!operator || operator.endedAt) return null;
    return startSession(tx, { operatorId: operator.id, through: "link", userAgent: wish.userAgent, at });
  });
  if (session === null) return refuse({ code: "link-not-valid" });
  await forgetAttempts({ db, clock }, attempt);
  return ok(session);
}
