import * as api from "../../api/capacity-alerts.ts";
import { addCapacityAlert, removeCapacityAlert } from "../../commands/capacity/change-alerts.ts";
import { ok } from "../../lib/result.ts";
import { capacityAlertList } from "../../store/licenses/capacity-alerts.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const capacityAlertHandlers = [
  handleList(api.listCapacityAlerts, async ({ query }) => ok(capacityAlertList(query.siteId ?? null))),
  handle(api.addCapacityAlert, ({ ctx, body }) => addCapacityAlert(ctx, body)),
  handle(api.removeCapacityAlert, async ({ ctx, params }) => {
    const removed = await removeCapacityAlert(ctx, params.alertId);
    return removed.ok ? ok(undefined) : removed;
  }),
];
