import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";
import { signalWork } from "./work-signal.ts";

export interface MessageDraft {
  channel: "mail" | "webhook";
  /** What it says; one template or event type each. */
  kind: string;
  /** Address, or the id of a webhook. */
  recipient: string;
  subjectId: string | null;
  /** Ids and plain values that the template needs; read again when it is sent where they may have changed. */
  data: Record<string, unknown>;
  /** What makes it the same thing said twice; null: always said. */
  dedupeKey: string | null;
  at: Date;
}

/** Queues a message; it leaves only if this transaction commits. What was said already is not said again. */
export async function queueMessage(tx: Tx, draft: MessageDraft): Promise<void> {
  await tx.execute(sql`
    insert into messages (channel, kind, recipient, subject_id, data, dedupe_key, next_at, created_at)
    values (${draft.channel}, ${draft.kind}, ${draft.recipient}, ${draft.subjectId}, ${JSON.stringify(draft.data)},
            ${draft.dedupeKey}, ${draft.at}, ${draft.at})
        on conflict (dedupe_key) do nothing
  `);
  await signalWork(tx);
}
