import { createPrivateKey, hkdfSync, type KeyObject } from "node:crypto";
import type { SecretKey } from "./secret-box.ts";

/** PKCS #8 of an Ed25519 private key is this and its 32 bytes (RFC 8410 §7). */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Keys of one purpose, made from the signing keys: a leak of one tells nothing of the others. */
function derive(keys: readonly SecretKey[], purpose: string): Buffer[] {
  return keys.map(({ key }) => Buffer.from(hkdfSync("sha256", key, "", `usher ${purpose} v1`, 32)));
}

/** For `createLinkSigner`. */
export function linkKeys(keys: readonly SecretKey[]): Buffer[] {
  return derive(keys, "links");
}

/** Ed25519 keys that sign checkpoints of the journal, by id; the first signs. */
export function checkpointKeys(keys: readonly SecretKey[]): { id: string; privateKey: KeyObject }[] {
  return derive(keys, "checkpoints").map((seed, index) => ({
    id: keys[index]!.id,
    privateKey: createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, seed]), format: "der", type: "pkcs8" }),
  }));
}
