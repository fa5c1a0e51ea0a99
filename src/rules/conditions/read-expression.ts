import type { ASTNode } from "@marcbachmann/cel-js";
import { refuse, ok, type Result } from "../../lib/result.ts";
import { COMPARISONS, type Comparison, type Expression, type FactName } from "../../model/expression.ts";
import { KINDS_THAT_SEE_READERS, type EvidenceKind } from "../../model/facts.ts";
import { environment } from "./environment.ts";
import { ExpressionRefused, factOf, readOperand, typeOf } from "./read-operand.ts";

export interface ExpressionProblem {
  message: string;
  /** Characters from the beginning, from 0. */
  position: number;
}

/** Reads one expression, or says at which character it is not one that can be asked of many seats at once. */
export function readExpression(cel: string): Result<Expression, ExpressionProblem> {
  const checked = environment.check(cel);
  if (!checked.valid) {
    const { error } = checked;
    return refuse({ message: error?.summary ?? "This is not an expression.", position: error?.range?.start ?? 0 });
  }
  if (checked.type !== "bool") {
    return refuse({
      message: `This gives a ${checked.type}, where a claim that is true or false is needed.`,
      position: 0,
    });
  }
  try {
    return ok(readClaim(environment.parse(cel).ast));
  } catch (error) {
    if (!(error instanceof ExpressionRefused)) throw error;
    return refuse({ message: error.message, position: error.position });
  }
}

function readClaim(node: ASTNode): Expression {
  switch (node.op) {
    case "&&":
      return { op: "and", parts: node.args.map(readClaim) };
    case "||":
      return { op: "or", parts: node.args.map(readClaim) };
    case "!_":
      return { op: "not", part: readClaim(node.args) };
    case "value":
      return { op: "literal", value: node.args === true };
    case ".":
      return { op: "fact", name: factOf(node) };
    case "in":
      return readMembership(node, node.args);
    case "call":
      return readKnown(node, node.args);
    case "rcall":
      return readMethod(node, node.args);
    default:
      if (isComparison(node.op)) return readComparison(node, node.op, node.args as [ASTNode, ASTNode]);
      throw new ExpressionRefused(`\`${node.op}\` cannot be used here.`, node.start);
  }
}

function isComparison(op: string): op is Comparison {
  return (COMPARISONS as readonly string[]).includes(op);
}

function readComparison(node: ASTNode, by: Comparison, [first, second]: [ASTNode, ASTNode]): Expression {
  const [left, right] = [readOperand(first), readOperand(second)];
  const type = typeOf(left);
  if (type !== typeOf(right)) {
    throw new ExpressionRefused(`A ${type} is compared with a ${typeOf(right)}.`, node.start);
  }
  // Which text comes first depends on who sorts it.
  if ((type === "string" || type === "boolean") && by !== "==" && by !== "!=") {
    throw new ExpressionRefused(`Texts and claims can be compared by == and != only.`, node.start);
  }
  return { op: "compare", by, left, right };
}

function readMembership(node: ASTNode, [first, list]: [ASTNode, ASTNode]): Expression {
  if (list.op !== "list") throw new ExpressionRefused('`in` takes a list, as in ["a", "b"].', list.start);
  const operand = readOperand(first);
  const type = typeOf(operand);
  if (type !== "string" && type !== "number") {
    throw new ExpressionRefused("`in` is for texts and numbers.", node.start);
  }
  const values = list.args.map((each) => {
    const value = readOperand(each);
    if (value.kind === "literal" && value.type === type) return value.value as string | number;
    throw new ExpressionRefused(`The list holds what is not a ${type} written out.`, each.start);
  });
  return { op: "in", operand, values };
}

/** `has(person.department)`: whether a fact is known. */
function readKnown(node: ASTNode, [name, parameters]: [string, ASTNode[]]): Expression {
  const [first] = parameters;
  if (name === "has" && first?.op === "." && parameters.length === 1) return { op: "known", name: factOf(first) };
  throw new ExpressionRefused(`\`${name}\` cannot be used here.`, node.start);
}

function readMethod(node: ASTNode, [name, receiver, parameters]: [string, ASTNode, ASTNode[]]): Expression {
  const [first, second] = parameters;
  if (name === "startsWith" && first) {
    const prefix = readOperand(first);
    if (prefix.kind !== "literal" || typeof prefix.value !== "string") {
      throw new ExpressionRefused("`startsWith` takes a text written out.", first.start);
    }
    return { op: "starts-with", operand: readOperand(receiver), prefix: prefix.value };
  }
  if (name === "inGroup" && first) return { op: "in-group", groupIds: textsOf(first) };
  if (name === "idle" && first) return { op: "idle", days: daysOf(first), kinds: second ? kindsOf(second) : null };
  if (name === "neverUsed" && first) return { op: "never-used", days: daysOf(first), kinds: null };
  if (name === "leastActive" && first && second) {
    return { op: "least-active", count: wholeOf(first, 100_000), percent: wholeOf(second, 200) };
  }
  throw new ExpressionRefused(
    `\`${name}\` cannot be used here; of methods there are startsWith, inGroup, idle, neverUsed and leastActive.`,
    node.start,
  );
}

/** Ten years: more than any source keeps. */
const DAYS_MAX = 3650;

function daysOf(node: ASTNode): number {
  return wholeOf(node, DAYS_MAX);
}

function wholeOf(node: ASTNode, max: number): number {
  const value = node.op === "value" && typeof node.args === "bigint" ? Number(node.args) : 0;
  if (value >= 1 && value <= max) return value;
  throw new ExpressionRefused(`Here a whole number from 1 to ${max} is needed, written out.`, node.start);
}

function textsOf(node: ASTNode): string[] {
  const texts = node.op === "list" ? node.args.map((each) => (each.op === "value" ? each.args : null)) : [];
  if (texts.length > 0 && texts.every((each) => typeof each === "string")) return texts;
  throw new ExpressionRefused("Here a list of ids written out is needed.", node.start);
}

function kindsOf(node: ASTNode): EvidenceKind[] {
  const kinds =
    node.op === "list"
      ? node.args.map((each) => KINDS_THAT_SEE_READERS.find((kind) => each.op === "value" && each.args === kind))
      : [];
  if (kinds.length > 0 && kinds.every((kind) => kind !== undefined)) return kinds;
  throw new ExpressionRefused(
    `Here a list of kinds that see readers is needed: ${KINDS_THAT_SEE_READERS.join(", ")}.`,
    node.start,
  );
}

/** Whether it asks for silence, which only evidence that sees readers can prove. */
export function asksForSilence(expression: Expression): boolean {
  switch (expression.op) {
    case "and":
    case "or":
      return expression.parts.some(asksForSilence);
    case "not":
      return asksForSilence(expression.part);
    default:
      return expression.op === "idle" || expression.op === "never-used" || expression.op === "least-active";
  }
}

/** Whether it compares seats of a site with each other. */
export function ranksSeats(expression: Expression): boolean {
  switch (expression.op) {
    case "and":
    case "or":
      return expression.parts.some(ranksSeats);
    case "not":
      return ranksSeats(expression.part);
    default:
      return expression.op === "least-active";
  }
}

/** The facts that an expression names, each once. */
export function factsNamed(expression: Expression): FactName[] {
  const names = new Set<FactName>();
  const visit = (each: unknown): void => {
    if (typeof each !== "object" || each === null) return;
    if ("name" in each && typeof each.name === "string") names.add(each.name as FactName);
    for (const value of Object.values(each)) visit(value);
  };
  visit(expression);
  return [...names];
}
