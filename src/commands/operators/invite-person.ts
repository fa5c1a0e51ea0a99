import { ok, refuse, type Result } from "../../lib/result.ts";
import { coversRoles, type Role } from "../../model/roles.ts";
import type { Tx } from "../../store/database.ts";
import { queueMessage } from "../../store/messages.ts";
import {
  ensurePerson,
  findPersonByEmail,
  lockAdmins,
  lockOperator,
  type Operator,
  saveOperator,
} from "../../store/operators.ts";
import { endSignInLinks } from "../../store/sign-in/links.ts";
import { deletePassword } from "../../store/sign-in/passwords.ts";
import { endSessions } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";
import { makeLink } from "../sign-in/make-link.ts";

/** Where a link to set a password went. */
export interface Invitation {
  operator: Operator;
  isMailed: boolean;
  /** Null where it is mailed: then nobody but its receiver sees it. */
  code: string | null;
  expiresAt: Date;
}

export interface Inviter {
  /** What whoever invites may do. */
  heldScopes: readonly string[];
  /** A mail server is set. */
  isMailSet: boolean;
}

/** Makes a person, who sets a password by a link; nobody gives a role that may do what they may not. */
export function invitePerson(
  { db, clock, actor }: Context,
  { heldScopes, isMailSet }: Inviter,
  person: { name: string; email: string; roles: readonly Role[] },
): Promise<Result<Invitation, "person-exists" | "role-not-held">> {
  return db.transaction(async (tx) => {
    if (!coversRoles(heldScopes, person.roles)) return refuse("role-not-held");
    const at = clock.now();
    await lockAdmins(tx);
    if (await findPersonByEmail(tx, person.email)) return refuse("person-exists");
    const roles = [...new Set(person.roles)];
    const operator = await ensurePerson(tx, { ...person, roles }, at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "operator.invited",
      subjectId: operator.id,
      detail: { roles, isMailed: isMailSet },
      personal: { name: person.name, email: person.email },
    });
    return ok(await sendLink(tx, operator, { madeBy: actor.operatorId, isMailSet, at }));
  });
}

/** Lets a person set a new password: what they had ends at once. One who had ended is let in again. */
export function resetOperator(
  { db, clock, actor }: Context,
  { heldScopes, isMailSet }: Inviter,
  operatorId: string,
): Promise<Result<Invitation, "no-such-operator" | "not-a-person" | "role-not-held">> {
  return db.transaction(async (tx) => {
    const found = await lockOperator(tx, operatorId);
    if (!found) return refuse("no-such-operator");
    if (found.kind !== "person") return refuse("not-a-person");
    if (!coversRoles(heldScopes, found.roles)) return refuse("role-not-held");
    const at = clock.now();
    const operator = found.endedAt === null ? found : await saveOperator(tx, { ...found, endedAt: null });
    await deletePassword(tx, operatorId);
    await endSignInLinks(tx, operatorId, at);
    const endedSessionIds = await endSessions(tx, { operatorId }, "reset", at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "operator.reset",
      subjectId: operatorId,
      detail: { endedSessionIds, wasEnded: found.endedAt !== null, isMailed: isMailSet },
    });
    return ok(await sendLink(tx, operator, { madeBy: actor.operatorId, isMailSet, at }));
  });
}

async function sendLink(
  tx: Tx,
  operator: Operator,
  { madeBy, isMailSet, at }: { madeBy: string; isMailSet: boolean; at: Date },
): Promise<Invitation> {
  const link = await makeLink(tx, { kind: "welcome", operatorId: operator.id, madeBy, at });
  const { expiresAt } = link;
  if (!isMailSet || operator.email === null) return { operator, isMailed: false, code: link.code, expiresAt };
  await queueMessage(tx, {
    channel: "mail",
    kind: "welcome",
    recipient: operator.email,
    subjectId: operator.id,
    // The link is signed when the mail is written: what is kept here opens nothing.
    data: { name: operator.name, linkId: link.id, operatorId: operator.id, expiresAt: expiresAt.toISOString() },
    dedupeKey: null,
    at,
  });
  return { operator, isMailed: true, code: null, expiresAt };
}
