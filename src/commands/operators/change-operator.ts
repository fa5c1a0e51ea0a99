import { ok, refuse, type Result } from "../../lib/result.ts";
import { coversRoles, type Role } from "../../model/roles.ts";
import { StoreFailure } from "../../store/database.ts";
import { countAdmins, lockAdmins, lockOperator, type Operator, saveOperator } from "../../store/operators.ts";
import type { Context } from "../context.ts";

export type ChangeOperatorRefusal =
  | "no-such-operator"
  | "not-a-person"
  | "role-not-held"
  | "last-admin"
  | "name-taken"
  | "stale-revision";

/** What is left out stays. Roles count from the next request on, also of tokens and sessions that there are. */
export function changeOperator(
  { db, actor }: Context,
  heldScopes: readonly string[],
  operatorId: string,
  revision: number | null,
  change: { name?: string; roles?: readonly Role[] },
): Promise<Result<Operator, ChangeOperatorRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<Operator, ChangeOperatorRefusal>> => {
    await lockAdmins(tx);
    const before = await lockOperator(tx, operatorId);
    if (!before) return refuse("no-such-operator");
    if (revision !== null && revision !== before.revision) return refuse("stale-revision");
    if (before.kind !== "person" && change.roles) return refuse("not-a-person");
    const roles = change.roles ? [...new Set(change.roles)] : before.roles;
    if (!coversRoles(heldScopes, [...before.roles, ...roles])) return refuse("role-not-held");
    const losesAdmin = before.kind === "person" && before.roles.includes("admin") && !roles.includes("admin");
    if (losesAdmin && before.endedAt === null && (await countAdmins(tx)) === 1) return refuse("last-admin");

    const after = await saveOperator(tx, { ...before, name: change.name ?? before.name, roles });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "operator.changed",
      subjectId: operatorId,
      detail: { before: { roles: before.roles }, after: { roles } },
      personal: change.name === undefined ? undefined : { before: before.name, after: after.name },
    });
    return ok(after);
  });
  return work.catch((thrown: unknown) => {
    if (thrown instanceof StoreFailure && thrown.constraint === "operators_service_account_name") {
      return refuse("name-taken" as const);
    }
    throw thrown;
  });
}
