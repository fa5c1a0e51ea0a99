import { ok, refuse, type Result } from "../../lib/result.ts";
import { findOperator, lockOperator } from "../../store/operators.ts";
import { endSignInLinks, findLivingLink, type LinkKey, useSignInLink } from "../../store/sign-in/links.ts";
import { findPasswordHash, savePassword } from "../../store/sign-in/passwords.ts";
import { endSessions } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";
import { countAttempt, forgetAttempts, type TooManyAttempts } from "./attempts.ts";
import { flawOfPassword } from "./check-password.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import { startSession, type StartedSession } from "./start-session.ts";

interface WeakPassword {
  code: "weak-password";
  flaw: string;
}

export type WelcomeRefusal = { code: "link-not-valid" } | WeakPassword | TooManyAttempts;

/** Sets the password of whoever was invited, or whose sign-in was reset, and signs them in. The link works once. */
export async function welcome(
  { db, clock }: Pick<Context, "db" | "clock">,
  wish: { key: LinkKey; password: string; address: string; userAgent: string | null },
): Promise<Result<StartedSession, WelcomeRefusal>> {
  const attempt = { address: wish.address, email: null };
  const counted = await countAttempt({ db, clock }, attempt);
  if (!counted.ok) return counted;
  const link = await findLivingLink(db, "welcome", wish.key, clock.now());
  const person = link?.operatorId ? await findOperator(db, link.operatorId) : null;
  if (!person) return refuse({ code: "link-not-valid" });
  await forgetAttempts({ db, clock }, attempt);
  const flaw = flawOfPassword(wish.password, { name: person.name, email: person.email ?? "" });
  if (flaw !== null) return refuse({ code: "weak-password", flaw });

  const hash = await hashPassword(wish.password);
  return db.transaction(async (tx) => {
    const at = clock.now();
    const operator = await lockOperator(tx, person.id);
    if (!operator || operator.endedAt) return refuse({ code: "link-not-valid" });
    if (!(await useSignInLink(tx, "welcome", wish.key, at))) return refuse({ code: "link-not-valid" });
    await savePassword(tx, operator.id, hash, at);
    await endSignInLinks(tx, operator.id, at);
    const endedSessionIds = await endSessions(tx, { operatorId: operator.id }, "password-changed", at);
    tx.record({
      actorId: operator.id,
      through: "web",
      entry: "password.set",
      subjectId: operator.id,
      detail: { endedSessionIds },
    });
    return ok(await startSession(tx, { operatorId: operator.id, through: "link", userAgent: wish.userAgent, at }));
  });
}

export type ChangePasswordRefusal = { code: "wrong-password" } | WeakPassword | TooManyAttempts;

/** Changes the password of whoever is signed in, who knows the one they have; their other sessions end. */
export async function changePassword(
  { db, clock, actor }: Context,
  wish: { current: string; password: string; sessionId: string; address: string },
): Promise<Result<void, ChangePasswordRefusal>> {
  const person = await findOperator(db, actor.operatorId);
  if (!person) throw new Error(`The operator ${actor.operatorId} is gone within its own request.`);
  const attempt = { address: wish.address, email: person.email ?? person.id };
  const counted = await countAttempt({ db, clock }, attempt);
  if (!counted.ok) return counted;
  const before = await findPasswordHash(db, person.id);
  if (!(await isPassword(wish.current, before))) return refuse({ code: "wrong-password" });
  await forgetAttempts({ db, clock }, attempt);
  const flaw = flawOfPassword(wish.password, { name: person.name, email: person.email ?? "" });
  if (flaw !== null) return refuse({ code: "weak-password", flaw });

  const hash = await hashPassword(wish.password);
  return db.transaction(async (tx) => {
    const at = clock.now();
    await lockOperator(tx, person.id);
    // Reset or changed by another session meanwhile: then the current one is no longer that.
    if ((await findPasswordHash(tx, person.id)) !== before) return refuse({ code: "wrong-password" });
    await savePassword(tx, person.id, hash, at);
    await endSignInLinks(tx, person.id, at);
    const which = { operatorId: person.id, exceptId: wish.sessionId };
    const endedSessionIds = await endSessions(tx, which, "password-changed", at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "password.changed",
      subjectId: person.id,
      detail: { endedSessionIds },
    });
    return ok(undefined);
  });
}
