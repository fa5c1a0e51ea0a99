import { ok, refuse, type Result } from "../../lib/result.ts";
import type { NotificationKind, Receiver } from "../../model/notifications.ts";
import {
  deleteNotificationSetting,
  listNotificationSettings,
  lockNotificationSetting,
  saveNotificationSetting,
  type NotificationSetting,
} from "../../store/notifications/settings.ts";
import type { Context } from "../context.ts";

/** Says who is told of a kind of event from now on; null is as it comes with Usher. `revision` null changes whatever is there. */
export function setNotification(
  { db, clock, actor }: Context,
  kind: NotificationKind,
  revision: number | null,
  receivers: readonly Receiver[] | null,
): Promise<Result<NotificationSetting, "stale-revision">> {
  return db.transaction(async (tx) => {
    const saved = await lockNotificationSetting(tx, kind);
    if (revision !== null && revision !== (saved?.revision ?? 0)) return refuse("stale-revision");
    const { operatorId: by, through } = actor;
    if (receivers === null) await deleteNotificationSetting(tx, kind);
    else await saveNotificationSetting(tx, { kind, receivers: once(receivers), by, at: clock.now() });
    // An address is personal; how many there are is not.
    const named = receivers?.filter(({ to }) => !to.startsWith("address:")) ?? null;
    const addresses = receivers ? receivers.length - (named?.length ?? 0) : 0;
    tx.record({
      actorId: by,
      through,
      entry: "notification.set",
      subjectId: null,
      detail: { kind, receivers: named, addresses },
      personal: { receivers },
    });
    const now = (await listNotificationSettings(tx)).find((each) => each.kind === kind);
    return ok(now!);
  });
}

/** Who is named twice is told in the way that was named last. */
function once(receivers: readonly Receiver[]): Receiver[] {
  return [...new Map(receivers.map((each) => [each.to.toLowerCase(), each])).values()];
}
