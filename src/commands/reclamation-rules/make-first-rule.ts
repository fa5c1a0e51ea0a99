import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import type { Tx } from "../../store/database.ts";
import type { OwnedConnection } from "../../store/connections.ts";
import {
  hadRuleMadeFor,
  insertReclamationRule,
  listRuleNames,
  lockReclamationRule,
} from "../../store/reclamation/rules.ts";
import type { Actor } from "../context.ts";
import { recordRule } from "./record-rule.ts";

/**
 * The first rule of a connection that is published: seats idle for as long as the connection calls idle, reported only.
 * Once for each connection, also where somebody deleted it since. Its caller holds the connection's row, so two
 * publications cannot make two.
 */
export async function makeFirstRule(
  tx: Tx,
  actor: Actor,
  connection: OwnedConnection,
  siteIds: string[],
  at: Date,
): Promise<string | null> {
  if (siteIds.length === 0 || (await hadRuleMadeFor(tx, connection.id))) return null;
  const id = await insertReclamationRule(
    tx,
    {
      name: await freeName(tx, `Idle seats of ${connection.name}`),
      status: "report-only",
      siteIds,
      condition: { is: "idle", days: connection.settings.idleAfterDays },
      settings: DEFAULT_RECLAMATION_SETTINGS,
      ownerId: connection.createdBy,
      madeFor: connection.id,
    },
    at,
  );
  const rule = await lockReclamationRule(tx, id);
  if (rule) recordRule(tx, actor, "reclamation-rule.created", rule, { madeFor: connection.id });
  return id;
}

async function freeName(tx: Tx, wanted: string): Promise<string> {
  const taken = await listRuleNames(tx, wanted);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} (${number})`;
    if (!taken.includes(name.toLowerCase())) return name;
  }
}
