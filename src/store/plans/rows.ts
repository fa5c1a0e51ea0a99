import type {
  Executor,
  PlanInstruction,
  PlanLosses,
  PlanMembership,
  PlanOutcome,
  PlanRowState,
} from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

/** One seat of a plan. */
export interface PlanRow {
  planId: string;
  position: number;
  siteId: string;
  accountId: string;
  accountSourceId: string;
  seatId: string | null;
  candidateId: string | null;
  executor: Executor;
  memberships: PlanMembership[];
  loses: PlanLosses;
  instruction: PlanInstruction | null;
  savesMinor: number | null;
  currency: string | null;
  savesFrom: Date | null;
  /** Use of the seat after this speaks against taking it. */
  unusedSince: Date | null;
  state: PlanRowState;
  outcome: PlanOutcome | null;
}

export type PlanRowDraft = Omit<PlanRow, "planId">;

const COLUMNS = rawSql(`
  r.plan_id as "planId", r.position, r.site_id as "siteId", r.account_id as "accountId",
  a.source_id as "accountSourceId", r.seat_id as "seatId", r.candidate_id as "candidateId", r.executor, r.memberships,
  r.loses, r.instruction, r.saves_minor as "savesMinor", r.currency, r.saves_from as "savesFrom",
  r.unused_since as "unusedSince", r.state, r.outcome`);

const FROM = rawSql(`plan_rows r join accounts a on a.site_id = r.site_id and a.id = r.account_id`);

/** All rows of a plan in one statement. */
export async function insertPlanRows(tx: Tx, planId: string, rows: readonly PlanRowDraft[]): Promise<void> {
  await tx.execute(sql`
    insert into plan_rows
      (plan_id, position, site_id, account_id, seat_id, candidate_id, executor, memberships, loses, instruction,
       saves_minor, currency, saves_from, unused_since, state, outcome)
    select ${planId}, r.position, r."siteId", r."accountId", r."seatId", r."candidateId", r.executor, r.memberships,
           r.loses, nullif(r.instruction, 'null'), r."savesMinor", r.currency, r."savesFrom", r."unusedSince", r.state,
           nullif(r.outcome, 'null')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
           as r(position integer, "siteId" text, "accountId" text, "seatId" text, "candidateId" text, executor text,
                memberships jsonb, loses jsonb, instruction jsonb, "savesMinor" bigint, currency text,
                "savesFrom" timestamptz, "unusedSince" timestamptz, state text, outcome jsonb)
  `);
}

/** In the order in which they are carried out. */
export function listPlanRows(reader: Reader, planId: string, position: number | null = null): Promise<PlanRow[]> {
  return reader.query<PlanRow>(sql`
    select ${COLUMNS}
      from ${FROM}
     where r.plan_id = ${planId} and (${position}::integer is null or r.position = ${position})
     order by r.position
  `);
}

/** The rows at these places, in no order. */
export function listPlanRowsAt(
  reader: Reader,
  places: readonly { planId: string; position: number }[],
): Promise<PlanRow[]> {
  return reader.query<PlanRow>(sql`
    select ${COLUMNS}
      from ${FROM}
     where (r.plan_id, r.position) in (select plan_id, position
                                         from unnest(${places.map((each) => each.planId)}::text[],
                                                     ${places.map((each) => each.position)}::integer[])
                                              as place(plan_id, position))
  `);
}

/** Waits for, then holds, the row until the transaction ends. */
export async function lockPlanRow(tx: Tx, planId: string, position: number): Promise<PlanRow | null> {
  const [row] = await tx.query<PlanRow>(sql`
    select ${COLUMNS}
      from ${FROM}
     where r.plan_id = ${planId} and r.position = ${position}
       for update of r
  `);
  return row ?? null;
}

export async function savePlanRow(
  tx: Tx,
  row: { planId: string; position: number },
  state: PlanRowState,
  outcome: PlanOutcome | null,
): Promise<void> {
  await tx.execute(sql`
    update plan_rows
       set state = ${state}, outcome = ${outcome && JSON.stringify(outcome)}
     where plan_id = ${row.planId} and position = ${row.position}
  `);
}

/** How many rows of a plan are in each state; states without a row are left out. */
export async function countPlanRows(
  reader: Reader,
  planId: string,
  belowPosition: number | null = null,
): Promise<Partial<Record<PlanRowState, number>>> {
  const rows = await reader.query<{ state: PlanRowState; count: number }>(sql`
    select state, count(*) as count
      from plan_rows
     where plan_id = ${planId} and (${belowPosition}::integer is null or position < ${belowPosition})
     group by state
  `);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** A row as lists show it, with whose seat it is. */
export interface ShownPlanRow extends PlanRow {
  name: string | null;
  email: string | null;
  site: string;
}

export function planRowList(
  planId: string,
  filters: { states: readonly PlanRowState[] | null; siteId: string | null; accountId: string | null },
): ListSource<ShownPlanRow, ShownPlanRow, "position"> {
  const states = filters.states as string[] | null;
  const rows = sql`
      from ${FROM}
      join sites s on s.id = r.site_id
      left join account_versions v on v.site_id = r.site_id and v.account_id = r.account_id and v.valid_to is null
     where r.plan_id = ${planId} and (${states}::text[] is null or r.state = any (${states}))
       and (${filters.siteId}::text is null or r.site_id = ${filters.siteId})
       and (${filters.accountId}::text is null or r.account_id = ${filters.accountId})`;
  return {
    sorts: { position: { by: rawSql("r.position::bigint"), type: "bigint" } },
    tie: { by: rawSql("r.position::bigint"), type: "bigint" },
    select: (page) => sql`
      select ${COLUMNS}, v.display_name as name, v.email, s.name as site, ${page.keys}
        ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
