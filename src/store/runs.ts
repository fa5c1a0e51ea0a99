import { refuse, ok, type Result } from "../lib/result.ts";
import type { Capability, ConnectionSettings, RoleMode, SourceKind } from "../model/connections.ts";
import type {
  AnswerKind,
  GuardedKind,
  HeldDecision,
  ListingKind,
  Run,
  RunCounts,
  RunScope,
  RunState,
  RunTrigger,
} from "../model/runs.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";
import { signalWork } from "./work-signal.ts";

/** What the safeguard held back, kept with the run until a later run replaces it or a person decides. */
export interface HeldDifference {
  kinds: Partial<Record<GuardedKind, { known: number; gone: number; reason: string }>>;
  /** The account behind the credential at the time of the run: accepting the difference accepts it. */
  currentAccountId: string | null;
}

export interface RunRow extends Run {
  held: HeldDifference | null;
  /** Null while nobody decided. An accepted difference is closed by the site's next run; until then the run stays held. */
  heldDecision: HeldDecision | null;
  /** How many times another process took the run over. */
  resumed: number;
}

export interface RunRequest {
  siteId: string;
  connectionId: string;
  scope: RunScope;
  trigger: RunTrigger;
  requestedBy: string;
  requestedAt: Date;
}

export type RequestRunRefusal = { code: "run-under-way"; message: string; runId: string | null };

const NO_COUNTS: RunCounts = { read: 0, added: 0, changed: 0, gone: 0, notVisible: 0, errors: 0 };

const COLUMNS = sql`
  id, site_id as "siteId", connection_id as "connectionId", scope, trigger, state, requested_by as "requestedBy",
  requested_at as "requestedAt", started_at as "startedAt", observed_at as "observedAt", finished_at as "finishedAt",
  ${JSON.stringify(NO_COUNTS)}::jsonb || counts as counts, requests, points,
  forecast_requests as "forecastRequests", forecast_points as "forecastPoints", waited_ms as "waitedMs", resumed, held,
  held_decision as "heldDecision",
  error_code as "errorCode", error_message as "errorMessage"
`;

/**
 * Queues a run; a site has one at a time, and a second one is refused with the id of the one under way. A full run
 * carries what the last check of the connection forecast for it; of the others nothing is forecast.
 */
export async function requestRun(tx: Tx, request: RunRequest): Promise<Result<string, RequestRunRefusal>> {
  const [made] = await tx.query<{ id: string }>(sql`
    insert into runs (site_id, connection_id, scope, trigger, requested_by, requested_at, forecast_requests, forecast_points)
    select wish.site_id, wish.connection_id, wish.scope, ${request.trigger}, ${request.requestedBy},
           ${request.requestedAt}::timestamptz, (x.forecast ->> 'requests')::integer, (x.forecast ->> 'points')::integer
      from (values (${request.siteId}::text, ${request.connectionId}::text, ${request.scope}::text))
           as wish(site_id, connection_id, scope)
      left join connection_sites x
        on x.site_id = wish.site_id and x.connection_id = wish.connection_id and wish.scope = 'full'
        on conflict (site_id) where state in ('queued', 'running') do nothing
    returning id
  `);
  if (made) {
    await signalWork(tx);
    return ok(made.id);
  }
  const [other] = await tx.query<{ id: string }>(sql`
    select id from runs where site_id = ${request.siteId} and state in ('queued', 'running')
  `);
  return refuse({
    code: "run-under-way",
    message: "A run of this site is already queued or under way. Wait until it has ended, or cancel it first.",
    runId: other?.id ?? null,
  });
}

/** Asks the process that holds the run to stop; one that nobody has begun ends at once. False: it has already ended. */
export async function requestCancel(tx: Tx, runId: string, at: Date): Promise<boolean> {
  const asked = await tx.execute(sql`
    update runs
       set cancel_requested = true,
           state = case when state = 'queued' then 'canceled' else state end,
           finished_at = case when state = 'queued' then ${at}::timestamptz else finished_at end
     where id = ${runId} and state in ('queued', 'running')
  `);
  return asked === 1;
}

export async function findRun(reader: Reader, id: string): Promise<RunRow | null> {
  const [row] = await reader.query<RunRow>(sql`select ${COLUMNS} from runs where id = ${id}`);
  return row ?? null;
}

/**
 * The ended run with the newest held difference of a site, while it still waits for a person. A full run that was not
 * held replaces it; any other run has not looked at all of it, so it replaces only one that is.
 */
