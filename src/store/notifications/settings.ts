import { NOTIFICATION_KINDS, type NotificationKind, type Receiver } from "../../model/notifications.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

/** Who is told of a kind of event. */
export interface NotificationSetting {
  kind: NotificationKind;
  when: string;
  receivers: readonly Receiver[];
  /** As it comes with Usher. */
  isDefault: boolean;
  /** Webhooks that are told of it, by name. */
  webhooks: string[];
  /** 0 while it is as it comes with Usher. */
  revision: number;
}

/** Every kind, in the order in which they are described. */
export async function listNotificationSettings(reader: Reader): Promise<NotificationSetting[]> {
  const saved = await reader.query<{ kind: string; receivers: Receiver[]; revision: number }>(sql`
    select kind, receivers, revision from notification_settings
  `);
  const webhooks = await reader.query<{ name: string; events: string[] }>(sql`
    select name, events from webhooks where ended_at is null order by name
  `);
  return NOTIFICATION_KINDS.map(({ kind, when, receivers }) => {
    const own = saved.find((each) => each.kind === kind);
    const told = webhooks.filter((each) => each.events.includes(kind)).map((each) => each.name);
    const setting = { receivers: own?.receivers ?? receivers, isDefault: !own, revision: own?.revision ?? 0 };
    return { kind, when, ...setting, webhooks: told };
  });
}

/** As saved, whatever is saved later; null where it is as it comes with Usher. */
export async function lockNotificationSetting(
  tx: Tx,
  kind: NotificationKind,
): Promise<{ receivers: Receiver[]; revision: number } | null> {
  const rows = await tx.query<{ receivers: Receiver[]; revision: number }>(sql`
    select receivers, revision from notification_settings where kind = ${kind} for update
  `);
  return rows[0] ?? null;
}

export async function saveNotificationSetting(
  tx: Tx,
  setting: { kind: NotificationKind; receivers: readonly Receiver[]; by: string; at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into notification_settings (kind, receivers, updated_at, updated_by)
    values (${setting.kind}, ${JSON.stringify(setting.receivers)}, ${setting.at}, ${setting.by})
        on conflict (kind) do update
       set receivers = excluded.receivers, revision = notification_settings.revision + 1,
           updated_at = excluded.updated_at, updated_by = excluded.updated_by
  `);
}

/** Back to how it comes with Usher. */
export async function deleteNotificationSetting(tx: Tx, kind: NotificationKind): Promise<void> {
  await tx.execute(sql`delete from notification_settings where kind = ${kind}`);
}
