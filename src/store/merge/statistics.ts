import type { Tx } from "../database.ts";
import { rawSql } from "../sql.ts";

/**
 * Tells the planner how large the facts have become. Autovacuum does so within a minute, but what follows a first sync
 * follows at once, and for tables it takes for empty the planner chooses loops that take minutes.
 */
export async function renewStatistics(tx: Tx): Promise<void> {
  await tx.execute(
    rawSql(`
      analyze accounts, account_versions, groups, group_versions, memberships, product_access, spaces, space_versions,
              space_permissions, role_assignments, space_role_versions, activity_events,
              activity_event_subjects, evidence
    `),
  );
}
