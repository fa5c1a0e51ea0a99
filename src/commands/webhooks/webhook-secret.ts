import { randomBytes } from "node:crypto";

/** Standard Webhooks, "Signature scheme": 24 to 64 random bytes, `whsec_` and base64. */
const SECRET_BYTES = 32;

export function makeWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}
