import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SignInSettings } from "../../model/sign-in-settings.ts";
import {
  CLIENT_SECRET_PLACE,
  lockSignInSettings,
  type SavedSignInSettings,
  saveSignInSettings,
} from "../../store/sign-in/settings.ts";
import type { Context } from "../context.ts";

export type ChangeSignInRefusal = "stale-revision" | "no-way-in" | "secret-needed";

/** `clientSecret` null keeps the one there is; a secret that was entered for one provider is never sent to another. */
export function changeSignInSettings(
  { db, clock, secrets, actor }: Context,
  revision: number | null,
  wish: SignInSettings & { clientSecret: string | null },
): Promise<Result<SavedSignInSettings, ChangeSignInRefusal>> {
  return db.transaction(async (tx) => {
    const before = await lockSignInSettings(tx);
    if (revision !== null && revision !== before.revision) return refuse("stale-revision");
    if (!wish.passwords && wish.sso === null) return refuse("no-way-in");
    const isSameClient = before.sso?.issuer === wish.sso?.issuer && before.sso?.clientId === wish.sso?.clientId;
    const kept = isSameClient ? before.clientSecret : null;
    const given = wish.clientSecret === null ? null : secrets.seal(CLIENT_SECRET_PLACE, wish.clientSecret);
    if (wish.sso !== null && given === null && kept === null) return refuse("secret-needed");

    const after = {
      passwords: wish.passwords,
      sso: wish.sso,
      clientSecret: wish.sso === null ? null : (given ?? kept),
      revision: before.revision + 1,
    };
    await saveSignInSettings(tx, after, actor.operatorId, clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "sign-in-settings.changed",
      subjectId: null,
      detail: {
        before: { passwords: before.passwords, sso: before.sso },
        after: { passwords: after.passwords, sso: after.sso },
        isSecretChanged: given !== null,
      },
    });
    return ok(after);
  });
}
