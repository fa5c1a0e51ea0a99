import { ok, refuse, type Result } from "../../../lib/result.ts";
import type { ConnectionRevision } from "../../../model/connection-revisions.ts";
import type { Capability, ConnectionSettings } from "../../../model/connections.ts";
import {
  type CapabilityRefusal,
  chooseCapabilities,
  isInService,
  type ScopeNeeds,
} from "../../../rules/connections.ts";
import { onlyWhatDiffers } from "../../../rules/revisions.ts";
import {
  findOpenRevision,
  insertRevision,
  lockOpenRevision,
  saveRevisionChange,
} from "../../../store/connection-revisions.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../../store/connections.ts";
import { listCredentials, listRevisionCredentials } from "../../../store/credentials.ts";
import type { Tx } from "../../../store/database.ts";
import { listSitesOfConnection } from "../../../store/sites.ts";
import type { Context } from "../../context.ts";
import { saveNeededConsents } from "./needed-consents.ts";
import { discard } from "./discard-revision.ts";

/** What is left out stays as the revision has it. A list replaces the one before; null goes back to the running connection. */
export interface RevisionWish {
  capabilities?: readonly Capability[] | null;
  settings?: Partial<ConnectionSettings> | null;
  /** As they are typed. */
  addSites?: readonly string[];
  removeSites?: readonly string[];
  removeCredentials?: readonly string[];
}

export type SaveRevisionRefusal =
  | CapabilityRefusal
  | "no-such-connection"
  | "not-in-service"
  | "stale-revision"
  | "last-site"
  | { code: "no-such-site" | "no-such-credential"; detail: string };

/**
 * Saves a change of a connection in service as its one pending revision; the running connection goes on as it is.
 * `revision` is that of the pending revision (0: there is none yet); null changes whatever is there. Null: nothing would
 * change, so there is no revision (any more).
 */
export function saveRevision(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  revision: number | null,
  wish: RevisionWish,
  needs: readonly ScopeNeeds[],
): Promise<Result<ConnectionRevision | null, SaveRevisionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (!isInService(connection.state)) return refuse("not-in-service");
    const open = await findOpenRevision(tx, connectionId);
    if (revision !== null && revision !== (open?.revision ?? 0)) return refuse("stale-revision");
    const unknown = await whatIsUnknown(tx, connectionId, wish);
    if (unknown) return refuse(unknown);
    const saved = await putRevision(tx, { clock, secrets, actor }, connection, wish, needs);
    if (saved.ok) await saveConnection(tx, connection, clock.now());
    return saved;
  });
}

/** As `saveRevision`, of a connection that the caller holds and goes on to save. */
export async function putRevision(
  tx: Tx,
  ctx: Pick<Context, "clock" | "secrets" | "actor">,
  connection: OwnedConnection,
  wish: RevisionWish,
  needs: readonly ScopeNeeds[],
): Promise<Result<ConnectionRevision | null, CapabilityRefusal>> {
  const { actor } = ctx;
  const at = ctx.clock.now();
  const open = await lockOpenRevision(tx, connection.id);
  const chosen = chooseCapabilities(wish.capabilities ?? open?.change.capabilities ?? connection.capabilities);
  if (!chosen.ok) return chosen;
  const change = onlyWhatDiffers(connection, {
    capabilities: wish.capabilities === null ? connection.capabilities : chosen.value,
    settings: wish.settings === null ? {} : { ...open?.change.settings, ...wish.settings },
    addSites: [...(wish.addSites ?? open?.change.addSites ?? [])],
    removeSites: [...(wish.removeSites ?? open?.change.removeSites ?? [])],
    removeCredentials: [...(wish.removeCredentials ?? open?.change.removeCredentials ?? [])],
  });
  const by = { operatorId: actor.operatorId, at };
  const started = open ?? (await insertRevision(tx, { connectionId: connection.id, by: actor.operatorId, at }));
  const saved = await saveRevisionChange(tx, started, change, by);
  await saveNeededConsents(tx, ctx, connection, saved, needs);
  const isEmpty = Object.keys(change).length === 0 && (await listRevisionCredentials(tx, saved.id)).length === 0;
  if (isEmpty) {
    await discard(tx, ctx, saved);
    return ok(null);
  }
  const { addSites, settings, ...rest } = change;
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "connection.revision-saved",
    subjectId: connection.id,
    detail: { revisionId: saved.id, revision: saved.revision, ...rest, settings: settings ?? {} },
    personal: { addSites: addSites ?? [] },
  });
  return ok(saved);
}

async function whatIsUnknown(
  tx: Tx,
  connectionId: string,
  { addSites = [], removeSites = [], removeCredentials = [] }: RevisionWish,
): Promise<"last-site" | { code: "no-such-site" | "no-such-credential"; detail: string } | null> {
  const sites = (await listSitesOfConnection(tx, connectionId)).map((each) => each.id);
  const credentials = (await listCredentials(tx, connectionId)).map((each) => each.id);
  const site = removeSites.find((each) => !sites.includes(each));
  if (site) return { code: "no-such-site", detail: `The connection has no site ${site} to remove.` };
  const credential = removeCredentials.find((each) => !credentials.includes(each));
  if (credential) {
    return { code: "no-such-credential", detail: `The connection has no credential ${credential} to remove.` };
  }
  const isEmptied = sites.length > 0 && sites.every((each) => removeSites.includes(each));
  return isEmptied && addSites.length === 0 ? "last-site" : null;
}
