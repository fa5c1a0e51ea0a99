import type { ChangeKind } from "../model/changes.ts";
import { isSo } from "../rules/actions/is-so.ts";
import type { ObservedAccess } from "../sources/source.ts";
import type { Action, ActionChange } from "../store/plans/actions.ts";
import type { DueSeat } from "../store/plans/due.ts";

/** The actions of a seat that have not ended. */
export function openActions({ actions }: DueSeat): Action[] {
  return actions.filter(({ state }) => state === "planned" || state === "running");
}

/** Whether what was read shows that the action's change is so. */
export function isDone({ kind, target }: Action, access: ObservedAccess): boolean {
  return isSo(kind as ChangeKind, target.groupSourceId, access) === true;
}

/** The same action, with what changed. */
export function changed(action: Action, fields: Partial<ActionChange>): ActionChange {
  const { id, state, sentAt, answeredAt, attempts, nextAt, finishedAt, before, after, outcome } = action;
  return { id, state, sentAt, answeredAt, attempts, nextAt, finishedAt, before, after, outcome, ...fields };
}

/** What was sent and is so is done; what was so before anything was sent is skipped. */
export function finished(action: Action, access: ObservedAccess, at: Date): ActionChange {
  const state = action.sentAt === null ? "skipped" : "done";
  const outcome = action.sentAt === null ? { code: "already-so", message: "It was already so.", fix: null } : null;
  return changed(action, { state, finishedAt: at, after: seen(access), outcome });
}

/** What of an account's access is kept with an action. */
export function seen({ isKnown, groups, isActive, isSuspended }: ObservedAccess): Record<string, unknown> {
  return { isKnown, groups: groups?.map((each) => each.sourceId) ?? null, isActive, isSuspended };
}
