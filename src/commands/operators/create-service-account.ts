import { ok, refuse, type Result } from "../../lib/result.ts";
import { insertServiceAccount, type Operator } from "../../store/operators.ts";
import type { Context } from "../context.ts";

/** A service account has no roles: each of its tokens says what it may do. */
export function createServiceAccount(
  { db, clock, actor }: Context,
  name: string,
): Promise<Result<Operator, "name-taken">> {
  return db.transaction(async (tx) => {
    const made = await insertServiceAccount(tx, name, clock.now());
    if (!made) return refuse("name-taken");
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "service-account.created",
      subjectId: made.id,
      personal: { name },
    });
    return ok(made);
  });
}
