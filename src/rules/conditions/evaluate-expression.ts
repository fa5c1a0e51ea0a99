import type { ConditionTerms, SeatStanding } from "../../model/conditions.ts";
import type { Comparison, Expression, Operand } from "../../model/expression.ts";
import type { SeatFacts } from "../../model/seats.ts";
import { FACTS, type FactValue } from "./facts.ts";
import { isIdle, isLeastActive, isNeverUsed, type Truth } from "./silence.ts";

export interface Evaluated {
  facts: SeatFacts;
  terms: ConditionTerms;
  standing: SeatStanding | null;
}

/** What an expression is of one seat: true, false, or null where a fact or the evidence it needs is not known. */
export function evaluateExpression(expression: Expression, seat: Evaluated): Truth {
  switch (expression.op) {
    case "and":
      return expression.parts.map((part) => evaluateExpression(part, seat)).reduce(both, true);
    case "or":
      return negate(expression.parts.map((part) => negate(evaluateExpression(part, seat))).reduce(both, true));
    case "not":
      return negate(evaluateExpression(expression.part, seat));
    case "literal":
      return expression.value;
    case "fact":
      return FACTS[expression.name].of(seat.facts) as boolean | null;
    case "known":
      return FACTS[expression.name].of(seat.facts) !== null;
    case "compare":
      return compare(expression.by, valueOf(expression.left, seat), valueOf(expression.right, seat));
    case "in": {
      const value = valueOf(expression.operand, seat);
      return value === null ? null : expression.values.includes(value as string | number);
    }
    case "starts-with": {
      const value = valueOf(expression.operand, seat);
      return value === null ? null : String(value).startsWith(expression.prefix);
    }
    case "in-group": {
      const { groupIds } = seat.facts;
      return groupIds === undefined ? null : expression.groupIds.some((each) => groupIds.includes(each));
    }
    case "idle":
      return isIdle(expression, seat.facts, seat.terms);
    case "never-used":
      return isNeverUsed(expression, seat.facts, seat.terms);
    case "least-active":
      return isLeastActive(expression, seat.facts, seat.terms, seat.standing);
  }
}

/**
 * Whether an expression that is not true might be, were the evidence there that it lacks: each silence that is not
 * proven is taken as whatever would help. What is unknown for another reason stays unknown.
 */
export function mightBeTrue(expression: Expression, seat: Evaluated): boolean {
  return withEvidence(expression, seat, true) === true;
}

function withEvidence(expression: Expression, seat: Evaluated, isWanted: boolean): Truth {
  switch (expression.op) {
    case "and":
      return expression.parts.map((part) => withEvidence(part, seat, isWanted)).reduce(both, true);
    case "or":
      return negate(expression.parts.map((part) => negate(withEvidence(part, seat, isWanted))).reduce(both, true));
    case "not":
      return negate(withEvidence(expression.part, seat, !isWanted));
    case "idle":
    case "never-used":
      return evaluateExpression(expression, seat) ?? isWanted;
    case "least-active":
      // Without a capacity it is not evidence that is missing.
      return evaluateExpression(expression, seat) ?? ((seat.standing?.usedPercent ?? null) === null ? null : isWanted);
    default:
      return evaluateExpression(expression, seat);
  }
}

function both(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  return left === null || right === null ? null : true;
}

function negate(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function valueOf(operand: Operand, seat: Evaluated): FactValue {
  switch (operand.kind) {
    case "fact":
      return FACTS[operand.name].of(seat.facts);
    case "literal":
      return operand.value;
    case "now":
      return seat.terms.asOf;
    case "shifted": {
      const instant = valueOf(operand.instant, seat);
      return instant === null ? null : new Date(Number(instant) + operand.byMs);
    }
    case "elapsed": {
      const [later, earlier] = [valueOf(operand.later, seat), valueOf(operand.earlier, seat)];
      return later === null || earlier === null ? null : Number(later) - Number(earlier);
    }
  }
}

function compare(by: Comparison, leftValue: FactValue, rightValue: FactValue): Truth {
  if (leftValue === null || rightValue === null) return null;
  const [left, right] = [comparable(leftValue), comparable(rightValue)];
  switch (by) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function comparable(value: string | number | boolean | Date): string | number | boolean {
  return value instanceof Date ? value.getTime() : value;
}
