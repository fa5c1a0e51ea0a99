import { LINK_LIFE_MS, type SignInLinkKind } from "../../model/sessions.ts";
import type { Tx } from "../../store/database.ts";
import { countAdmins, ensurePerson, lockAdmins, saveOperator } from "../../store/operators.ts";
import { insertSignInLink } from "../../store/sign-in/links.ts";
import type { Context } from "../context.ts";
import { hashSecret, makeSecret } from "./secrets.ts";

/** A link's code is in this answer and nowhere else, ever again. */
export interface MadeLink {
  id: string;
  code: string;
  expiresAt: Date;
}

/** Makes a link of a kind, as part of the command that gives it to somebody. */
export async function makeLink(
  tx: Tx,
  link: { kind: SignInLinkKind; operatorId: string | null; madeBy: string | null; at: Date },
): Promise<MadeLink> {
  const code = makeSecret();
  const expiresAt = new Date(link.at.getTime() + LINK_LIFE_MS[link.kind]);
  const id = await insertSignInLink(tx, { ...link, codeHash: hashSecret(code), expiresAt });
  return { id, code, expiresAt };
}

/**
 * The code by which the first admin is made, for whoever reads the screen of a start; null once somebody is an admin.
 * Each start tells another one, and all die with the first that is used.
 */
export function createFirstAdminCode({ db, clock }: Pick<Context, "db" | "clock">): Promise<string | null> {
  return db.transaction(async (tx) => {
    if ((await countAdmins(tx)) > 0) return null;
    const { code } = await makeLink(tx, { kind: "first-admin", operatorId: null, madeBy: null, at: clock.now() });
    return code;
  });
}

/** A link that signs this person in, made an admin before, for whoever starts Usher on its own machine. */
export function createSignInLink(
  { db, clock }: Pick<Context, "db" | "clock">,
  person: { name: string; email: string },
): Promise<string> {
  return db.transaction(async (tx) => {
    const at = clock.now();
    await lockAdmins(tx);
    const found = await ensurePerson(tx, { ...person, roles: ["admin"] }, at);
    const isAdmin = found.endedAt === null && found.roles.includes("admin");
    const operator = isAdmin ? found : await saveOperator(tx, { ...found, endedAt: null, roles: ["admin"] });
    const { code, expiresAt } = await makeLink(tx, { kind: "sign-in", operatorId: operator.id, madeBy: null, at });
    tx.record({
      actorId: operator.id,
      through: "setup",
      entry: "sign-in-link.made",
      subjectId: operator.id,
      detail: { expiresAt: expiresAt.toISOString() },
    });
    return code;
  });
}
