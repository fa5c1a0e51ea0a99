import type { SourceFailure } from "../../../sources/source.ts";
import { saveCredentialLost, type StoredCredential } from "../../../store/credentials.ts";
import { ALWAYS_ON } from "../../../rules/connections.ts";
import { findConnection } from "../../../store/connections.ts";
import type { Tx } from "../../../store/database.ts";
import { notify } from "../../../store/notifications/notify.ts";
import { listSiteCapabilities } from "../../../store/site-capabilities.ts";
import { listSitesOfConnection, saveSiteHealth } from "../../../store/sites.ts";

/** Marks a credential as lost, with the sites it serves; nothing happens when it was replaced meanwhile. */
export async function saveLoss(
  tx: Tx,
  credential: Pick<StoredCredential, "id" | "connectionId" | "kind" | "coveredSites">,
  version: number,
  failure: SourceFailure,
  at: Date,
): Promise<boolean> {
  if (!(await saveCredentialLost(tx, credential.id, version, at))) return false;
  const sites = await listSitesOfConnection(tx, credential.connectionId);
  // By id, so that two connections that share sites never wait for each other.
  for (const site of sites.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    if (!isCovered(credential, site.sourceKey)) continue;
    const served = (await listSiteCapabilities(tx, [site.id])).filter((each) => each.isServed);
    const own = served.filter((each) => each.connectionId === credential.connectionId);
    // Where other connections read the site, it is theirs to say how it is as a whole.
    if (served.length > 0 && own.length === 0) continue;
    const leads = served.length === 0 || own.some((each) => each.capability === ALWAYS_ON);
    const capability = leads ? null : (own[0]?.capability ?? null);
    const detail = { capability, reason: failure.publicMessage, fix: failure.fix };
    await saveSiteHealth(tx, site.id, leads ? "needs-reauthorization" : "degraded", detail);
  }
  tx.record({
    actorId: "system",
    through: "job",
    entry: "credential.lost",
    subjectId: credential.id,
    detail: { connectionId: credential.connectionId, kind: credential.kind, code: failure.code },
  });
  await tellOwners(tx, credential, failure, at);
  return true;
}

/** Once a day, however many of its credentials were lost: a new consent often brings all of them back. */
async function tellOwners(
  tx: Tx,
  { id, connectionId }: Pick<StoredCredential, "id" | "connectionId">,
  { publicMessage: reason, fix }: SourceFailure,
  at: Date,
): Promise<void> {
  const connection = await findConnection(tx, connectionId);
  if (!connection || connection.state === "archived") return;
  const kind = "connection-needs-reauthorization";
  const data = { connection: connection.name, connectionId, reason, fix };
  const dedupeKey = `${kind}/${connectionId}/${at.toISOString().slice(0, 10)}`;
  await notify(tx, { kind, subjectId: id, data, at, connectionId, dedupeKey });
}

/** Unless it is known which sites a credential reaches, it is tried on every site. */
export function isCovered({ coveredSites }: Pick<StoredCredential, "coveredSites">, sourceKey: string): boolean {
  return coveredSites === null || coveredSites.includes(sourceKey);
}
