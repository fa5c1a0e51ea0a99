import { ok, refuse, type Result } from "../../lib/result.ts";
import { coversRoles } from "../../model/roles.ts";
import { countAdmins, lockAdmins, lockOperator, type Operator, saveOperator } from "../../store/operators.ts";
import { endSignInLinks } from "../../store/sign-in/links.ts";
import { deletePassword } from "../../store/sign-in/passwords.ts";
import { endSessions } from "../../store/sign-in/sessions.ts";
import { revokeTokensOf } from "../../store/tokens.ts";
import type { Context } from "../context.ts";

/** From now on nothing of this operator opens anything: sessions, tokens, links and password end together. */
export function endOperator(
  { db, clock, actor }: Context,
  heldScopes: readonly string[],
  operatorId: string,
): Promise<Result<Operator, "no-such-operator" | "role-not-held" | "last-admin" | "own-account">> {
  return db.transaction(async (tx) => {
    await lockAdmins(tx);
    const operator = await lockOperator(tx, operatorId);
    if (!operator) return refuse("no-such-operator");
    if (operator.endedAt !== null) return ok(operator);
    if (operatorId === actor.operatorId) return refuse("own-account");
    if (!coversRoles(heldScopes, operator.roles)) return refuse("role-not-held");
    const isAdmin = operator.kind === "person" && operator.roles.includes("admin");
    if (isAdmin && (await countAdmins(tx)) === 1) return refuse("last-admin");

    const at = clock.now();
    const ended = await saveOperator(tx, { ...operator, endedAt: at });
    const sessionIds = await endSessions(tx, { operatorId }, "operator-ended", at);
    const tokenIds = await revokeTokensOf(tx, operatorId, at);
    await endSignInLinks(tx, operatorId, at);
    await deletePassword(tx, operatorId);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "operator.ended",
      subjectId: operatorId,
      detail: { sessionIds, tokenIds },
    });
    return ok(ended);
  });
}
