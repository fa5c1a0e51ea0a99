import { ok, refuse, type Result } from "../../../lib/result.ts";
import { labelOfKind } from "../../../rules/credential-requirements.ts";
import { type CredentialKindRefusal, refuseCredentialKind } from "../../../rules/connections.ts";
import {
  type ConsentKind,
  type ConsentLink,
  findConsentLink,
  insertConsentLink,
} from "../../../store/consent-links.ts";
import { lockConnection } from "../../../store/connections.ts";
import { listCredentials, type StoredCredential } from "../../../store/credentials.ts";
import type { Tx } from "../../../store/database.ts";
import { queueMessage } from "../../../store/messages.ts";
import { findOperator } from "../../../store/operators.ts";
import type { Context } from "../../context.ts";

/** A weekend and a day off lie within it; a link that lies about for longer is nobody's. */
const LIFE_MS = 72 * 3_600_000;

export interface AskedConsent {
  kind: ConsentKind;
  /** The OAuth app to consent to (null: the only one), or the token or key to replace (null: a new one). */
  credentialId: string | null;
  /** Who gets a mail with the link; null: it is handed over in another way. */
  email: string | null;
  /** For whoever opens it, in the words of whoever asks. */
  note: string | null;
}

export type AskConsentRefusal =
  | "no-such-connection"
  | "archived"
  | "no-such-credential"
  | "kind-differs"
  | "no-app"
  | "several-apps"
  | "mail-not-set"
  | CredentialKindRefusal;

/** Makes a link by which somebody who is no operator gives the connection one credential, once, within three days. */
export function askConsent(
  { db, clock, actor }: Context,
  connectionId: string,
  asked: AskedConsent,
  options: { canMail: boolean },
): Promise<Result<ConsentLink, AskConsentRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (connection.state === "archived") return refuse("archived");
    const wrongKind = refuseCredentialKind(connection.source, asked.kind);
    if (wrongKind) return refuse(wrongKind);
    if (asked.email !== null && !options.canMail) return refuse("mail-not-set");
    const credential = chooseCredential(await listCredentials(tx, connectionId), asked);
    if (!credential.ok) return credential;

    const at = clock.now();
    const expiresAt = new Date(at.getTime() + LIFE_MS);
    const { kind, email, note } = asked;
    const draft = { connectionId, kind, credentialId: credential.value, email, note, expiresAt };
    const id = await insertConsentLink(tx, { ...draft, createdBy: actor.operatorId, createdAt: at });
    if (email !== null)
      await queueMail(tx, { id, email, note, kind, expiresAt, at, asker: await askerOf(tx, actor.operatorId) });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "consent-link.created",
      subjectId: id,
      detail: { connectionId, kind, credentialId: credential.value, expiresAt },
      personal: { email, note },
    });
    const made = await findConsentLink(tx, id);
    if (!made) throw new Error("A link that was just made cannot be found.");
    return ok(made);
  });
}

function chooseCredential(
  credentials: readonly StoredCredential[],
  { kind, credentialId }: AskedConsent,
): Result<string | null, "no-such-credential" | "kind-differs" | "no-app" | "several-apps"> {
  if (credentialId !== null) {
    const found = credentials.find((each) => each.id === credentialId);
    if (!found) return refuse("no-such-credential");
    return found.kind === kind ? ok(found.id) : refuse("kind-differs");
  }
  if (kind !== "oauth") return ok(null);
  const [only, ...others] = credentials.filter((each) => each.kind === "oauth");
  if (!only) return refuse("no-app");
  return others.length > 0 ? refuse("several-apps") : ok(only.id);
}

/** As the mail names them: a stranger's mail without a name would not be answered. */
async function askerOf(tx: Tx, operatorId: string): Promise<string> {
  const operator = await findOperator(tx, operatorId);
  return operator?.kind === "person" ? operator.name : "Whoever runs Usher at your company";
}

async function queueMail(
  tx: Tx,
  mail: { id: string; email: string; note: string | null; kind: ConsentKind; expiresAt: Date; at: Date; asker: string },
): Promise<void> {
  const { id, email, note, kind, expiresAt, at, asker } = mail;
  await queueMessage(tx, {
    channel: "mail",
    kind: "consent-asked",
    recipient: email,
    subjectId: id,
    data: { consentLinkId: id, what: labelOfKind(kind), asker, note, expiresAt: expiresAt.toISOString() },
    dedupeKey: `consent-asked/${id}`,
    at,
  });
}
