import { ok, refuse, type Result } from "../../../lib/result.ts";
import type { ConnectionRevision, RevisionProbe, RevisionSite } from "../../../model/connection-revisions.ts";
import { judgeSite } from "../../../rules/connection-health.ts";
import { isCheckTooOld } from "../../../rules/revisions.ts";
import { disableSiteJobs, settleSites } from "../../../store/connection-jobs.ts";
import { endRevision, lockOpenRevision } from "../../../store/connection-revisions.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../../store/connections.ts";
import { listRevisionCredentials, lockCredential, removeCredential, secretPlace } from "../../../store/credentials.ts";
import type { Tx } from "../../../store/database.ts";
import {
  forgetRetiredCredentials,
  putInUse,
  retireCredential,
  type SealedSecrets,
  takeOverCredential,
} from "../../../store/revision-credentials.ts";
import { joinSite, leaveSite, listSitesOfConnection, saveSiteChecked } from "../../../store/sites.ts";
import type { Context } from "../../context.ts";

export type ApplyRevisionRefusal =
  | "no-such-connection"
  | "no-pending-revision"
  | "stale-revision"
  | "not-checked"
  | { code: "not-valid" | "warnings-not-accepted" | "check-too-old"; detail: string };

export interface AppliedRevision {
  connection: OwnedConnection;
  /** Credentials whose secrets changed: what is held decrypted of them is read again. */
  credentialIds: string[];
}

/**
 * Swaps the revision in as a whole, in one transaction: until it commits the running connection is what it was, and
 * afterwards it is what was checked. Refused unless the last check found that all works; warnings a person may accept. A
 * run that is under way ends with what it began with.
 */
export function applyRevision(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  revision: number | null,
  { acceptWarnings }: { acceptWarnings: boolean },
): Promise<Result<AppliedRevision, ApplyRevisionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const open = await lockOpenRevision(tx, connectionId);
    if (!open) return refuse("no-pending-revision");
    if (revision !== null && revision !== open.revision) return refuse("stale-revision");
    const at = clock.now();
    const refusal = whyNot(open, at, acceptWarnings);
    if (refusal) return refuse(refusal);

    const credentialIds = await swapCredentials(tx, { secrets }, open, at);
    const { change } = open;
    const capabilities = change.capabilities ?? connection.capabilities;
    const settings = { ...connection.settings, ...change.settings };
    const saved = await saveConnection(tx, { ...connection, capabilities, settings }, at);
    const settled = await swapSites(tx, saved, open, { requestedBy: actor.operatorId, at });
    await endRevision(tx, open.id, "applied", { operatorId: actor.operatorId, at });
    const { addSites, ...rest } = change;
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.revision-applied",
      subjectId: connectionId,
      detail: {
        revisionId: open.id,
        revision: open.revision,
        ...rest,
        credentialIds,
        settled,
        acceptedWarnings: open.checked?.warnings.map(({ name, capability }) => ({ name, capability })) ?? [],
      },
      personal: { addSites: addSites ?? [] },
    });
    return ok({ connection: saved, credentialIds });
  });
}

function whyNot(
  { state, checked, checkedAt }: ConnectionRevision,
  at: Date,
  acceptWarnings: boolean,
): ApplyRevisionRefusal | null {
  if (checked === null || checkedAt === null || (state !== "valid" && state !== "invalid")) return "not-checked";
  if (state === "invalid") return { code: "not-valid", detail: inWords(checked.blocking) };
  if (isCheckTooOld(checkedAt, at)) {
    return { code: "check-too-old", detail: `The last check was made at ${checkedAt.toISOString()}. Check it again.` };
  }
  if (checked.warnings.length > 0 && !acceptWarnings) {
    return { code: "warnings-not-accepted", detail: inWords(checked.warnings) };
  }
  return null;
}

function inWords(probes: readonly RevisionProbe[]): string {
  return probes.map(({ site, name, detail, fix }) => `${site}: ${name}: ${detail} ${fix ?? ""}`.trim()).join(" ");
}

/** Secrets go to where they replace others, new ones join, and what goes is kept only for runs under way. */
async function swapCredentials(
  tx: Tx,
  ctx: Pick<Context, "secrets">,
  open: ConnectionRevision,
  at: Date,
): Promise<string[]> {
  const changed: string[] = [];
  for (const { id, replacesId } of await listRevisionCredentials(tx, open.id)) {
    const replaced = replacesId === null ? null : await lockCredential(tx, replacesId);
    if (replaced) {
      await takeOverCredential(tx, { from: id, to: replaced.id }, await resealed(tx, ctx, id, replaced.id), at);
      await removeCredential(tx, id, at);
    } else {
      // What it was to replace was removed meanwhile, or nothing was: it joins those in use.
      await putInUse(tx, id, at);
    }
    changed.push(id, ...(replaced ? [replaced.id] : []));
  }
  for (const id of open.change.removeCredentials ?? []) {
    await retireCredential(tx, id, at);
    changed.push(id);
  }
  await forgetRetiredCredentials(tx, at);
  return changed;
}

async function resealed(
  tx: Tx,
  { secrets }: Pick<Context, "secrets">,
  from: string,
  to: string,
): Promise<SealedSecrets> {
  const entered = await lockCredential(tx, from);
  if (!entered) throw new Error(`The credential ${from} of a revision is not there.`);
  const move = (sealed: string | null, column: Parameters<typeof secretPlace>[1]) =>
    sealed === null ? null : secrets.seal(secretPlace(to, column), secrets.open(secretPlace(from, column), sealed));
  return {
    secret: move(entered.secret, "secret"),
    accessToken: move(entered.accessToken, "access_token"),
    refreshToken: move(entered.refreshToken, "refresh_token"),
  };
}

async function swapSites(
  tx: Tx,
  connection: OwnedConnection,
  open: ConnectionRevision,
  asked: { requestedBy: string; at: Date },
) {
  const { id: connectionId, source } = connection;
  const before = await listSitesOfConnection(tx, connectionId);
  const left = before.filter((each) => open.change.removeSites?.includes(each.id));
  for (const { id } of left) {
    await leaveSite(tx, connectionId, id);
    await disableSiteJobs(tx, connectionId, id);
  }
  for (const site of open.checked?.sites ?? []) {
    const siteId = site.siteId ?? (await join(tx, { connectionId, source, site, at: asked.at }));
    if (siteId === null) continue;
    const { isUsable } = judgeSite(connection.capabilities, site.probes);
    const { probes, servedBy } = site;
    const forecast = before.find((each) => each.id === siteId)?.forecast ?? null;
    await saveSiteChecked(tx, { connectionId, siteId, probes, servedBy, forecast, isValid: isUsable, at: asked.at });
  }
  const now = await listSitesOfConnection(tx, connectionId);
  return settleSites(tx, [...now, ...left], asked);
}

async function join(
  tx: Tx,
  joining: { connectionId: string; source: OwnedConnection["source"]; site: RevisionSite; at: Date },
): Promise<string | null> {
  const { sourceKey, baseUrl, name } = joining.site;
  if (sourceKey === null) return null;
  const { connectionId, source, at } = joining;
  return (await joinSite(tx, { connectionId, source, sourceKey, baseUrl, name, at })).siteId;
}
