import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Capability, ConnectionSettings, SourceKind } from "../../model/connections.ts";
import {
  type CapabilityRefusal,
  chooseCapabilities,
  DEFAULT_CAPABILITIES,
  defaultSettings,
} from "../../rules/connections.ts";
import {
  findConnection,
  findConnectionByName,
  insertConnection,
  type OwnedConnection,
} from "../../store/connections.ts";
import { notify } from "../../store/notifications/notify.ts";
import { findOperator } from "../../store/operators.ts";
import { saveWantedSite } from "../../store/wanted-sites.ts";
import type { Context } from "../context.ts";
import { refuseTakenName } from "./taken-name.ts";

export interface NewConnection {
  name: string;
  source: SourceKind;
  /** Null: those that start on, or those of the connection it is started from. */
  capabilities: readonly Capability[] | null;
  settings: Partial<ConnectionSettings>;
  /** E-mails. Null: the operator who makes it, if that one has an e-mail. */
  owners: readonly string[] | null;
  /** As they were typed; joined once a credential reaches them. */
  sites: readonly string[];
  /** Another connection whose settings and capabilities it starts with; never its secrets. */
  from: string | null;
  /** It is the sample company's. */
  isSample?: boolean;
}

export type CreateConnectionRefusal =
  | CapabilityRefusal
  | "name-taken"
  | "owner-needed"
  | { code: "no-such-connection"; detail: string };

/** Makes a draft. Nothing is asked of any source yet. */
export function createConnection(
  { db, clock, actor }: Context,
  draft: NewConnection,
): Promise<Result<OwnedConnection, CreateConnectionRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<OwnedConnection, CreateConnectionRefusal>> => {
    const at = clock.now();
    const model = draft.from === null ? null : await findConnection(tx, draft.from);
    if (draft.from !== null && !model) {
      return refuse({ code: "no-such-connection", detail: "There is no connection to start from by that id." });
    }
    const chosen = chooseCapabilities(draft.capabilities ?? model?.capabilities ?? DEFAULT_CAPABILITIES);
    if (!chosen.ok) return chosen;
    if (await findConnectionByName(tx, draft.name)) return refuse("name-taken");
    const owners = ownersOf(draft.owners ?? [(await findOperator(tx, actor.operatorId))?.email ?? ""]);
    if (owners.length === 0) return refuse("owner-needed");

    // The window is counted from today, also where the other settings come from an older connection.
    const { analyzeActivitySince } = defaultSettings(at);
    const settings = { ...(model?.settings ?? defaultSettings(at)), analyzeActivitySince, ...draft.settings };
    const { name, source } = draft;
    const createdBy = actor.operatorId;
    const id = await insertConnection(tx, {
      name,
      source,
      capabilities: chosen.value,
      settings,
      owners,
      createdBy,
      isSample: draft.isSample,
      at,
    });
    for (const typed of draft.sites) await saveWantedSite(tx, { connectionId: id, typed, problem: null, at });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.created",
      subjectId: id,
      detail: { source, capabilities: chosen.value, from: draft.from },
      personal: { name, owners, sites: draft.sites },
    });
    const creator = await findOperator(tx, createdBy);
    await notify(tx, {
      kind: "connection-waits",
      subjectId: id,
      data: { connection: name, connectionId: id, step: "credentials" },
      at,
      connectionId: id,
      // Who made it knows it.
      except: creator?.email ? [creator.email] : [],
      dedupeKey: `connection-waits/${id}`,
    });
    const made = await findConnection(tx, id);
    if (!made) throw new Error("A connection that was just made cannot be found.");
    return ok(made);
  });
  return work.catch(refuseTakenName);
}

/** Trimmed, in lower case, once each: two spellings of one mailbox are one owner. */
export function ownersOf(emails: readonly string[]): string[] {
  return [...new Set(emails.map((each) => each.trim().toLowerCase()).filter((each) => each !== ""))].sort();
}
