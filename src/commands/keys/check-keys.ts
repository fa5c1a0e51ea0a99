import { Fault } from "../../lib/errors.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SecretBox } from "../../lib/secret-box.ts";
import { findKeysCheck, insertKeysCheck, KEYS_CHECK_PLACE, listSealedSecrets } from "../../store/keys-check.ts";
import type { Context } from "../context.ts";

/** What is sealed to be opened by every process; it says nothing. */
const KNOWN_TEXT = "usher";

/**
 * Whether these are the keys that the installation seals with; the first process makes them so. An installation that
 * sealed credentials before it kept a check is told by one of those. Nothing else is opened with keys that fail here.
 */
export function checkKeys({
  db,
  clock,
  secrets,
}: Pick<Context, "db" | "clock" | "secrets">): Promise<Result<null, "keys-different">> {
  return db.transaction(async (tx) => {
    if ((await findKeysCheck(tx)) === null) {
      const [earlier] = await listSealedSecrets(tx);
      if (earlier && !opens(secrets, earlier.place, earlier.sealed)) return refuse("keys-different");
      await insertKeysCheck(tx, secrets.seal(KEYS_CHECK_PLACE, KNOWN_TEXT), clock.now());
    }
    // Read again: another process may have been faster, with keys of its own.
    const check = await findKeysCheck(tx);
    return check !== null && opens(secrets, KEYS_CHECK_PLACE, check) ? ok(null) : refuse("keys-different");
  });
}

/** False where the key is not among them, or the text was altered. */
export function opens(secrets: SecretBox, place: string, sealed: string): boolean {
  try {
    secrets.open(place, sealed);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === "secret.unreadable") return false;
    throw error;
  }
}
