import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { applyPlan } from "../../src/commands/plans/apply-plan.ts";
import { createPlan } from "../../src/commands/plans/create-plan.ts";
import type { Context } from "../../src/commands/context.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createSecretBox } from "../../src/lib/secret-box.ts";
import type { SourceKind } from "../../src/model/connections.ts";
import type { Plan } from "../../src/model/plans.ts";
import { executeActions } from "../../src/jobs/kinds/execute-actions.ts";
import { jobParts } from "../../src/jobs/testing/parts.ts";
import type { Database } from "../../src/store/database.ts";
import type { JobResult } from "../../src/store/jobs.ts";
import { releaseLease, takeLease } from "../../src/store/leases.ts";
import { ensureServiceAccount } from "../../src/store/operators.ts";
import { sql } from "../../src/store/sql.ts";
import type { SyncInstallation } from "../../src/sync/testing/installation.ts";
import type { SyncedSite } from "./synced-site.ts";
import { syncSimulated } from "./sync.ts";
import { IS_TAKEN_SIMPLY } from "./taken-simply.ts";

export interface ReclaimableSite {
  siteId: string;
  connectionId: string;
  context: Context;
  /** Applies a plan that takes the seats of so many people, of those whom nothing keeps from it. */
  applied(count: number): Promise<Plan>;
}

/** A simulated site that was read, and that Usher may write to. */
export async function reclaimableSite(
  installation: SyncInstallation,
  simulated: SyncedSite,
  options: { name: string; source?: SourceKind; notAccounts?: readonly string[] },
): Promise<ReclaimableSite> {
  const { db, clock } = installation;
  const capabilities = ["roster", "activity", "permissions", "reclaim"] as const;
  const { name, source } = options;
  const site = await installation.addSite({ name, capabilities: [...capabilities], ...(source ? { source } : {}) });
  await syncSimulated(installation, simulated, site);
  await db.transaction(async (tx) => {
    await tx.execute(sql`update sites set mode = 'act' where id = ${site.siteId}`);
    await tx.execute(sql`
      insert into site_capabilities (site_id, capability, connection_id, since)
      values (${site.siteId}, 'reclaim', ${site.connectionId}, ${clock.now()})
    `);
  });
  const { id } = await db.transaction((tx) => ensureServiceAccount(tx, "petra", ["admin"], clock.now()));
  const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
  const context: Context = { db, clock, secrets, actor: { operatorId: id, through: "api" } };

  async function applied(count: number): Promise<Plan> {
    const seats = await db.query<{ siteId: string; accountId: string; candidateId: null }>(sql`
      select f.site_id as "siteId", f.account_id as "accountId", null as "candidateId"
        from seat_facts f
        join accounts a on a.site_id = f.site_id and a.id = f.account_id
       where f.site_id = ${site.siteId} and f.seat_id is not null
         and a.source_id <> all (${[...(options.notAccounts ?? [])]})
         and ${IS_TAKEN_SIMPLY}
       order by a.source_id
       limit ${count}
    `);
    assert.equal(seats.length, count, "the site has too few seats");
    const wish = { kind: "reclaim", seats, reason: "Nobody uses them.", ruleId: null, isUnattended: false } as const;
    const made = await createPlan(context, wish);
    assert.ok(made.ok, JSON.stringify(made));
    await db.transaction((tx) => tx.execute(sql`update plans set approvals_needed = 0, canary_size = 0`));
    const { id: planId, hash, counts } = made.value;
    assert.equal(counts.seats, count, "some seats are left out");
    const plan = await applyPlan(context, { planId, hash, confirmCount: count });
    assert.ok(plan.ok, JSON.stringify(plan));
    return plan.value;
  }
  return { ...site, context, applied };
}

/** Carries out what is due, as a process that has the job does. */
export async function executeDue(db: Database, clock: Clock, simulated: SyncedSite, holder = "test"): Promise<void> {
  const lease = `job/${executeActions.kind}`;
  await db.transaction((tx) => takeLease(tx, lease, holder, 300));
  const parts = jobParts({ db, clock, log: silentLog, holder, openSite: async () => simulated.open(() => {}) });
  try {
    await executeActions.execute(parts, {} as JobResult, new AbortController().signal);
  } finally {
    await db.transaction((tx) => releaseLease(tx, lease, holder));
  }
}
