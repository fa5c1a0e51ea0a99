import type {
  Condition,
  ConditionOutcome,
  ConditionReason,
  ConditionTerms,
  MissingEvidence,
  SeatStanding,
} from "../../model/conditions.ts";
import type { Expression } from "../../model/expression.ts";
import type { SeatFacts } from "../../model/seats.ts";
import { expressionOf, savedCondition, type CompiledCondition } from "./compile.ts";
import { evaluateExpression, mightBeTrue, type Evaluated } from "./evaluate-expression.ts";
import { FACTS, type FactValue } from "./facts.ts";
import { factsNamed } from "./read-expression.ts";
import { lastUsedAt, missingFor } from "./silence.ts";

/**
 * A saved condition over one seat, with the parts that decided and what they saw. `standing` is needed where the
 * condition ranks seats; without it such a part is unknown. The same answer as `store/conditions.ts` gives for many.
 */
export function evaluateCondition(
  condition: Condition,
  facts: SeatFacts,
  terms: ConditionTerms,
  standing: SeatStanding | null = null,
): ConditionOutcome {
  const compiled = savedCondition(condition);
  const seat: Evaluated = { facts, terms, standing };
  const expression = expressionOf(compiled);
  const matches = evaluateExpression(expression, seat);
  const lacksEvidence = matches === null && mightBeTrue(expression, seat);
  return {
    matches: matches === true,
    lacksEvidence,
    because: matches === true ? reasonsOf(compiled, seat, false) : [],
    missing: lacksEvidence ? missingOf(expression, seat) : [],
  };
}

/** The parts that hold as the whole needs them: of *any* those that do, of *all* each. */
function reasonsOf(compiled: CompiledCondition, seat: Evaluated, isNegated: boolean): ConditionReason[] {
  if (compiled.op === "not") return reasonsOf(compiled.part, seat, !isNegated);
  if (evaluateExpression(expressionOf(compiled), seat) !== !isNegated) return [];
  if (compiled.op !== "is") return compiled.parts.flatMap((part) => reasonsOf(part, seat, isNegated));
  const { kind, values, expression } = compiled;
  return [{ is: kind.id, says: kind.say(values), isNegated, saw: sawOf(expression, seat) }];
}

function sawOf(expression: Expression, { facts, standing }: Evaluated): ConditionReason["saw"] {
  const saw: Record<string, FactValue> = {};
  for (const name of factsNamed(expression)) saw[name] = FACTS[name].of(facts);
  const silences = silencesOf(expression);
  if (silences.length > 0) {
    saw["lastUsedAt"] = lastUsedAt(facts);
    saw["grantedAt"] = facts.grantedAt;
    for (const { kind, knownSince, knownUntil } of facts.reading) {
      saw[`${kind}.knownSince`] = knownSince;
      saw[`${kind}.knownUntil`] = knownUntil;
    }
  }
  if (silences.some(({ op }) => op === "least-active")) {
    saw["rank"] = standing?.rank ?? null;
    saw["usedPercent"] = standing?.usedPercent ?? null;
  }
  return Object.fromEntries(
    Object.entries(saw).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}

type Silence = Extract<Expression, { op: "idle" | "never-used" | "least-active" }>;

function silencesOf(expression: Expression): Silence[] {
  switch (expression.op) {
    case "and":
    case "or":
      return expression.parts.flatMap(silencesOf);
    case "not":
      return silencesOf(expression.part);
    case "idle":
    case "never-used":
    case "least-active":
      return [expression];
    default:
      return [];
  }
}

/** Of each kind that could prove the silence what is missing; the longest need where several parts ask. */
function missingOf(expression: Expression, seat: Evaluated): MissingEvidence[] {
  const byKind = new Map<string, MissingEvidence>();
  for (const silence of silencesOf(expression)) {
    if (evaluateExpression(silence, seat) !== null) continue;
    for (const missing of missingFor(silence, seat.facts, seat.terms)) {
      const known = byKind.get(missing.kind);
      if (!known || String(missing.neededSince) < String(known.neededSince)) byKind.set(missing.kind, missing);
    }
  }
  return [...byKind.values()];
}
