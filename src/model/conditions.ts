import type { EvidenceKind } from "./facts.ts";

/**
 * A condition over one seat with its account and person, as plain data: what a rule stores, what the API takes. Each
 * `is` is a file of `rules/conditions/`, which also says what its parameters are; `expression` takes CEL itself.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | ({ is: string } & { [parameter: string]: unknown });

/** With what a condition is judged; of one moment, so that SQL and the evaluation of one seat agree. */
export interface ConditionTerms {
  asOf: Date;
  /** Kinds whose silence counts. Use of any kind is use, whichever these are. */
  evidence: readonly EvidenceKind[];
  /** How old evidence may be, in hours, and still prove silence up to now (`rules/evidence.ts`). */
  lateHoursMax: number;
  /** Seats that may be used, by site; a site that is missing has no known capacity. */
  capacities?: Readonly<Record<string, number>>;
}

/** Where a seat stands among those of its site, which no fact of the seat alone tells. */
export interface SeatStanding {
  /** 1 is the seat used least recently; null: what is known of its use does not place it. */
  rank: number | null;
  /** Seats in use at the site, in percent of its capacity; null where no capacity is known. */
  usedPercent: number | null;
}

/** A part of a condition that made a seat match, with what it saw. */
export interface ConditionReason {
  is: string;
  /** In words: `Idle for 60 days or more`. */
  says: string;
  /** It stands below a `not`, and did not hold. */
  isNegated: boolean;
  saw: Readonly<Record<string, string | number | boolean | null>>;
}

/** Why silence of a kind proves nothing about a seat. */
export interface MissingEvidence {
  kind: EvidenceKind;
  why: "not-observed" | "begins-too-late" | "ends-too-early";
  /** What is covered, and what would have to be; ISO instants. */
  knownSince: string | null;
  knownUntil: string | null;
  neededSince: string | null;
  neededUntil: string;
}

export interface ConditionOutcome {
  matches: boolean;
  /** It does not match, but with more evidence it might. */
  lacksEvidence: boolean;
  because: ConditionReason[];
  /** Empty unless it lacks evidence. */
  missing: MissingEvidence[];
}

export interface ConditionProblem {
  /** As `condition.all[0].days`. */
  path: string;
  message: string;
}
