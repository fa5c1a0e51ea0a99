import * as api from "../../api/consent-links.ts";
import { askConsent } from "../../commands/connections/consent/ask-consent.ts";
import { revokeConsent } from "../../commands/connections/consent/revoke-consent.ts";
import { ok, refuse } from "../../lib/result.ts";
import { type ConsentLink, consentLinkRows } from "../../store/consent-links.ts";
import { findConnection } from "../../store/connections.ts";
import { handleList } from "../lists.ts";
import { publicUrlOf } from "../public-url.ts";
import { handle } from "../route.ts";

export const consentLinkHandlers = [
  handle(api.createConsentLink, async ({ ctx, params, body, services }) => {
    const made = await askConsent(ctx, params.connectionId, body, { canMail: services.isMailSet });
    if (!made.ok) return made;
    const { id, expiresAt } = made.value;
    const token = services.links.sign({ purpose: "connect", subjectId: id, holder: id, expiresAt });
    return ok({ ...made.value, url: `${publicUrlOf(services)}/l/connect/${token}` });
  }),

  handleList(api.listConsentLinks, async ({ reader, params, ctx }) => {
    if (!(await findConnection(reader, params.connectionId))) return refuse("no-such-connection");
    const now = ctx.clock.now();
    return ok({
      ...consentLinkRows(params.connectionId),
      toItems: (found: ConsentLink[]) => found.map((link) => withExpiry(link, now)),
    });
  }),

  handle(api.revokeConsentLink, ({ ctx, params }) => revokeConsent(ctx, params.connectionId, params.linkId)),
];

function withExpiry(link: ConsentLink, now: Date) {
  return { ...link, state: link.state === "open" && link.expiresAt <= now ? ("expired" as const) : link.state };
}
