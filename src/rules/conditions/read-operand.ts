import type { ASTNode } from "@marcbachmann/cel-js";
import type { FactName, Operand } from "../../model/expression.ts";
import { FACTS, isFactName } from "./facts.ts";

/** Thrown where an expression uses more than our part of CEL, with where. */
export class ExpressionRefused extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** A side of a comparison. */
export function readOperand(node: ASTNode): Operand {
  switch (node.op) {
    case "value":
      return readLiteral(node, node.args);
    case "-_":
      return negated(node, readOperand(node.args));
    case "id":
      if (node.args === "now") return { kind: "now" };
      break;
    case ".":
      return { kind: "fact", name: factOf(node) };
    case "call":
      return readCall(node, node.args);
    case "+":
    case "-":
      return readSum(node, node.op, node.args);
  }
  throw new ExpressionRefused(
    `Here a fact, a text, a number, an instant or a duration is needed, not \`${node.op}\`.`,
    node.start,
  );
}

export function typeOf(operand: Operand): "string" | "number" | "boolean" | "instant" | "duration" {
  switch (operand.kind) {
    case "fact":
      return FACTS[operand.name].type;
    case "literal":
      return operand.type;
    case "elapsed":
      return "duration";
    default:
      return "instant";
  }
}

export function factOf(node: ASTNode): FactName {
  if (node.op === "." && node.args[0].op === "id") {
    const name = `${node.args[0].args}.${node.args[1]}`;
    if (isFactName(name)) return name;
  }
  throw new ExpressionRefused("Here a fact is needed, as in `person.department`.", node.start);
}

function readLiteral(node: ASTNode, value: unknown): Operand {
  if (typeof value === "string") {
    // PostgreSQL holds neither in a text.
    if (value.includes("\0") || !value.isWellFormed()) {
      throw new ExpressionRefused("This text holds a character that no name has.", node.start);
    }
    return { kind: "literal", type: "string", value };
  }
  if (typeof value === "boolean") return { kind: "literal", type: "boolean", value };
  if (typeof value === "bigint" || typeof value === "number") {
    const number = Number(value);
    if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return { kind: "literal", type: "number", value: number };
    throw new ExpressionRefused("This number is too large.", node.start);
  }
  const hint = value === null ? " Whether a fact is known is asked by `has(person.department)`." : "";
  throw new ExpressionRefused(`This value cannot be used here.${hint}`, node.start);
}

function negated(node: ASTNode, operand: Operand): Operand {
  if (operand.kind === "literal" && typeof operand.value === "number") return { ...operand, value: -operand.value };
  throw new ExpressionRefused("Only a number or a duration written out can be negative.", node.start);
}

function readCall(node: ASTNode, [name, parameters]: [string, ASTNode[]]): Operand {
  const [first] = parameters;
  const text = first?.op === "value" && typeof first.args === "string" ? first.args : null;
  if (name === "timestamp" && text !== null) {
    const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
      ? new Date(text)
      : new Date(Number.NaN);
    if (!Number.isNaN(instant.getTime())) return { kind: "literal", type: "instant", value: instant };
    throw new ExpressionRefused('An instant is written as timestamp("2026-03-01T00:00:00Z").', node.start);
  }
  if (name === "duration" && text !== null) {
    return { kind: "literal", type: "duration", value: millisecondsOf(text, node) };
  }
  throw new ExpressionRefused(`\`${name}\` cannot be used here.`, node.start);
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** Ten years. */
const DURATION_MS_MAX = 3650 * 86_400_000;

/** `720h`, `1h30m`, and `30d`, which CEL itself has not: days are what people count in. */
function millisecondsOf(text: string, node: ASTNode): number {
  const match = /^(-?)((?:\d{1,9}[dhms])+)$/.exec(text);
  let total = 0;
  for (const [, count, unit] of match?.[2]?.matchAll(/(\d+)([dhms])/g) ?? []) {
    total += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  if (!match || total > DURATION_MS_MAX) {
    throw new ExpressionRefused(
      'A duration is written as duration("720h") or duration("30d"), up to ten years.',
      node.start,
    );
  }
  return match[1] === "-" ? -total : total;
}

/** An instant and a duration give an instant, two instants the time between them. */
function readSum(node: ASTNode, sign: "+" | "-", [first, second]: [ASTNode, ASTNode]): Operand {
  const [left, right] = [readOperand(first), readOperand(second)];
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  if (sign === "-" && leftType === "instant" && rightType === "instant") {
    return { kind: "elapsed", later: left, earlier: right };
  }
  if (leftType === "instant" && right.kind === "literal" && rightType === "duration") {
    const byMs = Number(right.value);
    return { kind: "shifted", instant: left, byMs: sign === "-" ? -byMs : byMs };
  }
  throw new ExpressionRefused(
    "Only an instant and a duration, or two instants, can be added or subtracted.",
    node.start,
  );
}
