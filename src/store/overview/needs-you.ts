import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** So many of one kind wait for somebody; `firstId` and `firstName` are of the one that waits longest. */
export interface Waiting {
  count: number;
  firstId: string | null;
  firstName: string | null;
  since: Date | null;
}

export type NeedKind = keyof typeof STATEMENTS;

/** When a credential, an exclusion or the notice of a license is near enough to be told of. */
const CREDENTIAL_DAYS = 14;
const EXCLUSION_DAYS = 7;
const RENEWAL_DAYS = 30;

const DAY_MS = 86_400_000;

/** Counts what waits of one kind. */
export async function countWaiting(reader: Reader, kind: NeedKind, now: Date): Promise<Waiting> {
  const [row] = await reader.query<Waiting>(sql`
    select count(*) as count, (array_agg(id order by since nulls last, id))[1] as "firstId",
           (array_agg(name order by since nulls last, id))[1] as "firstName", min(since) as since
      from (${STATEMENTS[kind](now)}) as waiting
  `);
  return row ?? { count: 0, firstId: null, firstName: null, since: null };
}

/** Each gives one row `id, name, since` for each thing that waits. */
const STATEMENTS = {
  "needs-authorization": () => sql`
    select c.id, c.name, min(k.updated_at) as since
      from credentials k
      join connections c on c.id = k.connection_id
     where k.state = 'needs-reauthorization' and c.state <> 'archived'
     group by c.id`,
  "credential-expires": (now: Date) => sql`
    select c.id, c.name, min(k.expires_at) as since
      from credentials k
      join connections c on c.id = k.connection_id
     where k.state = 'active' and k.expires_at <= ${after(now, CREDENTIAL_DAYS)} and c.state <> 'archived'
     group by c.id`,
  "data-stale": (now: Date) => sql`
    select s.id, s.name, max(s.last_synced_at) as since
      from sites s
      join connection_sites x on x.site_id = s.id
      join connections c on c.id = x.connection_id
     where c.state = 'published'
     group by s.id
    having max(s.last_synced_at) < ${now}::timestamptz
                                    - min((c.settings ->> 'staleAfterHours')::integer) * interval '1 hour'`,
  "run-held": () => sql`
    select r.id, s.name, r.finished_at as since
      from (select distinct on (site_id) id, site_id, finished_at, state, held_decision
              from runs
             where state = 'held' or scope = 'full' and state in ('succeeded', 'partial')
             order by site_id, requested_at desc) as r
      join sites s on s.id = r.site_id
     where r.state = 'held' and r.held_decision is null`,
  "candidates-ready": () => sql`
    select c.id, null::text as name, c.state_since as since
      from candidates c
     where c.closed_at is null and c.state = 'ready' and c.plan_id is null`,
  "candidates-deciding": () => sql`
    select c.id, null::text as name, c.state_since as since
      from candidates c
     where c.closed_at is null and c.state = 'deciding'`,
  "candidates-attention": () => sql`
    select c.id, null::text as name, c.state_since as since
      from candidates c
     where c.closed_at is null and c.state = 'attention'`,
  "plans-to-approve": (now: Date) => sql`
    select p.id, p.reason as name, p.created_at as since
      from plans p
     where p.state = 'ready' and p.expires_at > ${now}
       and (select count(*) from plan_approvals a where a.plan_id = p.id and a.hash = p.hash) < p.approvals_needed`,
  "plans-to-apply": (now: Date) => sql`
    select p.id, p.reason as name, p.created_at as since
      from plans p
     where p.state = 'ready' and p.expires_at > ${now}
       and (select count(*) from plan_approvals a where a.plan_id = p.id and a.hash = p.hash) >= p.approvals_needed`,
  "plans-paused": () => sql`
    select p.id, p.reason as name, p.applied_at as since
      from plans p
     where p.state = 'applying' and p.paused is not null`,
  "rules-paused": () => sql`
    select r.id, r.name, (r.paused ->> 'at')::timestamptz as since
      from reclamation_rules r
     where r.ended_at is null and r.status = 'paused' and r.paused ->> 'by' <> 'person'`,
  "exclusions-expiring": (now: Date) => sql`
    select e.id, e.name, e.expires_at as since
      from exclusion_rules e
     where e.ended_at is null and e.is_enabled and e.expires_at > ${now}
       and e.expires_at <= ${after(now, EXCLUSION_DAYS)}`,
  // Before any file or directory told of people, nobody could have been matched.
  "accounts-unmatched": () => sql`
    select m.account_id as id, null::text as name, m.valid_from as since
      from account_matches m
     where m.valid_to is null and m.situation in ('unmatched', 'ambiguous', 'conflicting')
       and exists (select 1 from person_versions v where v.valid_to is null)`,
  "editions-unrecognized": () => sql`
    select i.id, i.identifier as name, i.first_seen_at as since
      from edition_identifiers i
     where i.edition is null and i.first_seen_at is not null`,
  "licenses-missing": () => sql`
    select s.id, s.name, null::timestamptz as since
      from sites s
     where s.edition is distinct from 'free'
       and exists (select 1 from seats seat where seat.site_id = s.id and seat.ended_at is null)
       and not exists (select 1
                         from license_sites x
                         join licenses l on l.id = x.license_id
                        where x.site_id = s.id and l.ended_on is null)`,
  "capacity-reached": () => sql`
    select a.id, s.name, a.crossed_at as since
      from capacity_alerts a
      join sites s on s.id = a.site_id
     where a.crossed_at is not null`,
  "notice-near": (now: Date) => sql`
    select l.id, l.name, coalesce(l.notice_on, l.renewal_on, l.term_end)::timestamp at time zone 'UTC' as since
      from licenses l
     where l.ended_on is null and l.metric <> 'monthly-seats'
       and coalesce(l.notice_on, l.renewal_on, l.term_end) >= (${now}::timestamptz at time zone 'UTC')::date
       and coalesce(l.notice_on, l.renewal_on, l.term_end) <= (${after(now, RENEWAL_DAYS)}::timestamptz at time zone 'UTC')::date`,
  "webhooks-disabled": () => sql`
    select w.id, w.name, w.failing_since as since
      from webhooks w
     where w.ended_at is null and w.state = 'disabled' and w.failing_since is not null`,
  "mail-waiting": (now: Date) => sql`
    select m.id, m.kind as name, m.created_at as since
      from messages m
     where m.channel = 'mail' and m.state = 'waiting' and m.next_at < ${after(now, -1 / 24)}`,
};

function after(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
