import { createHash, randomBytes } from "node:crypto";

/** 256 random bits: a token cannot be guessed, so a plain SHA-256 of it is enough to store. */
const TOKEN_BYTES = 32;

/** What is shown once. The prefix lets secret scanners know it. */
export function makeToken(): string {
  return `usher_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
