import type { RowOf } from "../../api/call.ts";
import type { Picked } from "../../parts/pick-several.tsx";

export type Exclusion = RowOf<"exclusion-rules.list">;
export type Effect = Exclusion["effects"][number];
export type Condition = Record<string, unknown>;

export const EFFECTS = ["not-counted", "no-reclaim", "no-review", "no-notify"] as const satisfies readonly Effect[];

export type Kind = "person" | "group" | "pattern" | "type" | "identifier" | "several" | "own";
export type FormKind = Exclude<Kind, "own">;
export const FORM_KINDS = ["person", "group", "pattern", "type", "identifier", "several"] as const;

export type PatternHow = "begins" | "domain" | "department" | "expression";
export const PATTERNS = ["begins", "domain", "department", "expression"] as const;
export const TYPES = ["app", "customer", "unknown", "guest"] as const;
export type TypeName = (typeof TYPES)[number];

/** What somebody has said in the form of whom an exclusion catches. */
export interface Draft {
  kind: FormKind;
  people: readonly Picked[];
  groups: readonly Picked[];
  pattern: { how: PatternHow; value: string };
  type: TypeName;
  identifiers: string;
  json: string;
}

export const NEW_DRAFT: Draft = {
  kind: "person",
  people: [],
  groups: [],
  pattern: { how: "begins", value: "" },
  type: "app",
  identifiers: "",
  json: "",
};

const TYPE_CEL: Readonly<Record<TypeName, string>> = {
  app: 'account.type == "app"',
  customer: 'account.type == "customer"',
  unknown: 'account.type == "unknown"',
  guest: 'account.class == "guest"',
};

/** The condition that the draft stands for; null while it says nothing that could be asked. */
export function conditionOf(draft: Draft): Condition | null {
  switch (draft.kind) {
    case "person":
      return draft.people.length > 0 ? { is: "person", people: draft.people.map(({ id }) => id) } : null;
    case "group":
      return draft.groups.length > 0 ? { is: "group-member", groups: draft.groups.map(({ id }) => id) } : null;
    case "pattern":
      return patternOf(draft.pattern);
    case "type":
      return { is: "expression", cel: TYPE_CEL[draft.type] };
    case "identifier": {
      const identifiers = draft.identifiers
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each !== "");
      return identifiers.length > 0 ? { is: "edition-identifier", identifiers } : null;
    }
    case "several":
      return readJson(draft.json);
  }
}

function patternOf({ how, value: typed }: Draft["pattern"]): Condition | null {
  const value = typed.trim();
  if (value === "") return null;
  const text = JSON.stringify(how === "department" ? value : value.toLowerCase());
  const cel = {
    begins: `account.email.startsWith(${text})`,
    domain: `account.emailDomain == ${text}`,
    department: `person.department == ${text}`,
    expression: value,
  }[how];
  return { is: "expression", cel };
}

function readJson(json: string): Condition | null {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Condition) : null;
  } catch {
    return null;
  }
}

/** Kinds are what people call them; several conditions make one where they are alike. */
export function kindOf({ condition, builtIn }: Pick<Exclusion, "condition" | "builtIn">): Kind {
  if (condition === null) return builtIn === "app-accounts" ? "type" : "own";
  return draftOf(condition).kind;
}

const QUOTED = String.raw`("(?:[^"\\]|\\.)*")`;
const PATTERN_CEL: readonly (readonly [PatternHow, RegExp])[] = [
  ["begins", new RegExp(String.raw`^account\.email\.startsWith\(${QUOTED}\)$`)],
  ["domain", new RegExp(String.raw`^account\.emailDomain == ${QUOTED}$`)],
  ["department", new RegExp(String.raw`^person\.department == ${QUOTED}$`)],
];

/** The form's draft of a condition that is saved. Who is named stands by their id until names are known. */
export function draftOf(condition: Condition): Draft {
  const texts = (name: string) => (condition[name] as string[] | undefined) ?? [];
  switch (condition["is"]) {
    case "person":
      return { ...NEW_DRAFT, kind: "person", people: texts("people").map((id) => ({ id, name: id })) };
    case "group-member":
      return { ...NEW_DRAFT, kind: "group", groups: texts("groups").map((id) => ({ id, name: id })) };
    case "edition-identifier":
      return { ...NEW_DRAFT, kind: "identifier", identifiers: texts("identifiers").join(", ") };
    case "expression":
      return draftOfExpression(String(condition["cel"]));
    default:
      return { ...NEW_DRAFT, kind: "several", json: JSON.stringify(condition, null, 2) };
  }
}

function draftOfExpression(cel: string): Draft {
  const type = TYPES.find((each) => TYPE_CEL[each] === cel);
  if (type) return { ...NEW_DRAFT, kind: "type", type };
  for (const [how, form] of PATTERN_CEL) {
    const quoted = form.exec(cel)?.[1];
    if (quoted) return { ...NEW_DRAFT, kind: "pattern", pattern: { how, value: unquoted(quoted) } };
  }
  return { ...NEW_DRAFT, kind: "pattern", pattern: { how: "expression", value: cel } };
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
