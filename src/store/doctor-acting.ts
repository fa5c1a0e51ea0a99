import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** What of acting and telling does not go on by itself. */
export interface ActingFacts {
  /** Messages that were given up within the last week. */
  failedMessages: { mails: number; webhooks: number; lastError: string | null };
  /** Names. */
  disabledWebhooks: string[];
  actions: {
    /** Due for longer than an hour, of plans that are not paused. */
    stuck: number;
    /** Sent within the last week, and never seen at the source. */
    unverified: number;
  };
  /** Ids of plans under way that wait for somebody. */
  pausedPlans: string[];
  /** Names of rules that a safeguard paused. */
  pausedRules: string[];
  checkpoint: {
    /** Entries that no checkpoint holds yet, and since when the oldest of them waits. */
    unsigned: number;
    since: Date | null;
  };
}

export async function readActingFacts(reader: Reader): Promise<ActingFacts> {
  return {
    failedMessages: await countFailedMessages(reader),
    disabledWebhooks: await listDisabledWebhooks(reader),
    actions: await countActions(reader),
    pausedPlans: await listPausedPlans(reader),
    pausedRules: await listPausedRules(reader),
    checkpoint: await readUnsigned(reader),
  };
}

async function countFailedMessages(reader: Reader): Promise<ActingFacts["failedMessages"]> {
  const [row] = await reader.query<ActingFacts["failedMessages"]>(sql`
    select count(*) filter (where channel = 'mail') as mails, count(*) filter (where channel = 'webhook') as webhooks,
           (array_agg(error order by ended_at desc) filter (where error is not null))[1] as "lastError"
      from messages
     where state = 'failed' and ended_at > clock_timestamp() - interval '7 days'
  `);
  return row ?? { mails: 0, webhooks: 0, lastError: null };
}

async function listDisabledWebhooks(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ name: string }>(sql`
    select name from webhooks where ended_at is null and state = 'disabled' order by name
  `);
  return rows.map(({ name }) => name);
}

/** What a person or another system is to do waits for their word, however long. */
async function countActions(reader: Reader): Promise<ActingFacts["actions"]> {
  const [row] = await reader.query<ActingFacts["actions"]>(sql`
    select count(*) filter (where x.state in ('planned', 'running') and p.paused is null and (p.canary_until is null or x.position < p.canary_until)
                                  and x.next_at < clock_timestamp() - interval '1 hour'
                                  and (x.kind not in ('instruction', 'webhook') or x.reported_at is not null)) as stuck,
           count(*) filter (where x.state = 'unverified'
                                  and x.finished_at > clock_timestamp() - interval '7 days') as unverified
      from actions x
      join plans p on p.id = x.plan_id
     where x.state in ('planned', 'running') and p.state = 'applying'
        or x.state = 'unverified'
  `);
  return row ?? { stuck: 0, unverified: 0 };
}

async function listPausedPlans(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select id from plans where state = 'applying' and paused is not null order by applied_at, id
  `);
  return rows.map(({ id }) => id);
}

async function listPausedRules(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ name: string }>(sql`
    select name from reclamation_rules where status = 'paused' and paused ->> 'by' <> 'person' order by name
  `);
  return rows.map(({ name }) => name);
}

async function readUnsigned(reader: Reader): Promise<ActingFacts["checkpoint"]> {
  const [row] = await reader.query<ActingFacts["checkpoint"]>(sql`
    select count(*) as unsigned, min(at) as since
      from journal_entries
     where seq > coalesce((select max(seq) from journal_checkpoints), 0)
  `);
  return row ?? { unsigned: 0, since: null };
}
