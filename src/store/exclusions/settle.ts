import type { ConditionTerms } from "../../model/conditions.ts";
import { exclusionTerms, type ExclusionRule } from "../../model/exclusions.ts";
import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { caughtSql, withSuccessors } from "./caught.ts";
import { lockLivingRules } from "./rules.ts";

export interface SettledExclusions {
  rules: number;
  /** Accounts that a rule catches now and did not before, and the other way round. */
  caught: number;
  released: number;
}

/**
 * Makes `exclusion_hits` equal to what the rules catch at `at`: all of them, or one. Set-based, and only what changed is
 * written. A rule that is off or whose time is over catches nobody.
 */
export async function settleExclusions(tx: Tx, at: Date, ruleId: string | null = null): Promise<SettledExclusions> {
  const forgotten = await forgetHitsOfEnded(tx);
  const rules = await lockLivingRules(tx, ruleId);
  const settled = { rules: rules.length, caught: 0, released: forgotten };
  for (const rule of rules) {
    const { caught, released } = await settleRule(tx, rule, exclusionTerms(at));
    settled.caught += caught;
    settled.released += released;
  }
  return settled;
}

async function settleRule(tx: Tx, rule: ExclusionRule, terms: ConditionTerms) {
  const isInForce = rule.isEnabled && (rule.expiresAt === null || rule.expiresAt > terms.asOf);
  if (!isInForce) {
    const released = await tx.execute(sql`delete from exclusion_hits where rule_id = ${rule.id}`);
    return { caught: 0, released };
  }
  const condition = await withSuccessors(tx, rule.condition);
  await tx.execute(sql`
    create temporary table exclusion_caught on commit drop as
    select caught.site_id, caught.account_id from (${caughtSql({ ...rule, condition }, terms)}) as caught
  `);
  await tx.execute(sql`analyze exclusion_caught`);
  const released = await tx.execute(sql`
    delete from exclusion_hits h
     where h.rule_id = ${rule.id}
       and not exists (select 1
                         from exclusion_caught c
                        where c.site_id = h.site_id and c.account_id = h.account_id)
  `);
  await tx.execute(sql`
    update exclusion_hits
       set effects = ${rule.effects}, until = ${rule.expiresAt}
     where rule_id = ${rule.id}
       and (effects, until) is distinct from (${rule.effects}::text[], ${rule.expiresAt}::timestamptz)
  `);
  const caught = await tx.execute(sql`
    insert into exclusion_hits (rule_id, site_id, account_id, effects, until, since)
    select ${rule.id}, c.site_id, c.account_id, ${rule.effects}, ${rule.expiresAt}::timestamptz, ${terms.asOf}::timestamptz
      from exclusion_caught c
     where not exists (select 1
                         from exclusion_hits h
                        where h.rule_id = ${rule.id} and h.site_id = c.site_id and h.account_id = c.account_id)
  `);
  await tx.execute(sql`drop table exclusion_caught`);
  return { caught, released };
}

function forgetHitsOfEnded(tx: Tx): Promise<number> {
  return tx.execute(sql`
    delete from exclusion_hits h
     using exclusion_rules r
     where r.id = h.rule_id and r.ended_at is not null
  `);
}
