import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link in a message says, so that whoever holds it needs no other sign-in. */
export interface LinkClaims {
  /** What it is good for: `check-in`, `restore`, `decision`; a link for one thing opens no other. */
  purpose: string;
  /** The candidate, plan row or message it is about. */
  subjectId: string;
  /** Whoever it was sent to, as an address or a person's id. */
  holder: string;
  expiresAt: Date;
}

export interface LinkSigner {
  /** The claims as text for a path or a query: letters, digits, `-`, `_` and one dot. */
  sign(claims: LinkClaims): string;
  /** Null: altered, made by other keys, for another purpose, or not a link at all. That it expired is told by its claims. */
  open(purpose: string, text: string): LinkClaims | null;
}

/** Links are signed by HMAC-SHA-256 with the first of the keys; all of them open. Nothing in a link is secret. */
export function createLinkSigner(keys: readonly Buffer[]): LinkSigner {
  const [first] = keys;
  if (!first) throw new Error("A link signer needs at least one key.");
  const signature = (key: Buffer, body: string) => createHmac("sha256", key).update(body).digest();

  return {
    sign({ purpose, subjectId, holder, expiresAt }) {
      const body = Buffer.from(JSON.stringify([purpose, subjectId, holder, expiresAt.getTime()])).toString("base64url");
      return `${body}.${signature(first, body).toString("base64url")}`;
    },
    open(purpose, text) {
      const [body, signed, ...rest] = text.split(".");
      if (!body || !signed || rest.length > 0) return null;
      const given = Buffer.from(signed, "base64url");
      const isOurs = keys.some((key) => {
        const expected = signature(key, body);
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
      if (!isOurs) return null;
      const [made, subjectId, holder, expires] = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
      return made === purpose ? { purpose, subjectId, holder, expiresAt: new Date(expires) } : null;
    },
  };
}
