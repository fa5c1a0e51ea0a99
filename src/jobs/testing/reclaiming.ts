import assert from "node:assert/strict";
import { type WritableSite, writableSite } from "../../actions/testing/site-writer.ts";
import { applyPlan } from "../../commands/plans/apply-plan.ts";
import { createPlan, type PlanWish } from "../../commands/plans/create-plan.ts";
import { type ActSite, actSite } from "../../commands/plans/testing/act-site.ts";
import { silentLog } from "../../lib/log.ts";
import type { Plan } from "../../model/plans.ts";
import type { Database } from "../../store/database.ts";
import type { JobResult } from "../../store/jobs.ts";
import { releaseLease, takeLease } from "../../store/leases.ts";
import { findPlan } from "../../store/plans/plans.ts";
import { listPlanRows, type PlanRow } from "../../store/plans/rows.ts";
import { executeActions } from "../kinds/execute-actions.ts";
import { jobParts } from "./parts.ts";

/** Everybody is in `users`, which gives a seat, and `team`; dee also in `admins`, which gives one too. */
export const PEOPLE = ["ann", "bob", "cy", "dee"];

/** A site that Usher may write to, with seats to take. */
export interface Reclaiming {
  world: ActSite;
  site: WritableSite;
  /** Puts the site back as it was. */
  settleSite(): void;
  planned(names: readonly string[], fields?: Partial<PlanWish>): Promise<Plan>;
  /** A plan of these, or of everybody, that was applied. */
  applied(...names: string[]): Promise<Plan>;
  apply(plan: Plan): Promise<Plan>;
  /** As the dispatcher does: under the job's lease. */
  execute(holder?: string, db?: Database): Promise<void>;
  outcome(plan: Pick<Plan, "id">): Promise<{ plan: Plan | null; rows: PlanRow[] }>;
  groupsOf(name: string): string[];
}

export async function reclaiming(): Promise<Reclaiming> {
  const world = await actSite();
  for (const name of PEOPLE) await world.site.account(name);
  await world.site.group("users", { gives: "user", members: PEOPLE });
  await world.site.group("admins", { gives: "admin", members: ["dee"] });
  await world.site.group("team", { members: PEOPLE });
  await world.settle();
  const site = writableSite(world.clock);

  function settleSite(): void {
    for (const name of PEOPLE) {
      const groups = new Set(name === "dee" ? ["users", "admins", "team"] : ["users", "team"]);
      site.accounts.set(name, { groups, isActive: true, isSuspended: false, products: [] });
    }
    site.made.length = 0;
    site.repeated.length = 0;
  }
  async function planned(names: readonly string[], fields: Partial<PlanWish> = {}): Promise<Plan> {
    const wish = { kind: "reclaim", reason: "Idle.", ruleId: null, isUnattended: false } as const;
    const made = await createPlan(world.context, { ...wish, seats: await world.seats(...names), ...fields });
    assert.ok(made.ok, JSON.stringify(made));
    return made.value;
  }
  async function apply({ id, hash }: Plan): Promise<Plan> {
    const plan = await applyPlan(world.context, { planId: id, hash, confirmCount: null });
    assert.ok(plan.ok, JSON.stringify(plan));
    return plan.value;
  }
  settleSite();
  return {
    world,
    site,
    settleSite,
    planned,
    apply,
    applied: async (...names) => apply(await planned(names.length > 0 ? names : PEOPLE)),
    async execute(holder = "this process", db = world.db) {
      const lease = `job/${executeActions.kind}`;
      await world.db.transaction((tx) => takeLease(tx, lease, holder, 300));
      const parts = jobParts({ db, clock: world.clock, log: silentLog, holder, openSite: async () => site.source });
      try {
        await executeActions.execute(parts, {} as JobResult, new AbortController().signal);
      } finally {
        await world.db.transaction((tx) => releaseLease(tx, lease, holder));
      }
    },
    async outcome({ id }) {
      return { plan: await findPlan(world.db, id), rows: await listPlanRows(world.db, id) };
    },
    groupsOf: (name) => [...(site.accounts.get(name)?.groups ?? [])].toSorted(),
  };
}

export function codesOf(rows: readonly PlanRow[]): [string, string | null][] {
  return rows.map((row) => [row.state, row.outcome?.code ?? null]);
}
