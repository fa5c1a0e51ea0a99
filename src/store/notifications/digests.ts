import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { signalWork } from "../work-signal.ts";

/** Lines of one digest: the newest, as a mail of thousands helps nobody. */
const ITEMS_MAX = 100;

/** Queues one mail for each address that something waits for; gives how many. Each item is told once. */
export async function queueDigests(tx: Tx, at: Date): Promise<number> {
  // Two that do this at once take turns, so that the second finds nothing left.
  await tx.execute(sql`lock table digest_items in share row exclusive mode`);
  const queued = await tx.execute(sql`
    with waiting as (
      select recipient, kind, data, at, row_number() over (partition by recipient order by at desc, id desc) as position
        from digest_items
       where message_id is null and at <= ${at}
    ), digests as (
      select recipient, count(*) as total,
             jsonb_agg(jsonb_build_object('kind', kind, 'data', data, 'at',
                                          to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                       order by position) filter (where position <= ${ITEMS_MAX}) as items
        from waiting
       group by recipient
    ), sent as (
      insert into messages (channel, kind, recipient, data, next_at, created_at)
      select 'mail', 'digest', recipient, jsonb_build_object('items', items, 'total', total), ${at}::timestamptz,
             ${at}::timestamptz
        from digests
      returning id, recipient
    ), told as (
      update digest_items i
         set message_id = sent.id
        from sent
       where i.recipient = sent.recipient and i.message_id is null and i.at <= ${at}
    )
    select id from sent
  `);
  if (queued > 0) await signalWork(tx);
  return queued;
}

/** What was told long ago. */
export async function deleteDigestItems(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from digest_items where at < ${before} and message_id is not null`);
}