export async function findHeldRun(reader: Reader, siteId: string): Promise<RunRow | null> {
  const [row] = await reader.query<RunRow>(sql`
    select ${COLUMNS}
      from runs
     where site_id = ${siteId} and (state = 'held' or scope = 'full' and state in ('succeeded', 'partial'))
     order by requested_at desc
     limit 1
  `);
  return row?.state === "held" ? row : null;
}

/**
 * As of when everything of a site was read, or followed without a gap: the last full run, or the last delta run that read
 * the audit log and whatever it named. What failed in a delta run is named again to the next. Null: there was no full run.
 */
export async function findFollowedUntil(reader: Reader, siteId: string): Promise<Date | null> {
  const [row] = await reader.query<{ until: Date | null }>(sql`
    with whole as (
      select max(observed_at) as observed_at
        from runs
       where site_id = ${siteId} and scope = 'full' and state in ('succeeded', 'partial', 'held')
    )
    select greatest(whole.observed_at, followed.observed_at) as until
      from whole
      left join lateral (select max(r.observed_at) as observed_at
                           from runs r
                          where r.site_id = ${siteId} and r.scope = 'delta' and r.state in ('succeeded', 'held')
                            and r.observed_at > whole.observed_at
                            and exists (select from listings l
                                         where l.run_id = r.id and l.kind = 'audit-activity' and l.state = 'complete'))
             as followed on true
  `);
  return row?.until ?? null;
}

/** Whether the last full run of a site that ended read everything it was to read, and held nothing. */
export async function wasFullRunGood(reader: Reader, siteId: string): Promise<boolean> {
  const [row] = await reader.query<{ state: RunState }>(sql`
    select state
      from runs
     where site_id = ${siteId} and scope = 'full' and finished_at is not null
     order by requested_at desc
     limit 1
  `);
  return row?.state === "succeeded";
}

export async function isCancelRequested(reader: Reader, id: string): Promise<boolean> {
  const [row] = await reader.query<{ asked: boolean }>(
    sql`select cancel_requested as asked from runs where id = ${id}`,
  );
  return row?.asked ?? true;
}

