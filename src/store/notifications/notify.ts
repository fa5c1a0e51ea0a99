import {
  describeNotification,
  type NotificationChannel,
  type NotificationData,
  type NotificationKind,
  type Receiver,
} from "../../model/notifications.ts";
import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { signalWork } from "../work-signal.ts";

export interface Notification<Kind extends NotificationKind> {
  kind: Kind;
  /** What it is about; never an account of a person who is left alone: these are told to operators. */
  subjectId: string | null;
  data: NotificationData[Kind];
  at: Date;
  /** Whose owners `connection-owners` are. */
  connectionId?: string | null;
  /** In place of a connection: the owners of every connection that is in service for these sites. */
  siteIds?: readonly string[];
  /** Whom `owner` is: an operator's id. */
  ownerId?: string | null;
  /** Who asked to be told of this very thing, by e-mail: told at once, besides whoever the setting names. */
  asked?: readonly string[];
  /** Owners of the connection who need not be told, by e-mail; who did it knows it. */
  except?: readonly string[];
  /** The same event is told once; null: always. */
  dedupeKey: string | null;
}

/**
 * Tells whoever is to be told of it: mails that leave at once, lines for the next digest, and webhooks. Everything is
 * queued by this transaction and leaves only if it commits. Nobody is told twice, in whichever roles they are named.
 * Gives how many addresses are told, now or when the same was said before.
 */
export async function notify<Kind extends NotificationKind>(tx: Tx, event: Notification<Kind>): Promise<number> {
  const receivers = await readReceivers(tx, event.kind);
  const howByAddress = new Map<string, NotificationChannel>();
  for (const address of event.asked ?? []) howByAddress.set(address.toLowerCase(), "now");
  for (const { to, how } of receivers) {
    for (const address of await addressesOf(tx, to, event)) {
      if (howByAddress.get(address) !== "now") howByAddress.set(address, how);
    }
  }
  const told = [...howByAddress].map(([address, how]) => ({ address, how }));
  await queueMails(tx, event, addressesBy(told, "now"));
  await keepForDigest(tx, event, addressesBy(told, "digest"));
  await queueDeliveries(tx, event);
  await signalWork(tx);
  return told.length;
}

function addressesBy(
  told: readonly { address: string; how: NotificationChannel }[],
  how: NotificationChannel,
): string[] {
  return told.filter((each) => each.how === how).map((each) => each.address);
}

async function readReceivers(tx: Tx, kind: NotificationKind): Promise<readonly Receiver[]> {
  const [row] = await tx.query<{ receivers: Receiver[] }>(sql`
    select receivers from notification_settings where kind = ${kind}
  `);
  return row?.receivers ?? describeNotification(kind)?.receivers ?? [];
}

/** In lower case: two spellings of one mailbox are one. */
async function addressesOf(
  tx: Tx,
  to: Receiver["to"],
  { connectionId = null, siteIds = [], ownerId = null, except = [] }: Notification<NotificationKind>,
): Promise<string[]> {
  if (to === "connection-owners") {
    const owners = await listConnectionOwners(tx, connectionId, siteIds);
    return owners.filter((address) => !except.some((each) => each.toLowerCase() === address));
  }
  if (to === "owner") return ownerId === null ? [] : listOperatorAddresses(tx, ownerId, null);
  if (to.startsWith("role:")) return listOperatorAddresses(tx, null, to.slice("role:".length));
  return [to.slice("address:".length).toLowerCase()];
}

async function listConnectionOwners(
  tx: Tx,
  connectionId: string | null,
  siteIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.query<{ email: string }>(sql`
    select distinct lower(o.email) as email
      from connection_owners o
     where o.connection_id = ${connectionId}
        or o.connection_id in (select x.connection_id
                                 from connection_sites x
                                 join connections c on c.id = x.connection_id
                                where x.site_id = any (${siteIds as string[]}) and c.state in ('published', 'paused'))
  `);
  return rows.map((row) => row.email);
}

async function listOperatorAddresses(tx: Tx, id: string | null, role: string | null): Promise<string[]> {
  const rows = await tx.query<{ email: string }>(sql`
    select distinct lower(email) as email
      from operators
     where email is not null and ended_at is null
       and (id = ${id} or ${role}::text = any (roles))
  `);
  return rows.map((row) => row.email);
}

async function queueMails(
  tx: Tx,
  { kind, subjectId, data, at, dedupeKey }: Notification<NotificationKind>,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await tx.execute(sql`
    insert into messages (channel, kind, recipient, subject_id, data, dedupe_key, next_at, created_at)
    select 'mail', ${kind}, address, ${subjectId}, ${JSON.stringify(data)}::jsonb,
           ${dedupeKey}::text || '/' || address, ${at}, ${at}
      from unnest(${addresses as string[]}::text[]) as address
        on conflict (dedupe_key) do nothing
  `);
}

async function keepForDigest(
  tx: Tx,
  { kind, subjectId, data, at, dedupeKey }: Notification<NotificationKind>,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await tx.execute(sql`
    insert into digest_items (recipient, kind, subject_id, data, at, dedupe_key)
    select address, ${kind}, ${subjectId}, ${JSON.stringify(data)}::jsonb, ${at}, ${dedupeKey}::text || '/' || address
      from unnest(${addresses as string[]}::text[]) as address
        on conflict (dedupe_key) do nothing
  `);
}

/** One delivery for each webhook that asked for the kind; of one that is disabled there is nothing to replay later. */
async function queueDeliveries(
  tx: Tx,
  { kind, subjectId, data, at, dedupeKey }: Notification<NotificationKind>,
): Promise<void> {
  await tx.execute(sql`
    insert into messages (channel, kind, recipient, subject_id, data, dedupe_key, next_at, created_at)
    select 'webhook', ${kind}, id, ${subjectId}, ${JSON.stringify(data)}::jsonb, ${dedupeKey}::text || '/' || id,
           ${at}, ${at}
      from webhooks
     where ended_at is null and state = 'active' and ${kind} = any (events)
        on conflict (dedupe_key) do nothing
  `);
}
