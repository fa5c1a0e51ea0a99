import type { Executor } from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

/** What takes and gives the seats that a group of an identity provider gives. */
export type ManagedExecutor = Exclude<Executor, "group-memberships" | "account">;

export interface SiteExecutor {
  siteId: string;
  executor: Executor;
  managedExecutor: ManagedExecutor;
  webhookId: string | null;
  instructionText: string | null;
  /** 0: nobody chose, and the seats are taken by group memberships. */
  revision: number;
}

/** How the seats of a site are taken; by its groups where nobody chose. */
export async function findSiteExecutor(reader: Reader, siteId: string): Promise<SiteExecutor> {
  const [row] = await reader.query<SiteExecutor>(sql`
    select site_id as "siteId", executor, managed_executor as "managedExecutor", webhook_id as "webhookId",
           instruction_text as "instructionText", revision
      from site_executors
     where site_id = ${siteId}
  `);
  return (
    row ?? {
      siteId,
      executor: "group-memberships",
      managedExecutor: "instruction",
      webhookId: null,
      instructionText: null,
      revision: 0,
    }
  );
}

export async function saveSiteExecutor(
  tx: Tx,
  chosen: Omit<SiteExecutor, "revision">,
  by: { operatorId: string; at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into site_executors
      (site_id, executor, managed_executor, webhook_id, instruction_text, changed_by, changed_at)
    values (${chosen.siteId}, ${chosen.executor}, ${chosen.managedExecutor}, ${chosen.webhookId},
            ${chosen.instructionText}, ${by.operatorId}, ${by.at})
        on conflict (site_id) do update
       set executor = excluded.executor, managed_executor = excluded.managed_executor,
           webhook_id = excluded.webhook_id, instruction_text = excluded.instruction_text,
           revision = site_executors.revision + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
  `);
}
