import type { Condition, ConditionTerms } from "../model/conditions.ts";
import { savedExpression } from "../rules/conditions/compile.ts";
import { expressionSql } from "./expression.ts";
import { sql, type Sql } from "./sql.ts";

export interface ConditionSql {
  /** Null where it is not known. What is false stays false with any evidence. */
  holds: Sql;
  /** Never null. */
  matches: Sql;
  /** It does not match, but with more evidence it might. Never null. */
  lacksEvidence: Sql;
  /** One or the other: what is false stays false with any evidence. Never null. */
  mightMatch: Sql;
}

/**
 * A saved condition as SQL over `seat_facts f`: the same answer for many seats as `evaluateCondition` gives for one. A
 * fault where the condition cannot be read, which checking it before it was saved rules out.
 */
export function conditionSql(condition: Condition, terms: ConditionTerms): ConditionSql {
  const expression = savedExpression(condition);
  const holds = expressionSql(expression, terms);
  const mightMatch = sql`(${expressionSql(expression, terms, true)} is true)`;
  return {
    holds,
    matches: sql`(${holds} is true)`,
    lacksEvidence: sql`(${holds} is null and ${mightMatch})`,
    mightMatch,
  };
}
