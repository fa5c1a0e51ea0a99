import type { Reader, Tx } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

/** As everyone may know it; its secret is shown once, when it is made. */
export interface WebhookRow {
  id: string;
  name: string;
  url: string;
  events: string[];
  state: "active" | "disabled";
  disabledReason: string | null;
  failingSince: Date | null;
  /** Until when the secret before also signs; null where there is none. */
  previousUntil: Date | null;
  ownerId: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** With its secrets, sealed. */
export interface SealedWebhook extends WebhookRow {
  secret: string;
  previousSecret: string | null;
}

const COLUMNS = sql`
  w.id, w.name, w.url, w.events, w.state, w.disabled_reason as "disabledReason", w.failing_since as "failingSince",
  w.previous_until as "previousUntil", w.owner_id as "ownerId", w.revision, w.created_at as "createdAt",
  w.updated_at as "updatedAt"
`;

/** What its secret is bound to when it is sealed. */
export function webhookSecretPlace(id: string): string {
  return `webhooks/${id}/secret`;
}

export async function findWebhook(reader: Reader, id: string): Promise<WebhookRow | null> {
  const rows = await reader.query<WebhookRow>(sql`
    select ${COLUMNS} from webhooks w where w.id = ${id} and w.ended_at is null
  `);
  return rows[0] ?? null;
}

export async function lockWebhook(tx: Tx, id: string): Promise<WebhookRow | null> {
  const rows = await tx.query<WebhookRow>(sql`
    select ${COLUMNS} from webhooks w where w.id = ${id} and w.ended_at is null for update
  `);
  return rows[0] ?? null;
}

/** Those that something is to be sent to; also one that has ended, which gets nothing. */
export async function listSealedWebhooks(reader: Reader, ids: readonly string[]): Promise<SealedWebhook[]> {
  return reader.query<SealedWebhook>(sql`
    select ${COLUMNS}, w.secret, w.previous_secret as "previousSecret"
      from webhooks w
     where w.id = any (${ids as string[]}) and w.ended_at is null
  `);
}

/** Its id is made first: the secret is sealed for it. */
export async function makeWebhookId(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`select new_id('webhook') as id`);
  return row!.id;
}

export async function insertWebhook(
  tx: Tx,
  webhook: {
    id: string;
    name: string;
    url: string;
    events: readonly string[];
    secret: string;
    ownerId: string;
    at: Date;
  },
): Promise<void> {
  const { id, name, url, events, secret, ownerId, at } = webhook;
  await tx.execute(sql`
    insert into webhooks (id, name, url, events, secret, owner_id, created_at, updated_at)
    values (${id}, ${name}, ${url}, ${events}, ${secret}, ${ownerId}, ${at}, ${at})
  `);
}

/** A webhook that is enabled again begins without a past. */
export async function saveWebhook(
  tx: Tx,
  webhook: Pick<WebhookRow, "id" | "name" | "url" | "events" | "state" | "disabledReason">,
  at: Date,
): Promise<void> {
  const { id, name, url, events, state, disabledReason } = webhook;
  await tx.execute(sql`
    update webhooks
       set name = ${name}, url = ${url}, events = ${events}, disabled_reason = ${disabledReason},
           failing_since = case when ${state} = 'active' and state <> 'active' then null else failing_since end,
           state = ${state}, revision = revision + 1, updated_at = ${at}
     where id = ${id}
  `);
}

/** The secret so far signs beside the new one until `until`. */
export async function saveWebhookSecret(
  tx: Tx,
  id: string,
  { secret, until, at }: { secret: string; until: Date; at: Date },
): Promise<void> {
  await tx.execute(sql`
    update webhooks
       set previous_secret = secret, previous_until = ${until}, secret = ${secret}, revision = revision + 1,
           updated_at = ${at}
     where id = ${id}
  `);
}

/** Its deliveries stay; what still waits is not sent. */
export async function endWebhook(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`update webhooks set ended_at = ${at}, updated_at = ${at} where id = ${id}`);
  await dropWaitingDeliveries(tx, id, "The webhook was deleted.", at);
}

export async function dropWaitingDeliveries(tx: Tx, id: string, why: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update messages
       set state = 'dropped', error = ${why}, ended_at = ${at}
     where channel = 'webhook' and recipient = ${id} and state = 'waiting'
  `);
}

/** One delivery that worked ends a time of failures. */
export async function noteWebhookResult(tx: Tx, id: string, isDelivered: boolean, at: Date): Promise<void> {
  await tx.execute(sql`
    update webhooks
       set failing_since = case when ${isDelivered}::boolean then null else coalesce(failing_since, ${at}::timestamptz) end
     where id = ${id} and (failing_since is not null) = ${isDelivered}::boolean
  `);
}

/** Webhooks for a list. */
export function webhookRows(filter: {
  state: WebhookRow["state"] | null;
}): ListSource<WebhookRow, WebhookRow, "name" | "createdAt"> {
  const rows = sql`
      from webhooks w
     where w.ended_at is null and (${filter.state}::text is null or w.state = ${filter.state})
  `;
  return {
    sorts: {
      name: { by: sql`lower(w.name) collate "C"`, type: "text" },
      createdAt: { by: sql`w.created_at`, type: "timestamptz" },
    },
    tie: { by: sql`w.id`, type: "text" },
    select: (page) => sql`select ${COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
