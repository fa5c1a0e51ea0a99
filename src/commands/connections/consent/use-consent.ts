import { ok, refuse, type Result } from "../../../lib/result.ts";
import { endConsentLink, lockConsentLink, reopenConsentLink } from "../../../store/consent-links.ts";
import type { Context } from "../../context.ts";

/** Marks a link as used: for exactly one of those who send a secret by it at the same time. */
export function takeConsentLink({ db, clock }: Context, id: string): Promise<Result<undefined, "link-ended">> {
  return db.transaction(async (tx) => {
    const link = await lockConsentLink(tx, id);
    if (link?.state !== "open" || link.expiresAt <= clock.now()) return refuse("link-ended");
    await endConsentLink(tx, id, "used", clock.now());
    return ok(undefined);
  });
}

/** What was sent by the link did not work: it counts again, and whoever asked sees why. */
export function giveBackConsentLink({ db }: Context, id: string, problem: string): Promise<void> {
  return db.transaction((tx) => reopenConsentLink(tx, id, problem));
}

/** The secret that came by the link is stored; whose credential it became is in the journal beside it. */
export function noteConsentUsed(
  { db, actor }: Context,
  link: { id: string; connectionId: string },
  credentialId: string,
): Promise<void> {
  return db.transaction(async (tx) => {
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "consent-link.used",
      subjectId: link.id,
      detail: { connectionId: link.connectionId, credentialId },
    });
  });
}
