import { readSigningKeys } from "../../lib/key-file.ts";
import type { SecretKey } from "../../lib/secret-box.ts";
import { lockKeyFile } from "../../store/keys-check.ts";
import type { Context } from "../context.ts";

/** The keys that sign links and checkpoints. Processes that share the file take turns, so that one key is added once. */
export function openSigningKeys({ db }: Pick<Context, "db">, keysFile: string): Promise<SecretKey[]> {
  return db.transaction(async (tx) => {
    await lockKeyFile(tx);
    return readSigningKeys(keysFile);
  });
}
