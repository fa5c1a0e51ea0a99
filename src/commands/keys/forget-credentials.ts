import { deleteKeysCheck, forgetSecrets, listSealedSecrets } from "../../store/keys-check.ts";
import { CLIENT_SECRET_PLACE, forgetSignInSecrets, lockSignInSettings } from "../../store/sign-in/settings.ts";
import type { Context } from "../context.ts";
import { opens } from "./check-keys.ts";

/**
 * After the key file was lost: forgets every secret that these keys do not open, and lets them be the installation's.
 * What the credentials are for stays, and each asks to be entered again. Gives the ids of those that were forgotten.
 */
export function forgetCredentials({ db, clock, secrets, actor }: Context): Promise<string[]> {
  return db.transaction(async (tx) => {
    const sealed = await listSealedSecrets(tx);
    const lost = sealed.filter((each) => !opens(secrets, each.place, each.sealed)).map((each) => each.credentialId);
    const credentialIds = [...new Set(lost)];
    await forgetSecrets(tx, credentialIds, clock.now());
    const { clientSecret } = await lockSignInSettings(tx);
    if (clientSecret !== null && !opens(secrets, CLIENT_SECRET_PLACE, clientSecret)) await forgetSignInSecrets(tx);
    await deleteKeysCheck(tx);
    if (credentialIds.length === 0) return [];
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "credentials.forgotten", subjectId: null, detail: { credentialIds } });
    return credentialIds;
  });
}
