/** The part of CQL that is asked here: comparisons joined by and, or, not and parentheses, and an order. */
export type Condition =
  | { kind: "and"; parts: Condition[] }
  | { kind: "or"; parts: Condition[] }
  | { kind: "not"; part: Condition }
  | { kind: "compare"; field: string; operator: string; values: string[] };

export interface Query {
  condition: Condition;
  order: { field: string; descending: boolean }[];
}

export class CqlError extends Error {}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(>=|<=|!=|!~|=|~|>|<|\(|\)|,)|([^\s"'()=!~<>,]+))/y;

interface Token {
  text: string;
  kind: "string" | "symbol" | "word";
}

export function parseCql(text: string): Query {
  const parser = new Parser(tokens(text));
  const condition = parser.any();
  const order = parser.order();
  parser.end();
  if (isNegative(condition)) throw new CqlError("a query cannot begin with a negative expression");
  return { condition, order };
}

/** Atlassian, "CQL operators": NOT, != and NOT IN cannot come first. */
function isNegative(condition: Condition): boolean {
  if (condition.kind === "not") return true;
  if (condition.kind === "compare") return ["!=", "not in", "!~"].includes(condition.operator);
  const [first] = condition.parts;
  return first !== undefined && isNegative(first);
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new CqlError(`cannot read the query: ${text}`);
    const [, double, single, symbol, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) found.push({ kind: "string", text: quoted.replaceAll(/\\(.)/g, "$1") });
    else if (symbol !== undefined) found.push({ kind: "symbol", text: symbol });
    else if (word !== undefined) found.push({ kind: "word", text: word });
  }
  return found;
}

class Parser {
  #at = 0;
  readonly #tokens: Token[];

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  any(): Condition {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "or", parts };
  }

  order(): Query["order"] {
    if (!this.#takes("order")) return [];
    if (!this.#takes("by")) throw new CqlError("expected BY after ORDER");
    const order: Query["order"] = [];
    do {
      const field = this.#next("a field").text.toLowerCase();
      const descending = this.#takes("desc");
      if (!descending) this.#takes("asc");
      order.push({ field, descending });
    } while (this.#takes(","));
    return order;
  }

  end(): void {
    const left = this.#tokens[this.#at];
    if (left) throw new CqlError(`did not expect '${left.text}'`);
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.#takes("and")) parts.push(this.#one());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "and", parts };
  }

  #one(): Condition {
    if (this.#takes("not")) return { kind: "not", part: this.#one() };
    if (this.#takes("(")) {
      const inner = this.any();
      if (!this.#takes(")")) throw new CqlError("expected ')'");
      return inner;
    }
    const field = this.#next("a field").text.toLowerCase();
    const operator = this.#operator();
    const values = operator.endsWith("in") ? this.#list() : [this.#value()];
    return { kind: "compare", field, operator, values };
  }

  #operator(): string {
    const { text } = this.#next("an operator");
    const operator = text.toLowerCase();
    if (operator === "not") {
      if (!this.#takes("in")) throw new CqlError("expected IN after NOT");
      return "not in";
    }
    if (operator === "in" || ["=", "!=", "~", "!~", ">", ">=", "<", "<="].includes(operator)) return operator;
    throw new CqlError(`'${text}' is not an operator`);
  }

  #list(): string[] {
    if (!this.#takes("(")) throw new CqlError("expected '(' after IN");
    const values: string[] = [];
    do values.push(this.#value());
    while (this.#takes(","));
    if (!this.#takes(")")) throw new CqlError("expected ')'");
    return values;
  }

  /** A function becomes `now(-60d)`: whoever compares instants knows it. */
  #value(): string {
    const token = this.#next("a value");
    if (token.kind === "symbol") throw new CqlError(`did not expect '${token.text}'`);
    if (token.kind === "string" || !this.#takes("(")) return token.text;
    const argument = this.#takes(")") ? "" : this.#next("an argument").text;
    if (argument !== "" && !this.#takes(")")) throw new CqlError("expected ')'");
    return `${token.text.toLowerCase()}(${argument})`;
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new CqlError(`expected ${wanted}, found the end`);
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === "string" || token.text.toLowerCase() !== text) return false;
    this.#at += 1;
    return true;
  }
}

const DATE = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/;
const NOW = /^now\((?:([+-]?\d+)([mhdwMy]))?\)$/;
const UNIT_MS: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** Epoch milliseconds of a CQL instant; dates are read as UTC, to the minute. */
export function cqlInstant(text: string, now: number): number {
  const relative = NOW.exec(text);
  if (relative) return now + Number(relative[1] ?? 0) * (UNIT_MS[relative[2] ?? "d"] ?? 0);
  const date = DATE.exec(text);
  if (!date) throw new CqlError(`'${text}' is not a date`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = date.slice(1).map((each) => Number(each ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute);
}
