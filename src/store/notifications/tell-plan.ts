import type { PlanKind } from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import type { PlanUnderWay } from "../plans/progress.ts";
import { sql } from "../sql.ts";
import { notify } from "./notify.ts";

/** Tells that a plan was carried out, or what of it was not. */
export async function tellPlanEnd(
  tx: Tx,
  { id, failed, unverified, leftOut }: Pick<PlanUnderWay, "id" | "failed" | "unverified" | "leftOut">,
  at: Date,
): Promise<void> {
  const plan = await findToldPlan(tx, id);
  if (!plan) return;
  const about = { ...aboutOf(plan), at, dedupeKey: `plan-ended/${id}` };
  const reason = sayLeft(failed, unverified, leftOut);
  if (reason === null) {
    const what = `${seatsOf(plan)} ${plan.kind === "reclaim" ? "taken" : "given"} back`;
    await notify(tx, { ...about, kind: "plan-finished", data: { planId: id, what } });
  } else {
    await notify(tx, { ...about, kind: "plan-partial", data: { planId: id, what: wantedOf(plan), reason } });
  }
}

/** Tells that a plan stopped half-way by a safeguard, or because its site cannot be changed; once for each pause. */
export async function tellPlanPaused(tx: Tx, planId: string, message: string, at: Date): Promise<void> {
  const plan = await findToldPlan(tx, planId);
  if (!plan) return;
  const reason = `${message} It is paused until somebody resumes it.`;
  await notify(tx, {
    ...aboutOf(plan),
    kind: "plan-partial",
    data: { planId, what: wantedOf(plan), reason },
    at,
    dedupeKey: `plan-paused/${planId}/${at.toISOString()}`,
  });
}

interface ToldPlan {
  id: string;
  kind: PlanKind;
  seats: number;
  siteIds: string[];
  /** Of what nobody looked at before, or a holder asked for, whoever owns its rule; else who made it. */
  ownerId: string | null;
}

async function findToldPlan(reader: Reader, planId: string): Promise<ToldPlan | null> {
  const [row] = await reader.query<ToldPlan>(sql`
    select p.id, p.kind, (p.counts ->> 'seats')::integer as seats, p.site_ids as "siteIds",
           case when p.is_unattended or p.asked_by_holder then r.owner_id else p.created_by end as "ownerId"
      from plans p
      left join reclamation_rules r on r.id = p.rule_id
     where p.id = ${planId}
  `);
  return row ?? null;
}

function aboutOf({ id, siteIds, ownerId }: ToldPlan) {
  return { subjectId: id, siteIds, ownerId };
}

function seatsOf({ seats }: ToldPlan): string {
  return `${seats} ${seats === 1 ? "seat" : "seats"}`;
}

function wantedOf(plan: ToldPlan): string {
  return `${seatsOf(plan)} to ${plan.kind === "reclaim" ? "take" : "give"} back`;
}

/** Null: nothing is left. */
function sayLeft(failed: number, unverified: number, leftOut: number): string | null {
  const said = [
    failed > 0 ? `${failed} could not be changed` : null,
    unverified > 0 ? `${unverified} could not be verified` : null,
    leftOut > 0 ? `${leftOut} left out, as something had changed or it was stopped` : null,
  ].filter((each) => each !== null);
  return said.length === 0 ? null : `Of its seats: ${said.join(", ")}.`;
}
