import { ok, refuse, type Result } from "../../../lib/result.ts";
import { endConsentLink, lockConsentLink } from "../../../store/consent-links.ts";
import type { Context } from "../../context.ts";

/** The link opens nothing any more; a consent that is under way by it is not taken back. */
export function revokeConsent(
  { db, clock, actor }: Context,
  connectionId: string,
  id: string,
): Promise<Result<undefined, "no-such-link" | "link-ended">> {
  return db.transaction(async (tx) => {
    const link = await lockConsentLink(tx, id);
    if (link?.connectionId !== connectionId) return refuse("no-such-link");
    if (link.state !== "open") return refuse("link-ended");
    await endConsentLink(tx, id, "revoked", clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "consent-link.revoked",
      subjectId: id,
      detail: { connectionId },
    });
    return ok(undefined);
  });
}
