import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Capability, ConnectionSettings } from "../../model/connections.ts";
import {
  type CapabilityRefusal,
  chooseCapabilities,
  isInService,
  type ScopeNeeds,
  stateAfterChange,
} from "../../rules/connections.ts";
import { findConnectionByName, lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import type { Tx } from "../../store/database.ts";
import type { Context } from "../context.ts";
import { refuseTakenName } from "./taken-name.ts";
import { putRevision } from "./revision/save-revision.ts";
import { ownersOf } from "./create-connection.ts";

/** What is left out stays as it is. */
export interface ConnectionChange {
  name?: string;
  owners?: readonly string[];
  capabilities?: readonly Capability[];
  settings?: Partial<ConnectionSettings>;
}

export type ChangeConnectionRefusal =
  | CapabilityRefusal
  | "no-such-connection"
  | "stale-revision"
  | "archived"
  | "name-taken"
  | "owner-needed";

/**
 * Name and owners change at once. Capabilities and settings of a connection in service become its pending revision, and
 * the running one goes on as it is; one in preparation takes them at once, and becomes a draft again where a capability
 * was added. `revision` null changes whatever is there.
 */
export function changeConnection(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  revision: number | null,
  change: ConnectionChange,
  needs: readonly ScopeNeeds[],
): Promise<Result<OwnedConnection, ChangeConnectionRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<OwnedConnection, ChangeConnectionRefusal>> => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (connection.state === "archived") return refuse("archived");
    if (revision !== null && revision !== connection.revision) return refuse("stale-revision");

    const chosen = chooseCapabilities(change.capabilities ?? connection.capabilities);
    if (!chosen.ok) return chosen;
    const added = addedCapabilities(connection, chosen.value);
    const name = change.name ?? connection.name;
    const namesake = await findConnectionByName(tx, name);
    if (namesake && namesake.id !== connectionId) return refuse("name-taken");
    const owners = change.owners ? ownersOf(change.owners) : connection.owners;
    if (owners.length === 0) return refuse("owner-needed");

    if (isInService(connection.state)) {
      const { capabilities, settings } = change;
      if (capabilities !== undefined || settings !== undefined) {
        const pending = await putRevision(tx, { clock, secrets, actor }, connection, { capabilities, settings }, needs);
        if (!pending.ok) return pending;
      }
      const saved = await saveConnection(tx, { ...connection, name, owners }, clock.now());
      const fields = Object.keys(change)
        .filter((each) => each === "name" || each === "owners")
        .sort();
      if (fields.length > 0) record(tx, { actor }, saved, fields);
      return ok(saved);
    }
    const settings = { ...connection.settings, ...change.settings };
    const state = added.length > 0 ? stateAfterChange(connection.state) : connection.state;
    const next = { ...connection, name, owners, capabilities: chosen.value, settings, state };
    const saved = await saveConnection(tx, next, clock.now());
    record(tx, { actor }, saved, Object.keys(change).sort());
    return ok(saved);
  });
  return work.catch(refuseTakenName);
}

function record(tx: Tx, { actor }: Pick<Context, "actor">, saved: OwnedConnection, fields: readonly string[]): void {
  const { id, name, owners, capabilities, settings, revision } = saved;
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "connection.changed",
    subjectId: id,
    detail: { fields, capabilities, settings, revision },
    personal: { name, owners },
  });
}

/** What the choice would add to what is on. */
function addedCapabilities(
  connection: Pick<OwnedConnection, "capabilities">,
  chosen: readonly Capability[],
): Capability[] {
  return chosen.filter((each) => !connection.capabilities.includes(each));
}
