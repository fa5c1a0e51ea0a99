import type { EvidenceKind } from "./facts.ts";

/** What an expression may name: one fact of a seat, its account or its person, as `seat.grantedAt`. */
export type FactName =
  | "seat.siteId"
  | "seat.edition"
  | "seat.editionIdentifier"
  | "seat.grantedAt"
  | "seat.isGrantKnown"
  | "seat.groups"
  | "seat.spaces"
  | "seat.duplicateRank"
  | "account.id"
  | "account.class"
  | "account.type"
  | "account.isManaged"
  | "account.email"
  | "account.emailDomain"
  | "person.id"
  | "person.status"
  | "person.department"
  | "person.jobTitle"
  | "person.costCenter"
  | "person.location"
  | "person.employmentType"
  | "person.managerId";

export type FactType = "string" | "number" | "boolean" | "instant";

export const COMPARISONS = ["==", "!=", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A side of a comparison; both sides are of one type. A duration is in milliseconds. */
export type Operand =
  | { kind: "fact"; name: FactName }
  | { kind: "literal"; type: FactType | "duration"; value: string | number | boolean | Date }
  | { kind: "now" }
  | { kind: "shifted"; instant: Operand; byMs: number }
  | { kind: "elapsed"; later: Operand; earlier: Operand };

/**
 * An expression that was checked: what SQL and the evaluation of one seat are both made from. It has three values. What
 * names an unknown fact is unknown, and so is a silence that evidence does not cover; `and`, `or` and `not` over them
 * are those of Kleene, which are SQL's. Only what is true matches.
 */
export type Expression =
  | { op: "and" | "or"; parts: readonly Expression[] }
  | { op: "not"; part: Expression }
  | { op: "literal"; value: boolean }
  | { op: "fact"; name: FactName }
  | { op: "known"; name: FactName }
  | { op: "compare"; by: Comparison; left: Operand; right: Operand }
  | { op: "in"; operand: Operand; values: readonly (string | number)[] }
  | { op: "starts-with"; operand: Operand; prefix: string }
  | { op: "in-group"; groupIds: readonly string[] }
  | { op: "idle"; days: number; kinds: readonly EvidenceKind[] | null }
  | { op: "never-used"; days: number; kinds: readonly EvidenceKind[] | null }
  | { op: "least-active"; count: number; percent: number };
