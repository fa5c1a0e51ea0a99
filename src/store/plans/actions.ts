import type { ActionState, PlanMembership, PlanOutcome } from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

/** One change at a source. */
export interface Action {
  id: string;
  planId: string;
  position: number;
  siteId: string;
  accountId: string;
  /** A `ChangeKind`; `instruction` and `webhook` where a person or another system makes the change. */
  kind: string;
  target: { accountSourceId: string; groupSourceId?: string };
  state: ActionState;
  sentAt: Date | null;
  answeredAt: Date | null;
  reportedAt: Date | null;
  reportedBy: string | null;
  attempts: number;
  nextAt: Date;
  plannedAt: Date;
  finishedAt: Date | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  outcome: PlanOutcome | null;
}

const COLUMNS = rawSql(`
  x.id, x.plan_id as "planId", x.position, x.site_id as "siteId", x.account_id as "accountId", x.kind, x.target, x.state,
  x.sent_at as "sentAt", x.answered_at as "answeredAt", x.reported_at as "reportedAt", x.reported_by as "reportedBy",
  x.attempts, x.next_at as "nextAt", x.planned_at as "plannedAt", x.finished_at as "finishedAt", x.before, x.after,
  x.outcome`);

export async function findAction(reader: Reader, id: string): Promise<Action | null> {
  const [row] = await reader.query<Action>(sql`
    select ${COLUMNS} from actions x where x.id = ${id} and x.plan_id is not null
  `);
  return row ?? null;
}

/** Waits for, then holds, the action until the transaction ends. */
export async function lockAction(tx: Tx, id: string): Promise<Action | null> {
  const [row] = await tx.query<Action>(sql`
    select ${COLUMNS} from actions x where x.id = ${id} and x.plan_id is not null for update
  `);
  return row ?? null;
}

export function listActionsOfRow(reader: Reader, planId: string, position: number): Promise<Action[]> {
  return reader.query<Action>(sql`
    select ${COLUMNS} from actions x where x.plan_id = ${planId} and x.position = ${position} order by x.id
  `);
}

/** The actions of the rows at these places, in the order in which they are made. */
export function listActionsAt(
  reader: Reader,
  places: readonly { planId: string; position: number }[],
): Promise<Action[]> {
  return reader.query<Action>(sql`
    select ${COLUMNS}
      from actions x
     where (x.plan_id, x.position) in (select plan_id, position
                                         from unnest(${places.map((each) => each.planId)}::text[],
                                                     ${places.map((each) => each.position)}::integer[])
                                              as place(plan_id, position))
     order by x.id
  `);
}

/** Says that these changes are being sent: whoever comes after reads before sending them again. */
export async function saveActionsSent(tx: Tx, ids: readonly string[], holder: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update actions
       set state = 'running', sent_at = ${at}, answered_at = null, holder = ${holder}, attempts = attempts + 1
     where id = any (${ids as string[]})
  `);
}

/** What became of one action of a seat. */
export interface ActionChange {
  id: string;
  state: ActionState;
  sentAt: Date | null;
  answeredAt: Date | null;
  attempts: number;
  nextAt: Date;
  finishedAt: Date | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  outcome: PlanOutcome | null;
}

export async function saveActions(tx: Tx, changes: readonly ActionChange[]): Promise<void> {
  await tx.execute(sql`
    update actions x
       set state = n.state, sent_at = n."sentAt", answered_at = n."answeredAt", attempts = n.attempts,
           next_at = n."nextAt", finished_at = n."finishedAt", before = nullif(n.before, 'null'),
           after = nullif(n.after, 'null'), outcome = nullif(n.outcome, 'null')
      from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
           as n(id text, state text, "sentAt" timestamptz, "answeredAt" timestamptz, attempts integer,
                "nextAt" timestamptz, "finishedAt" timestamptz, before jsonb, after jsonb, outcome jsonb)
     where x.id = n.id and x.state in ('planned', 'running')
  `);
}

/** What an outside flow needs to make the change of one seat. */
export interface OutsideRequest {
  webhookId: string;
  actionId: string;
  planId: string;
  siteId: string;
  site: string;
  accountId: string;
  accountSourceId: string;
  memberships: PlanMembership[];
  text: string | null;
}

/** Seats of a plan that wait for an outside flow. */
export function listWaitingRequests(reader: Reader, planId: string): Promise<OutsideRequest[]> {
  return reader.query<OutsideRequest>(sql`
    select e.webhook_id as "webhookId", x.id as "actionId", x.plan_id as "planId", x.site_id as "siteId", s.base_url as site,
           x.account_id as "accountId", x.target ->> 'accountSourceId' as "accountSourceId", r.memberships,
           r.instruction ->> 'text' as text
      from actions x
      join plan_rows r on r.plan_id = x.plan_id and r.position = x.position
      join sites s on s.id = x.site_id
      join site_executors e on e.site_id = x.site_id and e.webhook_id is not null
     where x.plan_id = ${planId} and x.kind = 'webhook' and x.state = 'planned'
     order by x.position
  `);
}

/** Somebody says that a change which Usher does not make is made; it is read back at once. */
export async function saveActionReported(tx: Tx, id: string, by: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update actions
       set state = 'running', reported_at = ${at}, reported_by = ${by}, next_at = ${at}, attempts = 0, outcome = null
     where id = ${id}
  `);
}

