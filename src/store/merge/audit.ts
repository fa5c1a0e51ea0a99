import type { ActivityType, AuditObject } from "../../model/facts.ts";
import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { identifyAccounts } from "./accounts.ts";
import { advanceEvidence, type EvidenceWindow } from "./activity.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";

/** One record of the audit log. */
export interface AuditRow {
  event_id: string;
  /** Null: the system itself. */
  author_source_id: string | null;
  change: string;
  summary: string;
  occurred_at: string;
  objects: readonly AuditObject[];
}

const TYPE: ActivityType = "admin";

/**
 * Adds records under their authors, whom they show at work. Records are only ever added, so one that is read again adds
 * nothing. Accounts that were not seen before are identified, and described later by their id.
 */
export async function mergeAuditEvents(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  window: EvidenceWindow,
): Promise<MergeResult> {
  const { siteId, observedAt } = context;
  await keepRows(
    tx,
    "incoming_audit",
    sql`select distinct on (each.event_id) each.*
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(event_id text, author_source_id text, summary text, occurred_at timestamptz)
         where each.author_source_id is not null
         order by each.event_id`,
  );
  await identifyAccounts(tx, context, sql`select author_source_id as source_id from incoming_audit`);
  const added = await tx.execute(sql`
    insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
    select ${siteId}, 'audit-log', i.event_id, a.id, ${TYPE}, i.summary, i.occurred_at, ${observedAt}
      from incoming_audit i
      join accounts a on a.site_id = ${siteId} and a.source_id = i.author_source_id
        on conflict (site_id, source, event_id) do nothing
  `);
  await advanceEvidence(
    tx,
    siteId,
    window,
    sql`select a.id as account_id, max(i.occurred_at) as last_at
          from incoming_audit i
          join accounts a on a.site_id = ${siteId} and a.source_id = i.author_source_id
         group by a.id`,
  );
  return { added, changed: 0 };
}

/**
 * Lists records under the accounts that they concern, once everybody is known whom this run saw. By id where the record
 * has one; a display name counts only where exactly one account of the site, present or past, ever had it. Being concerned
 * is no evidence of use. Who did it to himself is its author, and not listed twice.
 */
export async function addEventSubjects(tx: Tx, context: MergeContext, incoming: Incoming): Promise<number> {
  const { siteId, observedAt } = context;
  await keepRows(
    tx,
    "incoming_subjects",
    sql`select distinct each.event_id, each.author_source_id, each.summary, each.occurred_at,
               object."sourceId" as source_id, object.name
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(event_id text, author_source_id text, summary text, occurred_at timestamptz, objects jsonb)
         cross join lateral jsonb_to_recordset(each.objects) as object(type text, "sourceId" text, name text)
         where object.type = 'account'`,
  );
  await keepRows(
    tx,
    "named_accounts",
    sql`select v.display_name as name, min(v.account_id) as account_id
          from account_versions v
         where v.site_id = ${siteId}
           and v.display_name in (select name from incoming_subjects where source_id is null)
         group by v.display_name
        having count(distinct v.account_id) = 1`,
  );
  return tx.execute(sql`
    insert into activity_event_subjects (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
    select distinct on (i.event_id, a.id)
           ${siteId}, 'audit-log', i.event_id, a.id, ${TYPE}, i.summary, i.occurred_at, ${observedAt}::timestamptz
      from incoming_subjects i
      left join named_accounts n on i.source_id is null and n.name = i.name
      join accounts a
        on a.site_id = ${siteId} and (a.id = n.account_id or i.source_id is not null and a.source_id = i.source_id)
     where a.source_id is distinct from i.author_source_id
     order by i.event_id, a.id
        on conflict (site_id, source, event_id, account_id) do nothing
  `);
}