/** Runs that were under way in a process that is no more: nobody holds their site's lease. */
export async function listInterruptedRuns(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select r.id
      from runs r
      left join leases l on l.name = 'site/' || r.site_id and l.until >= clock_timestamp()
     where r.state = 'running' and l.name is null
     order by r.requested_at
  `);
  return rows.map((row) => row.id);
}

/**
 * Marks the run as begun and gives its observation instant, which stays the same when it is resumed and is always later
 * than that of every earlier run of the site: history rows of two runs never begin at one instant. Null: it has ended
 * meanwhile, because it was canceled while it waited.
 */
export async function beginRun(tx: Tx, id: string, now: Date, holder: string | null = null): Promise<Date | null> {
  const [row] = await tx.query<{ observedAt: Date }>(sql`
    update runs this
       set state = 'running',
           resumed = resumed + case when state = 'running' then 1 else 0 end,
           started_at = coalesce(started_at, ${now}),
           holder = ${holder},
           observed_at = coalesce(observed_at, greatest(
             ${now}::timestamptz,
             (select max(earlier.observed_at) + interval '1 millisecond' from runs earlier where earlier.site_id = this.site_id)))
     where id = ${id} and state in ('queued', 'running')
    returning observed_at as "observedAt"
  `);
  return row?.observedAt ?? null;
}

/** Adds what one merge of a kind did; in its transaction, so that a run that is killed counts nothing twice. */
export async function addRunCounts(
  tx: Tx,
  id: string,
  counts: Partial<RunCounts>,
  step: ListingKind | null = null,
): Promise<void> {
  const changes = Object.entries(counts).filter(([, count]) => count !== 0);
  if (changes.length === 0) return;
  const added = JSON.stringify(Object.fromEntries(changes));
  await tx.execute(sql`
    update runs
       set counts = counts || (
             select jsonb_object_agg(key, value::bigint + coalesce((counts ->> key)::bigint, 0))
               from jsonb_each_text(${added}::jsonb)),
           step_counts = case when ${step}::text is null then step_counts else step_counts || jsonb_build_object(
             ${step}::text, coalesce(step_counts -> ${step}::text, '{}') || (
               select jsonb_object_agg(key, value::bigint + coalesce((step_counts -> ${step}::text ->> key)::bigint, 0))
                 from jsonb_each_text(${added}::jsonb))) end
     where id = ${id}
  `);
}

export async function addRunCost(
  tx: Tx,
  id: string,
  cost: { requests: number; points: number; waitedMs: number; answers: Partial<Record<AnswerKind, number>> },
): Promise<void> {
  await tx.execute(sql`
    update runs
       set requests = requests + ${cost.requests},
           points = points + ${cost.points},
           waited_ms = waited_ms + ${Math.round(cost.waitedMs)},
           answers = answers || coalesce((
             select jsonb_object_agg(key, value::bigint + coalesce((answers ->> key)::bigint, 0))
               from jsonb_each_text(${JSON.stringify(cost.answers)}::jsonb)), '{}')
     where id = ${id}
  `);
}

export interface RunEnd {
  state: Exclude<RunState, "queued" | "running">;
  at: Date;
  held: HeldDifference | null;
  error: { code: string; message: string } | null;
}

/** Ends the run and forgets what was staged; its listings stay, as the record of what was read. */
export async function endRun(tx: Tx, id: string, end: RunEnd): Promise<void> {
  await tx.execute(sql`
    update runs
       set state = ${end.state}, finished_at = ${end.at}, held = ${end.held === null ? null : JSON.stringify(end.held)},
           error_code = ${end.error?.code ?? null}, error_message = ${end.error?.message ?? null}
     where id = ${id}
  `);
  await tx.execute(sql`delete from staged_rows where run_id = ${id}`);
}

/** What a run needs to know of its site and connections before the first request. */
export interface RunSetup {
  site: { id: string; source: SourceKind; roleMode: RoleMode | null; lastAccountIds: string[] | null };
  /** What some connection reads in this run. */
  capabilities: Capability[];
  /** Of these, what is read with the credentials of another connection than the run's. */
  readByOthers: Capability[];
  /** Of the run's connection; what concerns activity, of the one that reads activity. */
  settings: ConnectionSettings;
  /** Capabilities whose validation failed: losing them again is no news, and does not make a run partial. */
  lostAtValidation: Capability[];
}

type StoredSettings = ConnectionSettings & { analyzeActivitySince: string };

export async function getRunSetup(
  reader: Reader,
  run: { id: string; siteId: string; connectionId: string },
): Promise<RunSetup> {
  const [row] = await reader.query<{
    source: SourceKind;
    roleMode: RoleMode | null;
    lastAccountIds: string[] | null;
    capabilities: Capability[];
    readByOthers: Capability[];
    settings: StoredSettings;
    activitySettings: StoredSettings | null;
    lost: Capability[] | null;
  }>(sql`
    with readers as (
      select capability, connection_id from run_readers where run_id = ${run.id}
    )
    select s.source, s.role_mode as "roleMode", s.last_account_ids as "lastAccountIds", c.settings,
           coalesce((select array_agg(capability) from readers), c.capabilities) as capabilities,
           coalesce((select array_agg(capability) from readers where connection_id <> c.id), '{}') as "readByOthers",
           (select by.settings
              from readers
              join connections by on by.id = readers.connection_id
             where readers.capability = 'activity') as "activitySettings",
           (select array_agg(distinct probe ->> 'capability')
              from connection_sites cs
             cross join jsonb_array_elements(cs.probes) as each(probe)
             where cs.site_id = s.id
               and probe ->> 'outcome' = 'failed'
               and cs.connection_id = coalesce((select connection_id
                                                  from readers
                                                 where capability = probe ->> 'capability'), c.id)) as lost
      from sites s
     cross join connections c
     where s.id = ${run.siteId} and c.id = ${run.connectionId}
  `);
  if (!row) throw new Error(`Site ${run.siteId} or connection ${run.connectionId} is not there.`);
  const { analyzeActivitySince, idleAfterDays } = row.activitySettings ?? row.settings;
  return {
    site: { id: run.siteId, source: row.source, roleMode: row.roleMode, lastAccountIds: row.lastAccountIds },
    capabilities: row.capabilities,
    readByOthers: row.readByOthers,
    settings: { ...row.settings, idleAfterDays, analyzeActivitySince: new Date(analyzeActivitySince) },
    lostAtValidation: row.lost ?? [],
  };
}

/** `lastSyncedAt` is the observation instant: data is as old as what was seen, not as the end of the run. */
export async function saveSiteSynced(
  tx: Tx,
  siteId: string,
  synced: { observedAt: Date; accountIds: string[] | null },
): Promise<void> {
  await tx.execute(sql`
    update sites
       set last_synced_at = ${synced.observedAt}, last_account_ids = coalesce(${synced.accountIds}, last_account_ids)
     where id = ${siteId}
  `);
}

/** The account whose loss of sight a person accepted: the next run with it is not held for that. Null: it was not told. */
export async function saveSiteAccount(tx: Tx, siteId: string, accountId: string | null): Promise<void> {
  await tx.execute(sql`update sites set last_account_ids = ${accountId && [accountId]} where id = ${siteId}`);
}
