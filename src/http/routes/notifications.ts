import * as api from "../../api/notifications.ts";
import { setNotification } from "../../commands/notifications/set-notification.ts";
import { ok } from "../../lib/result.ts";
import type { NotificationKind, Receiver } from "../../model/notifications.ts";
import { listNotificationSettings, type NotificationSetting } from "../../store/notifications/settings.ts";
import { handle } from "../route.ts";

export const notificationHandlers = [
  handle(api.listNotifications, async ({ reader }) =>
    ok({ items: (await listNotificationSettings(reader)).map(toAnswer) }),
  ),

  handle(api.getNotification, async ({ reader, params }) => {
    const found = (await listNotificationSettings(reader)).find((each) => each.kind === params.kind);
    // The contract lets only kinds through that there are.
    return ok(toAnswer(found!));
  }),

  handle(api.setNotification, async ({ ctx, params, body, ifMatch }) => {
    // What `to` may be, the contract has checked.
    const receivers = body.receivers as Receiver[] | null;
    const set = await setNotification(ctx, params.kind as NotificationKind, ifMatch, receivers);
    return set.ok ? ok(toAnswer(set.value)) : set;
  }),
];

function toAnswer(setting: NotificationSetting) {
  return { ...setting, receivers: [...setting.receivers] };
}
