import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Capability, ConnectionSettings } from "../../model/connections.ts";
import { type CapabilityRefusal, chooseCapabilities, isInService, stateAfterChange } from "../../rules/connections.ts";
import { findConnectionByName, lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import type { Context } from "../context.ts";
import { refuseTakenName } from "./taken-name.ts";
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
  | "owner-needed"
  | { code: "not-proved"; detail: string };

/**
 * Changes apply at once. A capability that is added to a connection in service must have been proved first; one in
 * preparation becomes a draft again instead, to be checked as a whole. `revision` null changes whatever is there.
 */
export function changeConnection(
  { db, clock, actor }: Context,
  connectionId: string,
  revision: number | null,
  change: ConnectionChange,
  proved: readonly Capability[],
): Promise<Result<OwnedConnection, ChangeConnectionRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<OwnedConnection, ChangeConnectionRefusal>> => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (connection.state === "archived") return refuse("archived");
    if (revision !== null && revision !== connection.revision) return refuse("stale-revision");

    const chosen = chooseCapabilities(change.capabilities ?? connection.capabilities);
    if (!chosen.ok) return chosen;
    const added = addedCapabilities(connection, chosen.value);
    const unproved = added.filter((each) => !proved.includes(each));
    if (isInService(connection.state) && unproved.length > 0) {
      const detail = `Nothing showed yet that ${unproved.join(" and ")} works with the credentials at hand.`;
      return refuse({ code: "not-proved", detail });
    }
    const name = change.name ?? connection.name;
    const namesake = await findConnectionByName(tx, name);
    if (namesake && namesake.id !== connectionId) return refuse("name-taken");
    const owners = change.owners ? ownersOf(change.owners) : connection.owners;
    if (owners.length === 0) return refuse("owner-needed");

    const settings = { ...connection.settings, ...change.settings };
    const state = added.length > 0 ? stateAfterChange(connection.state) : connection.state;
    const next = { ...connection, name, owners, capabilities: chosen.value, settings, state };
    const saved = await saveConnection(tx, next, clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.changed",
      subjectId: connectionId,
      detail: { fields: Object.keys(change).sort(), capabilities: chosen.value, settings, revision: saved.revision },
      personal: { name, owners },
    });
    return ok(saved);
  });
  return work.catch(refuseTakenName);
}

/** What the choice would add to what is on. */
function addedCapabilities(
  connection: Pick<OwnedConnection, "capabilities">,
  chosen: readonly Capability[],
): Capability[] {
  return chosen.filter((each) => !connection.capabilities.includes(each));
}
