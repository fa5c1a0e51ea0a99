import { createHash, randomBytes } from "node:crypto";

/** 256 random bits: it cannot be guessed, so a plain SHA-256 of it is enough to store. */
const SECRET_BYTES = 32;

/** What a session's cookie or a one-time link holds. */
export function makeSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