/** Whoever was to make the change says that it cannot be made. */
export async function saveActionFailed(tx: Tx, id: string, by: string, outcome: PlanOutcome, at: Date): Promise<void> {
  await tx.execute(sql`
    update actions
       set state = 'failed', reported_at = ${at}, reported_by = ${by}, finished_at = ${at},
           outcome = ${JSON.stringify(outcome)}
     where id = ${id}
  `);
}

/** Open actions of a plan at a site that cannot be opened now. */
export async function postponeActions(tx: Tx, of: { planId: string; siteId: string }, nextAt: Date): Promise<void> {
  await tx.execute(sql`
    update actions
       set next_at = ${nextAt}
     where plan_id = ${of.planId} and site_id = ${of.siteId} and state in ('planned', 'running')
  `);
}

/** What was reported is not so: it waits for whoever makes it again. */
export async function saveActionWaiting(
  tx: Tx,
  id: string,
  after: Record<string, unknown>,
  outcome: PlanOutcome,
): Promise<void> {
  await tx.execute(sql`
    update actions
       set state = 'planned', reported_at = null, after = ${JSON.stringify(after)}, outcome = ${JSON.stringify(outcome)}
     where id = ${id} and state in ('planned', 'running')
  `);
}

/** An action as lists show it. */
export interface ShownAction extends Action {
  site: string;
  name: string | null;
  instruction: string | null;
}

export interface ActionFilters {
  planId: string | null;
  siteId: string | null;
  states: readonly ActionState[] | null;
  /** Those that a person or another system makes and nobody has reported. */
  waits: boolean | null;
}

export function actionList(filters: ActionFilters): ListSource<ShownAction, ShownAction, "plannedAt"> {
  const states = filters.states as string[] | null;
  const rows = sql`
      from actions x
      join plan_rows r on r.plan_id = x.plan_id and r.position = x.position
      join sites s on s.id = x.site_id
      left join account_versions v on v.site_id = x.site_id and v.account_id = x.account_id and v.valid_to is null
     where (${filters.planId}::text is null or x.plan_id = ${filters.planId})
       and (${filters.siteId}::text is null or x.site_id = ${filters.siteId})
       and (${states}::text[] is null or x.state = any (${states}))
       and (${filters.waits}::boolean is null
            or (x.kind in ('instruction', 'webhook') and x.state = 'planned') = ${filters.waits})`;
  return {
    sorts: { plannedAt: { by: rawSql("x.planned_at"), type: "timestamptz" } },
    tie: { by: rawSql("x.id"), type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, s.name as site, v.display_name as name, r.instruction ->> 'text' as instruction, ${page.keys}
        ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
