import type { LinkSigner } from "../../lib/signed-link.ts";
import type { MessageLinks } from "../../rules/messages/template.ts";

/** Signed links lead to `/l/<purpose>/<signed claims>`, a page that asks before it does anything. */
export function createMessageLinks(publicUrl: string, signer: LinkSigner): MessageLinks {
  return {
    page: (path) => `${publicUrl}${path.startsWith("/") ? "" : "/"}${path}`,
    signed: (claims) => `${publicUrl}/l/${claims.purpose}/${signer.sign(claims)}`,
  };
}
