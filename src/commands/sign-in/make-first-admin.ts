import { ok, refuse, type Result } from "../../lib/result.ts";
import { countAdmins, ensurePerson, lockAdmins, saveOperator } from "../../store/operators.ts";
import { endSignInLinks, findLivingLink, useSignInLink } from "../../store/sign-in/links.ts";
import { savePassword } from "../../store/sign-in/passwords.ts";
import type { Context } from "../context.ts";
import { countAttempt, forgetAttempts, type TooManyAttempts } from "./attempts.ts";
import { flawOfPassword } from "./check-password.ts";
import { hashPassword } from "./password-hash.ts";
import { hashSecret } from "./secrets.ts";
import { startSession, type StartedSession } from "./start-session.ts";

export interface FirstAdminWish {
  code: string;
  name: string;
  email: string;
  password: string;
  address: string;
  userAgent: string | null;
}

export type FirstAdminRefusal =
  | { code: "has-admin" | "code-not-valid" }
  | { code: "weak-password"; flaw: string }
  | TooManyAttempts;

/** Makes the first person who may do everything, by the code that the start printed, and signs them in. */
export async function makeFirstAdmin(
  { db, clock }: Pick<Context, "db" | "clock">,
  wish: FirstAdminWish,
): Promise<Result<StartedSession, FirstAdminRefusal>> {
  if ((await countAdmins(db)) > 0) return refuse({ code: "has-admin" });
  const attempt = { address: wish.address, email: null };
  const counted = await countAttempt({ db, clock }, attempt);
  if (!counted.ok) return counted;
  const key = { codeHash: hashSecret(wish.code) };
  if (!(await findLivingLink(db, "first-admin", key, clock.now()))) return refuse({ code: "code-not-valid" });
  await forgetAttempts({ db, clock }, attempt);
  const flaw = flawOfPassword(wish.password, wish);
  if (flaw !== null) return refuse({ code: "weak-password", flaw });

  const hash = await hashPassword(wish.password);
  return db.transaction(async (tx) => {
    const at = clock.now();
    await lockAdmins(tx);
    if ((await countAdmins(tx)) > 0) return refuse({ code: "has-admin" });
    if (!(await useSignInLink(tx, "first-admin", key, at))) return refuse({ code: "code-not-valid" });

    const found = await ensurePerson(tx, { name: wish.name, email: wish.email, roles: ["admin"] }, at);
    const roles = [...new Set([...found.roles, "admin"])];
    await saveOperator(tx, { ...found, name: wish.name, endedAt: null, roles });
    await savePassword(tx, found.id, hash, at);
    await endSignInLinks(tx, null, at);
    tx.record({
      actorId: found.id,
      through: "setup",
      entry: "operator.first-admin",
      subjectId: found.id,
      detail: { roles },
      personal: { name: wish.name, email: wish.email },
    });
    return ok(await startSession(tx, { operatorId: found.id, through: "password", userAgent: wish.userAgent, at }));
  });
}
