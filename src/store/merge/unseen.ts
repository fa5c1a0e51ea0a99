import type { Tx } from "../database.ts";
import type { GuardedKind } from "../../model/runs.ts";
import { sql, type Sql } from "../sql.ts";
import type { MergeContext } from "./incoming.ts";

/** Kinds whose absence is looked at; roles are not guarded, but looked at all the same. */
export type UnseenKind = GuardedKind | "space-roles";

/**
 * Notes what a complete listing no longer showed. `missing` selects `subject` and `scope`. What was unseen before is
 * looked at anew, whatever was found about it then.
 */
export async function noteMissing(tx: Tx, context: MergeContext, kind: UnseenKind, missing: Sql): Promise<void> {
  await tx.execute(sql`
    insert into unseen as known (site_id, kind, subject, scope, run_id, verdict, first_unseen_at)
    select ${context.siteId}, ${kind}, missing.subject, missing.scope, ${context.runId}, 'missing', ${context.observedAt}
      from (${missing}) missing
        on conflict (site_id, kind, subject) do update
       set run_id = excluded.run_id, verdict = 'missing', reason = null, scope = excluded.scope
     where ${isLookedAtAnew(context)}
  `);
}

/** Whether the row `known` of `unseen`, noted again, is this run's to judge. */
export function isLookedAtAnew({ leavesHeld = false }: MergeContext): Sql {
  if (!leavesHeld) return sql`true`;
  return sql`
    not (known.verdict = 'gone'
         and exists (select from runs held where held.id = known.run_id and held.state = 'held'))`;
}

/** Forgets what was seen again. `seen` selects `subject`. */
export async function forgetSeen(tx: Tx, context: MergeContext, kind: UnseenKind, seen: Sql): Promise<void> {
  await tx.execute(sql`
    delete from unseen u
     using (${seen}) seen
     where u.site_id = ${context.siteId} and u.kind = ${kind} and u.subject = seen.subject
  `);
}
