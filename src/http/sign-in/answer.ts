import { scopesInBoth, scopesOfRoles } from "../../model/roles.ts";
import { covers } from "../../model/scopes.ts";
import { ownsConnections } from "../../store/connection-owners.ts";
import { findOperator, type Operator } from "../../store/operators.ts";
import type { Reader } from "../../store/database.ts";
import { findPasswordHash } from "../../store/sign-in/passwords.ts";
import { findSession, idleEndOf } from "../../store/sign-in/sessions.ts";
import { findToken } from "../../store/tokens.ts";
import type { Caller } from "../route.ts";

/** The session as its own browser is told of it. */
export async function sessionAnswer(reader: Reader, sessionId: string) {
  const session = await findSession(reader, sessionId);
  if (!session) throw new Error(`The session ${sessionId} is gone within its own request.`);
  const { id, through, createdAt, endsAt } = session;
  return {
    ...(await operatorPart(reader, session.operatorId, ["*"])),
    id,
    through,
    signedInAt: createdAt,
    endsAt,
    idleEndsAt: idleEndOf(session),
  };
}

/** The same for whoever asks by a token. */
export async function tokenAnswer(reader: Reader, { operatorId, tokenId }: Caller) {
  const token = await findToken(reader, tokenId ?? "");
  if (!token) throw new Error("The caller's token is gone within its own request.");
  return {
    ...(await operatorPart(reader, operatorId, token.scopes)),
    id: null,
    through: "token" as const,
    signedInAt: token.createdAt,
    endsAt: token.expiresAt,
    idleEndsAt: null,
  };
}

async function operatorPart(reader: Reader, operatorId: string, held: readonly string[]) {
  const operator = await findOperator(reader, operatorId);
  if (!operator) throw new Error(`The operator ${operatorId} is gone within its own request.`);
  const [hash, owns] = await Promise.all([
    findPasswordHash(reader, operatorId),
    operator.email === null ? false : ownsConnections(reader, operator.email),
  ]);
  return {
    operator,
    roles: operator.roles,
    scopes: scopesNow(operator, held),
    ownsConnections: owns && covers(held, "connections:read"),
    hasPassword: hash !== null,
  };
}

/** A person may do no more than their roles, whatever their token says; a service account is what its tokens say. */
export function scopesNow({ kind, roles }: Pick<Operator, "kind" | "roles">, held: readonly string[]): string[] {
  return kind === "person" ? scopesInBoth(held, scopesOfRoles(roles)) : [...held];
}
