import type { ConnectionRevision } from "../../../model/connection-revisions.ts";
import type { ScopeNeeds } from "../../../rules/connections.ts";
import { grantsToConsent } from "../../../rules/revisions.ts";
import type { OwnedConnection } from "../../../store/connections.ts";
import {
  findSealedCredential,
  insertCredential,
  listCredentials,
  listRevisionCredentials,
  removeCredential,
  saveCredentialSeen,
  saveSecret,
  secretPlace,
} from "../../../store/credentials.ts";
import type { Tx } from "../../../store/database.ts";
import { attachToRevision } from "../../../store/revision-credentials.ts";
import type { Context } from "../../context.ts";

/**
 * A capability that needs scopes that a grant was never given waits for a new consent. It is given to the same app beside
 * the grant in use, which goes on as it is until the revision is applied. What is no longer needed is forgotten.
 */
export async function saveNeededConsents(
  tx: Tx,
  { clock, secrets }: Pick<Context, "clock" | "secrets">,
  connection: OwnedConnection,
  { id: revisionId, change }: ConnectionRevision,
  needs: readonly ScopeNeeds[],
): Promise<void> {
  const at = clock.now();
  const entered = await listRevisionCredentials(tx, revisionId);
  const removed = change.removeCredentials ?? [];
  const staying = (await listCredentials(tx, connection.id)).filter((each) => !removed.includes(each.id));
  const joining = entered.filter((each) => each.replacesId === null);
  const added = (change.capabilities ?? []).filter((each) => !connection.capabilities.includes(each));
  const needed = grantsToConsent([...staying, ...joining], needs, added);

  for (const each of entered) {
    const isOfSameApp = staying.some(({ id, clientId }) => id === each.replacesId && clientId === each.clientId);
    const isWaiting = each.kind === "oauth" && !each.isAuthorized && isOfSameApp;
    if (isWaiting && !needed.some(({ id }) => id === each.replacesId)) await removeCredential(tx, each.id, at);
  }
  for (const grant of needed) {
    if (entered.some((each) => each.replacesId === grant.id || each.id === grant.id)) continue;
    const stored = await findSealedCredential(tx, grant.id);
    if (!stored?.secret) continue;
    const { connectionId, kind, label, accountEmail, clientId, askedScopes, organizationId, coveredSites } = stored;
    const draft = {
      connectionId,
      kind,
      label,
      accountEmail,
      username: null,
      clientId,
      askedScopes,
      organizationId,
      expiresAt: null,
      at,
    };
    const id = await insertCredential(tx, draft);
    const secret = secrets.open(secretPlace(grant.id, "secret"), stored.secret);
    const sealed = secrets.seal(secretPlace(id, "secret"), secret);
    await saveSecret(tx, id, { sealed, accountEmail, expiresAt: null, at, isProved: true });
    await saveCredentialSeen(tx, id, { coveredSites, sourceAccountId: null, at });
    await attachToRevision(tx, id, { revisionId, replacesId: grant.id });
  }
}
