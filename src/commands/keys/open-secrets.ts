import { Fault } from "../../lib/errors.ts";
import { readKeyFile } from "../../lib/key-file.ts";
import { createSecretBox, type SecretBox } from "../../lib/secret-box.ts";
import type { Settings } from "../../lib/settings.ts";
import { findKeysCheck, listSealedSecrets } from "../../store/keys-check.ts";
import type { Context } from "../context.ts";
import { checkKeys } from "./check-keys.ts";
import { forgetCredentials } from "./forget-credentials.ts";

/** The keys that this installation seals with; others are refused here, rather than by one credential after the other. */
export async function openSecrets(
  { db, clock }: Pick<Context, "db" | "clock">,
  settings: Pick<Settings, "keysFile">,
  { mayCreate, forget }: { mayCreate: boolean; forget: boolean },
): Promise<SecretBox> {
  const isNew = (await findKeysCheck(db)) === null && (await listSealedSecrets(db)).length === 0;
  const secrets = createSecretBox(await readKeyFile(settings.keysFile, { mayCreate: mayCreate && (isNew || forget) }));
  if (forget) await forgetCredentials({ db, clock, secrets, actor: { operatorId: "system", through: "setup" } });
  const checked = await checkKeys({ db, clock, secrets });
  if (checked.ok) return secrets;
  throw new Fault(`The keys in ${settings.keysFile} are not those of the database.`, {
    code: "keys.different",
    publicMessage:
      `The key file ${settings.keysFile} is not the one that this installation's credentials are sealed with. Every ` +
      "process needs the same file: copy it from the first one and name it by USHER_KEYS_FILE. Where it is lost for " +
      "good, `usher serve --forget-credentials` starts with these keys, and each credential is then entered again.",
  });
}
