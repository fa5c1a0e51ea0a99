import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Role } from "../../model/roles.ts";
import type { SsoIdentity, SsoSettings } from "../../model/sign-in-settings.ts";
import { rolesByGroups } from "../../rules/sign-in/roles-by-groups.ts";
import type { Tx } from "../../store/database.ts";
import {
  countAdmins,
  findPersonByEmail,
  insertPerson,
  lockAdmins,
  lockOperator,
  type Operator,
  saveOperator,
} from "../../store/operators.ts";
import { findIdentity, hasIdentity, insertIdentity } from "../../store/sign-in/identities.ts";
import { saveSignOutUrl, signOutPlace } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";
import { startSession, type StartedSession } from "./start-session.ts";

export interface SsoWish {
  identity: SsoIdentity;
  settings: SsoSettings;
  /** Where the provider signs them out; null where it has no such place. */
  signOutUrl: string | null;
  address: string;
  userAgent: string | null;
}

/** `other-subject`: the e-mail is of somebody who is another subject at this provider. */
export type SsoRefusal = "unknown-person" | "other-subject" | "operator-ended" | "no-role";

/**
 * Lets in whoever the provider vouches for. They are found by what the provider calls them; the first time by an e-mail
 * that it has verified; or are made, where that is allowed. Roles that groups give are given anew each time.
 */
export async function signInBySso(
  { db, clock, secrets }: Pick<Context, "db" | "clock" | "secrets">,
  wish: SsoWish,
): Promise<Result<StartedSession, SsoRefusal>> {
  const { identity, settings } = wish;
  return db.transaction(async (tx) => {
    const at = clock.now();
    await lockAdmins(tx);
    const found = await findOrMake(tx, wish, at);
    if (!found.ok) return refuse(recordRefusal(tx, wish, null, found.error));
    const operator = found.value;
    if (operator.endedAt) return refuse(recordRefusal(tx, wish, operator.id, "operator-ended"));
    const mapped = rolesByGroups(settings, identity.groups);
    const roles = mapped === null ? operator.roles : await giveRoles(tx, operator, mapped);
    if (roles.length === 0) return refuse(recordRefusal(tx, wish, operator.id, "no-role"));

    const { userAgent } = wish;
    const detail = { issuer: identity.issuer };
    const session = await startSession(tx, { operatorId: operator.id, through: "sso", userAgent, at, detail });
    if (wish.signOutUrl !== null) {
      await saveSignOutUrl(tx, session.id, secrets.seal(signOutPlace(session.id), wish.signOutUrl));
    }
    return ok(session);
  });
}

async function findOrMake(
  tx: Tx,
  { identity, settings }: SsoWish,
  at: Date,
): Promise<Result<Operator, "unknown-person" | "other-subject" | "no-role">> {
  const { issuer, subject, verifiedEmail, name } = identity;
  const knownId = await findIdentity(tx, issuer, subject);
  const known = knownId === null ? null : await lockOperator(tx, knownId);
  if (known) return ok(known);

  const namesake = verifiedEmail === null ? null : await findPersonByEmail(tx, verifiedEmail);
  // A mailbox that was given to somebody else does not make them the one who had it.
  if (namesake && (await hasIdentity(tx, issuer, namesake.id))) return refuse("other-subject");
  if (!namesake && !settings.createsPeople) return refuse("unknown-person");
  const roles = rolesByGroups(settings, identity.groups) ?? (settings.defaultRole ? [settings.defaultRole] : []);
  if (!namesake && roles.length === 0) return refuse("no-role");

  const person = { name: name ?? verifiedEmail ?? subject, email: verifiedEmail, roles };
  const operator = namesake ?? (await insertPerson(tx, person, at));
  await insertIdentity(tx, { issuer, subject, operatorId: operator.id, at });
  tx.record({
    actorId: operator.id,
    through: "web",
    entry: namesake ? "operator.linked" : "operator.made",
    subjectId: operator.id,
    detail: { issuer, roles: operator.roles },
    personal: { subject, name: operator.name, email: operator.email },
  });
  return ok(operator);
}

/** The last admin stays one, whatever the groups say: nobody could set right what is wrong with them. */
async function giveRoles(tx: Tx, operator: Operator, mapped: readonly Role[]): Promise<string[]> {
  const losesAdmin = operator.roles.includes("admin") && !mapped.includes("admin");
  const isLast = losesAdmin && (await countAdmins(tx)) === 1;
  const roles: string[] = isLast ? [...mapped, "admin"] : [...mapped];
  if (roles.toSorted().join() === operator.roles.toSorted().join()) return roles;
  await saveOperator(tx, { ...operator, roles });
  tx.record({
    actorId: operator.id,
    through: "web",
    entry: "operator.changed",
    subjectId: operator.id,
    detail: {
      before: { roles: operator.roles },
      after: { roles },
      by: "groups",
      ...(isLast ? { isLastAdmin: true } : {}),
    },
  });
  return roles;
}

function recordRefusal(
  tx: Tx,
  { identity, address }: SsoWish,
  operatorId: string | null,
  reason: SsoRefusal,
): SsoRefusal {
  const { issuer, subject, verifiedEmail } = identity;
  tx.record({
    actorId: operatorId ?? "nobody",
    through: "web",
    entry: "session.refused",
    subjectId: operatorId,
    detail: { through: "sso", issuer, reason },
    personal: { subject, email: verifiedEmail, address },
  });
  return reason;
}
