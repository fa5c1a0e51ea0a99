import type { Checkpoint } from "../lib/checkpoint.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

const COLUMNS = sql`seq, hash, at, key_id as "keyId", public_key as "publicKey", signature`;

/** In their order. Hourly ones of ten years are some 90,000 short rows. */
export async function listCheckpoints(reader: Reader): Promise<Checkpoint[]> {
  return reader.query<Checkpoint>(sql`select ${COLUMNS} from journal_checkpoints order by seq`);
}

export async function findNewestCheckpoint(reader: Reader): Promise<Checkpoint | null> {
  const rows = await reader.query<Checkpoint>(sql`
    select ${COLUMNS} from journal_checkpoints order by seq desc limit 1
  `);
  return rows[0] ?? null;
}

/** The first that was signed at this entry or later, which the entry's hash is in. */
export async function findCheckpointOf(reader: Reader, seq: number): Promise<Checkpoint | null> {
  const rows = await reader.query<Checkpoint>(sql`
    select ${COLUMNS} from journal_checkpoints where seq >= ${seq} order by seq limit 1
  `);
  return rows[0] ?? null;
}

/** False: another process has signed the same entry. */
export async function insertCheckpoint(tx: Tx, checkpoint: Checkpoint): Promise<boolean> {
  const { seq, hash, at, keyId, publicKey, signature } = checkpoint;
  const inserted = await tx.execute(sql`
    insert into journal_checkpoints (seq, hash, at, key_id, public_key, signature)
    values (${seq}, ${hash}, ${at}, ${keyId}, ${publicKey}, ${signature})
        on conflict (seq) do nothing
  `);
  return inserted > 0;
}

/** The newest entry and its hash. */
export async function readJournalHead(reader: Reader): Promise<{ seq: number; hash: string }> {
  const [head] = await reader.query<{ seq: number; hash: string }>(sql`select seq, hash from journal_head`);
  if (!head) throw new Error("The journal has no head row: the first migration did not run.");
  return head;
}
