import assert from "node:assert/strict";
import { createPlan } from "../../src/api/plans.ts";
import { sql } from "../../src/store/sql.ts";
import { IS_TAKEN_SIMPLY } from "./taken-simply.ts";
import type { Web } from "./web.ts";

/** Lets Usher act at the site, as a person does on the connection's page. */
export async function letAct(web: Web): Promise<void> {
  await web.db.transaction(async (tx) => {
    await tx.execute(sql`update sites set mode = 'act'`);
    await tx.execute(sql`
      update connections set capabilities = capabilities || '{reclaim}' where not 'reclaim' = any (capabilities)
    `);
    await tx.execute(sql`
      insert into site_capabilities (site_id, capability, connection_id, since)
      select site_id, 'reclaim', connection_id, since from site_capabilities where capability = 'roster'
          on conflict do nothing
    `);
  });
}

/** A plan of so many seats that nothing keeps from being taken. */
export async function makePlan(web: Web, count: number): Promise<string> {
  const seats = await web.db.query<{ siteId: string; accountId: string }>(sql`
    select f.site_id as "siteId", f.account_id as "accountId"
      from seat_facts f
     where f.seat_status = 'active'
       and not exists (select from candidates c where c.account_id = f.account_id and c.closed_at is null)
       and not exists (select from exclusion_hits h where h.account_id = f.account_id)
       and not exists (select from plan_rows r where r.account_id = f.account_id)
       and ${IS_TAKEN_SIMPLY}
     order by f.account_id
     limit ${count}
  `);
  assert.equal(seats.length, count, "So many seats are not left.");
  const plan = await web.client.call(createPlan, { body: { seats, reason: "Not needed." } });
  return plan.id;
}
