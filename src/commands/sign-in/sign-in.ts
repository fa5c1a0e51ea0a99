import { ok, refuse, type Result } from "../../lib/result.ts";
import { findPasswordHash, findPasswordHolder } from "../../store/sign-in/passwords.ts";
import { lockOperator } from "../../store/operators.ts";
import type { Context } from "../context.ts";
import { countAttempt, forgetAttempts, type TooManyAttempts } from "./attempts.ts";
import { isPassword } from "./password-hash.ts";
import { startSession, type StartedSession } from "./start-session.ts";

export interface SignInWish {
  email: string;
  password: string;
  address: string;
  userAgent: string | null;
  /** False: the installation lets nobody in by a password. */
  isPasswordAllowed: boolean;
}

export type SignInRefusal = { code: "not-signed-in" } | TooManyAttempts;

/**
 * Lets a person in by e-mail and password. Every wrong combination is refused by the same words and costs the same work,
 * so that nobody learns who is known here.
 */
export async function signIn(
  { db, clock }: Pick<Context, "db" | "clock">,
  wish: SignInWish,
): Promise<Result<StartedSession, SignInRefusal>> {
  const counted = await countAttempt({ db, clock }, wish);
  if (!counted.ok) return counted;

  const holder = await findPasswordHolder(db, wish.email);
  const isRight = await isPassword(wish.password, holder?.hash ?? null);
  const session = await db.transaction(async (tx) => {
    const at = clock.now();
    const operator = isRight && holder && wish.isPasswordAllowed ? await lockOperator(tx, holder.operatorId) : null;
    // The password may have been changed, and the person ended, while it was compared.
    const isStill = operator !== null && (await findPasswordHash(tx, operator.id)) === holder?.hash;
    if (operator && isStill && operator.endedAt === null) {
      return startSession(tx, { operatorId: operator.id, through: "password", userAgent: wish.userAgent, at });
    }
    tx.record({
      actorId: holder?.operatorId ?? "nobody",
      through: "web",
      entry: "session.refused",
      subjectId: holder?.operatorId ?? null,
      detail: { through: "password", reason: reasonOf(holder, isRight, wish) },
      personal: { email: wish.email, address: wish.address },
    });
    return null;
  });
  if (session === null) return refuse({ code: "not-signed-in" });
  await forgetAttempts({ db, clock }, wish);
  return ok(session);
}

/** For the journal alone: whoever tried is told none of it. */
function reasonOf(
  holder: { endedAt: Date | null; hash: string | null } | null,
  isRight: boolean,
  { isPasswordAllowed }: SignInWish,
): string {
  if (holder === null) return "unknown-email";
  if (!isPasswordAllowed) return "password-not-allowed";
  if (holder.endedAt) return "operator-ended";
  if (holder.hash === null) return "no-password";
  return isRight ? "changed-meanwhile" : "wrong-password";
}
