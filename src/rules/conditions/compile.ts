import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Condition, ConditionProblem } from "../../model/conditions.ts";
import type { Expression } from "../../model/expression.ts";
import type { ConditionKind, ConditionValues } from "./condition.ts";
import { CONDITIONS } from "./index.ts";
import { readExpression } from "./read-expression.ts";
import { readValues } from "./read-values.ts";

/** A condition that was checked, with the expression of each of its parts. */
export type CompiledCondition =
  | { op: "all" | "any"; parts: readonly CompiledCondition[] }
  | { op: "not"; part: CompiledCondition }
  | { op: "is"; kind: ConditionKind; values: ConditionValues; expression: Expression };

/** Deeper or larger conditions are several rules. */
const DEPTH_MAX = 8;
const PARTS_MAX = 50;

/** Reads a condition as it came from outside, and says of each part that is wrong where and what would be right. */
export function compileCondition(condition: unknown, path: string): Result<CompiledCondition, ConditionProblem[]> {
  const problems: ConditionProblem[] = [];
  let parts = 0;
  const say = (at: string, message: string): null => {
    problems.push({ path: at, message });
    return null;
  };

  const read = (each: unknown, at: string, depth: number): CompiledCondition | null => {
    parts += 1;
    if (parts > PARTS_MAX) return parts === PARTS_MAX + 1 ? say(at, `More than ${PARTS_MAX} parts.`) : null;
    if (depth > DEPTH_MAX) return say(at, `Nested deeper than ${DEPTH_MAX}.`);
    if (typeof each !== "object" || each === null || Array.isArray(each)) return say(at, SHAPE);
    if ("is" in each) return readLeaf(each as { is: unknown }, at);
    const [word, ...others] = Object.keys(each);
    if (others.length > 0) return say(at, SHAPE);
    const value = (each as Record<string, unknown>)[word ?? ""];
    if (word === "not") {
      const part = read(value, `${at}.not`, depth + 1);
      return part && { op: "not", part };
    }
    if (word !== "all" && word !== "any") return say(at, SHAPE);
    if (!Array.isArray(value) || value.length === 0) {
      return say(`${at}.${word}`, `\`${word}\` takes a list of at least one condition.`);
    }
    const read_ = value.map((part: unknown, index) => read(part, `${at}.${word}[${index}]`, depth + 1));
    const complete = read_.filter((part) => part !== null);
    return complete.length === read_.length ? { op: word, parts: complete } : null;
  };

  const readLeaf = ({ is, ...given }: { is: unknown }, at: string): CompiledCondition | null => {
    const kind = CONDITIONS.find(({ id }) => id === is);
    if (!kind)
      return say(`${at}.is`, `There is no such condition; there are ${CONDITIONS.map(({ id }) => id).join(", ")}.`);
    const values = readValues(kind.parameters, given, at);
    if (!values.ok) {
      problems.push(...values.error);
      return null;
    }
    const expression = readExpression(kind.toCel(values.value));
    if (expression.ok) return { op: "is", kind, values: values.value, expression: expression.value };
    const { message, position } = expression.error;
    return say(`${at}.${kind.parameters[0]?.name ?? "is"}`, `At character ${position + 1}: ${message}`);
  };

  const compiled = read(condition, path, 1);
  return compiled && problems.length === 0 ? ok(compiled) : refuse(problems);
}

const SHAPE = "A condition is one of {all: […]}, {any: […]}, {not: …} and {is: name, …}.";

/** The whole condition as one expression. */
export function expressionOf(compiled: CompiledCondition): Expression {
  switch (compiled.op) {
    case "all":
      return { op: "and", parts: compiled.parts.map(expressionOf) };
    case "any":
      return { op: "or", parts: compiled.parts.map(expressionOf) };
    case "not":
      return { op: "not", part: expressionOf(compiled.part) };
    case "is":
      return compiled.expression;
  }
}

/** The expression of a condition that was checked when it was saved; a fault where it was not. */
export function savedExpression(condition: Condition): Expression {
  return expressionOf(savedCondition(condition));
}

export function savedCondition(condition: Condition): CompiledCondition {
  const compiled = compileCondition(condition, "condition");
  if (compiled.ok) return compiled.value;
  const [first] = compiled.error;
  throw new Error(`A saved condition cannot be read at ${first?.path}: ${first?.message}`);
}
