import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Fault } from "./errors.ts";

/** 96 bits, the nonce length for which AES-GCM is specified (NIST SP 800-38D §5.2.1.1). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Several keys by id: the first encrypts, all decrypt, so that a key can be rotated without a stop. */
export interface SecretKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

export interface SecretBox {
  /** `place` is the table, row and column the secret belongs to; a sealed value moved elsewhere does not open. */
  seal(place: string, plain: string): string;
  open(place: string, sealed: string): string;
}

export function createSecretBox(keys: readonly SecretKey[]): SecretBox {
  const [first] = keys;
  if (!first) throw new Error("A secret box needs at least one key.");
  const keysById = new Map(keys.map((each) => [each.id, each.key]));

  return {
    seal(place, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", first.key, nonce);
      cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `v1.${first.id}.${sealed.toString("base64url")}`;
    },
    open(place, sealed) {
      const [version, keyId, body] = sealed.split(".");
      const key = keysById.get(keyId ?? "");
      if (version !== "v1" || !body || !key) throw cannotOpen(place, `its key ${keyId} is not in the key file`);
      const bytes = Buffer.from(body, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw cannotOpen(place, "it was altered, moved, or sealed by another key", cause);
      }
    },
  };
}

function cannotOpen(place: string, why: string, cause?: unknown): Fault {
  return new Fault(`Cannot open the secret at ${place}: ${why}.`, {
    code: "secret.unreadable",
    publicMessage: "A stored credential cannot be decrypted with this installation's keys. Enter the credential again.",
    cause,
  });
}
