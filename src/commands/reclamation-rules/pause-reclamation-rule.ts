import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ReclamationRule, RulePause } from "../../model/reclamation.ts";
import { nextRuleStatus } from "../../rules/reclamation/rule-status.ts";
import type { Tx } from "../../store/database.ts";
import { notify } from "../../store/notifications/notify.ts";
import { lockReclamationRule, saveReclamationRule } from "../../store/reclamation/rules.ts";
import type { Actor, Context } from "../context.ts";
import { toldOf } from "./told-of.ts";

export type PauseRuleRefusal = "no-such-rule" | "stale-revision" | "wrong-status";

export interface PauseRule {
  ruleId: string;
  /** Null pauses whatever is there. */
  revision: number | null;
  by: RulePause["by"];
  /** In words: what tripped, or why somebody wants it. */
  reason: string;
}

/** Stops a rule: it finds and takes nothing until a person activates it again. */
export function pauseReclamationRule(
  { db, clock, actor }: Pick<Context, "db" | "clock" | "actor">,
  pause: PauseRule,
): Promise<Result<ReclamationRule, PauseRuleRefusal>> {
  return db.transaction((tx) => pauseRule(tx, actor, pause, clock.now()));
}

/** The same inside a transaction that is on its way, as when a limit trips. */
export async function pauseRule(
  tx: Tx,
  actor: Actor,
  { ruleId, revision, by, reason }: PauseRule,
  at: Date,
): Promise<Result<ReclamationRule, PauseRuleRefusal>> {
  const rule = await lockReclamationRule(tx, ruleId);
  if (!rule) return refuse("no-such-rule");
  if (revision !== null && revision !== rule.revision) return refuse("stale-revision");
  const status = nextRuleStatus(rule.status, "pause");
  if (!status.ok) return status;

  const paused: RulePause = { by, reason, at: at.toISOString() };
  const saved = await saveReclamationRule(tx, { ...rule, status: status.value, paused }, at);
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "reclamation-rule.paused",
    subjectId: ruleId,
    detail: { by, revision: saved.revision },
    personal: { name: rule.name, reason },
  });
  // A person who pauses it knows; of a safeguard that trips somebody has to hear.
  if (by !== "person") {
    await notify(tx, {
      kind: "rule-paused",
      subjectId: ruleId,
      data: { rule: rule.name, ruleId, reason },
      at,
      ...(await toldOf(tx, rule)),
      dedupeKey: `rule-paused/${ruleId}/${saved.revision}`,
    });
  }
  return ok(saved);
}
