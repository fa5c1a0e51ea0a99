import type { Plan, PlanKind, PlanMoney, PlanPause, PlanState } from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

const COLUMNS = rawSql(`
  p.id, p.kind, p.state, p.reason, p.rule_id as "ruleId", p.undoes_plan_id as "undoesPlanId",
  p.is_unattended as "isUnattended", p.asked_by_holder as "askedByHolder", p.site_ids as "siteIds",
  p.accepts_products as "acceptsProducts", p.counts, p.money, p.limits, p.hash,
  p.approvals_needed as "approvalsNeeded", p.canary_size as "canarySize", p.paused, p.created_by as "createdBy",
  p.created_at as "createdAt", p.expires_at as "expiresAt", p.applied_by as "appliedBy", p.applied_at as "appliedAt",
  p.finished_at as "finishedAt", p.revision`);

/** As stored: instants inside jsonb are ISO text. */
type StoredPlan = Omit<Plan, "money" | "paused"> & {
  money: (Omit<PlanMoney, "from"> & { from: string | null })[];
  paused: (Omit<PlanPause, "at"> & { at: string }) | null;
};

function toPlan({ money, paused, ...plan }: StoredPlan): Plan {
  return {
    ...plan,
    money: money.map((each) => ({ ...each, from: each.from === null ? null : new Date(each.from) })),
    paused: paused && { ...paused, at: new Date(paused.at) },
  };
}

export type PlanDraft = Pick<
  Plan,
  | "kind"
  | "reason"
  | "ruleId"
  | "undoesPlanId"
  | "isUnattended"
  | "askedByHolder"
  | "siteIds"
  | "acceptsProducts"
  | "counts"
  | "money"
  | "limits"
  | "hash"
  | "approvalsNeeded"
  | "canarySize"
  | "createdBy"
  | "createdAt"
  | "expiresAt"
>;

/** Saves a plan that is ready; its rows follow in the same transaction. */
export async function insertPlan(tx: Tx, draft: PlanDraft): Promise<Plan> {
  const rows = await tx.query<StoredPlan>(sql`
    insert into plans as p
      (kind, reason, rule_id, undoes_plan_id, is_unattended, asked_by_holder, site_ids, accepts_products, counts, money,
       limits, hash, approvals_needed, canary_size, created_by, created_at, expires_at)
    values (${draft.kind}, ${draft.reason}, ${draft.ruleId}, ${draft.undoesPlanId}, ${draft.isUnattended},
            ${draft.askedByHolder}, ${draft.siteIds}, ${draft.acceptsProducts}, ${JSON.stringify(draft.counts)},
            ${JSON.stringify(draft.money)}, ${JSON.stringify(draft.limits)}, ${draft.hash}, ${draft.approvalsNeeded},
            ${draft.canarySize}, ${draft.createdBy}, ${draft.createdAt}, ${draft.expiresAt})
    returning ${COLUMNS}
  `);
  return toPlan(rows[0]!);
}

export async function findPlan(reader: Reader, id: string): Promise<Plan | null> {
  const [row] = await reader.query<StoredPlan>(sql`select ${COLUMNS} from plans p where p.id = ${id}`);
  return row ? toPlan(row) : null;
}

/** Waits for, then holds, the plan until the transaction ends. */
export async function lockPlan(tx: Tx, id: string): Promise<Plan | null> {
  const [row] = await tx.query<StoredPlan>(sql`select ${COLUMNS} from plans p where p.id = ${id} for update`);
  return row ? toPlan(row) : null;
}

export async function savePlanApplied(tx: Tx, id: string, by: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update plans
       set state = 'applying', applied_by = ${by}, applied_at = ${at}, paused = null, revision = revision + 1
     where id = ${id}
  `);
}

export async function savePlanState(tx: Tx, id: string, state: PlanState, finishedAt: Date | null): Promise<void> {
  await tx.execute(sql`
    update plans
       set state = ${state}, finished_at = coalesce(${finishedAt}, finished_at), revision = revision + 1
     where id = ${id}
  `);
}

export async function savePlanPaused(tx: Tx, id: string, paused: PlanPause | null): Promise<void> {
  await tx.execute(sql`
    update plans
       set paused = ${paused && JSON.stringify(paused)}, revision = revision + 1
     where id = ${id}
  `);
}

/** Plans that waited too long for somebody to apply them; gives their ids. */
export async function expirePlans(tx: Tx, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update plans
       set state = 'expired', finished_at = ${at}, revision = revision + 1
     where state = 'ready' and expires_at <= ${at}
    returning id
  `);
  return rows.map((row) => row.id);
}

export interface PlanFilters {
  kind: PlanKind | null;
  states: readonly PlanState[] | null;
  siteId: string | null;
  ruleId: string | null;
}

export function planList(filters: PlanFilters): ListSource<StoredPlan, Plan, "createdAt"> {
  const rows = sql`
      from plans p
     where (${filters.kind}::text is null or p.kind = ${filters.kind})
       and (${filters.states as string[] | null}::text[] is null or p.state = any (${filters.states as string[] | null}))
       and (${filters.siteId}::text is null or ${filters.siteId}::text = any (p.site_ids))
       and (${filters.ruleId}::text is null or p.rule_id = ${filters.ruleId})`;
  return {
    sorts: { createdAt: { by: rawSql("p.created_at"), type: "timestamptz" } },
    tie: { by: rawSql("p.id"), type: "text" },
    select: (page) => sql`select ${COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
    toItems: (found) => found.map(toPlan),
  };
}
