import type { Plan } from "../../model/plans.ts";
import type { Tx } from "../../store/database.ts";
import { queueMessage } from "../../store/messages.ts";
import { listWaitingRequests } from "../../store/plans/actions.ts";

/** Event types of what an outside flow is asked to do; it answers by the report of the action. */
export const REQUEST_EVENTS = { reclaim: "seat.reclaim-requested", restore: "seat.restore-requested" } as const;

/** Queues the request for every seat of a plan that an outside flow changes. */
export async function askOutsideFlow(tx: Tx, plan: Pick<Plan, "id" | "kind">, at: Date): Promise<void> {
  for (const request of await listWaitingRequests(tx, plan.id)) {
    const { webhookId, ...data } = request;
    await queueMessage(tx, {
      channel: "webhook",
      kind: REQUEST_EVENTS[plan.kind],
      recipient: webhookId,
      subjectId: request.actionId,
      data,
      dedupeKey: `${REQUEST_EVENTS[plan.kind]}/${request.actionId}`,
      at,
    });
  }
}
