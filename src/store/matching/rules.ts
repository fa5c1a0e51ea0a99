import type { MatchRule } from "../../model/matching.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { sql } from "../sql.ts";

export interface MatchRuleRow extends MatchRule {
  /** From 1 on. */
  position: number;
  /** Accounts that it decided or proposes for now. */
  accounts: number;
}

const RULE_COLUMNS = sql`
  r.id, r.position, r.name, r.source, r.account_field as "accountField", r.account_transforms as "accountTransforms",
  r.person_field as "personField", r.person_transforms as "personTransforms", r.confidence,
  r.is_enabled as "isEnabled"`;

/** All rules in their order; there are a few. */
export async function listMatchRules(reader: Reader): Promise<MatchRule[]> {
  return reader.query<MatchRule>(sql`select ${RULE_COLUMNS} from match_rules r order by r.position`);
}

export function matchRuleList(): ListSource<MatchRuleRow, MatchRuleRow, "position"> {
  return {
    sorts: { position: { by: sql`r.position`, type: "bigint" } },
    tie: { by: sql`r.id`, type: "text" },
    select: (page) => sql`
      select ${RULE_COLUMNS},
             (select count(*) from account_matches m where m.rule_id = r.id and m.valid_to is null) as accounts,
             ${page.keys}
        from match_rules r
       where ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from match_rules`,
  };
}

/** Puts a rule behind all others, and gives its id. */
export async function insertMatchRule(tx: Tx, rule: Omit<MatchRule, "id">, at: Date): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into match_rules (position, name, source, account_field, account_transforms, person_field,
                             person_transforms, confidence, is_enabled, created_at)
    select coalesce(max(position), 0) + 1, ${rule.name}, ${rule.source}, ${rule.accountField},
           ${JSON.stringify(rule.accountTransforms)}::jsonb, ${rule.personField},
           ${JSON.stringify(rule.personTransforms)}::jsonb, ${rule.confidence}, ${rule.isEnabled}, ${at}::timestamptz
      from match_rules
    returning id
  `);
  if (!row) throw new Error("The insert of a match rule gave no row.");
  return row.id;
}

export async function saveMatchRule(tx: Tx, rule: MatchRule): Promise<void> {
  await tx.execute(sql`
    update match_rules
       set name = ${rule.name}, source = ${rule.source}, account_field = ${rule.accountField},
           account_transforms = ${JSON.stringify(rule.accountTransforms)}, person_field = ${rule.personField},
           person_transforms = ${JSON.stringify(rule.personTransforms)}, confidence = ${rule.confidence},
           is_enabled = ${rule.isEnabled}
     where id = ${rule.id}
  `);
}

/** The rules get the places of their ids in the list; every rule is in it. */
export async function saveMatchRuleOrder(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`
    update match_rules r
       set position = next.position
      from unnest(${ids as string[]}::text[]) with ordinality as next (id, position)
     where r.id = next.id and r.position <> next.position
  `);
}

export async function deleteMatchRule(tx: Tx, ruleId: string): Promise<void> {
  await tx.execute(sql`delete from match_rules where id = ${ruleId}`);
}
