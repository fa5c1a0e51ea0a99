import type { ConditionTerms, MissingEvidence, SeatStanding } from "../../model/conditions.ts";
import type { Expression } from "../../model/expression.ts";
import { KINDS_THAT_SEE_READERS, type EvidenceKind } from "../../model/facts.ts";
import type { ReadingWindow, SeatFacts } from "../../model/seats.ts";

/** True, false, or null: it cannot be told. */
export type Truth = boolean | null;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Idle = Extract<Expression, { op: "idle" }>;
type NeverUsed = Extract<Expression, { op: "never-used" }>;
type LeastActive = Extract<Expression, { op: "least-active" }>;

/** The latest use of any kind: whatever was seen proves use, whichever kinds a rule trusts for silence. */
export function lastUsedAt(facts: SeatFacts): Date | null {
  const times = [facts.viewedAt, facts.contributedAt, facts.administeredAt, facts.authenticatedAt];
  return times.reduce((latest, at) => (latest === null || (at !== null && at > latest) ? at : latest), null);
}

export function thresholdOf(days: number, { asOf }: ConditionTerms): Date {
  return new Date(asOf.getTime() - days * DAY_MS);
}

/** Evidence that ends before this says nothing of now. */
export function freshSince({ asOf, lateHoursMax }: ConditionTerms): Date {
  return new Date(asOf.getTime() - lateHoursMax * HOUR_MS);
}

/** The kinds whose silence counts: those a condition names, of those the rule trusts, that see readers. */
export function readingKinds(kinds: readonly EvidenceKind[] | null, { evidence }: ConditionTerms): EvidenceKind[] {
  return KINDS_THAT_SEE_READERS.filter((kind) => evidence.includes(kind) && (kinds === null || kinds.includes(kind)));
}

export function isIdle({ days, kinds }: Idle, facts: SeatFacts, terms: ConditionTerms): Truth {
  const threshold = thresholdOf(days, terms);
  const used = lastUsedAt(facts);
  if (used !== null && used >= threshold) return false;
  if (facts.grantedOrigin === "organization" && facts.grantedAt > threshold) return false;
  return isCovered(facts, threshold, kinds, terms) ? true : null;
}

export function isNeverUsed({ days, kinds }: NeverUsed, facts: SeatFacts, terms: ConditionTerms): Truth {
  if (lastUsedAt(facts) !== null || facts.grantedAt > thresholdOf(days, terms)) return false;
  return isCovered(facts, facts.grantedAt, kinds, terms) ? true : null;
}

export function isLeastActive(
  { count, percent }: LeastActive,
  facts: SeatFacts,
  terms: ConditionTerms,
  standing: SeatStanding | null,
): Truth {
  if (facts.seatId === null) return false;
  if (standing === null || standing.usedPercent === null) return null;
  if (standing.usedPercent < percent) return false;
  if (!isRanked(facts, terms) || standing.rank === null) return null;
  return standing.rank <= count;
}

/** Whether it is known when a seat was used last: nothing later is hidden, and nothing earlier matters. */
export function isRanked(facts: SeatFacts, terms: ConditionTerms): boolean {
  return isCovered(facts, lastUsedAt(facts) ?? facts.grantedAt, null, terms);
}

function isCovered(
  facts: SeatFacts,
  since: Date,
  kinds: readonly EvidenceKind[] | null,
  terms: ConditionTerms,
): boolean {
  const trusted = readingKinds(kinds, terms);
  return facts.reading.some((window) => trusted.includes(window.kind) && gapOf(window, since, terms) === null);
}

function gapOf({ knownSince, knownUntil }: ReadingWindow, since: Date, terms: ConditionTerms) {
  if (knownUntil < freshSince(terms)) return "ends-too-early";
  return knownSince !== null && knownSince > since ? "begins-too-late" : null;
}

/** Why the silence that an expression asks for is not proven, one entry for each kind that could have proved it. */
export function missingFor(
  expression: Idle | NeverUsed | LeastActive,
  facts: SeatFacts,
  terms: ConditionTerms,
): MissingEvidence[] {
  const since =
    expression.op === "idle"
      ? thresholdOf(expression.days, terms)
      : expression.op === "never-used"
        ? facts.grantedAt
        : (lastUsedAt(facts) ?? facts.grantedAt);
  const kinds = expression.op === "least-active" ? null : expression.kinds;
  return readingKinds(kinds, terms).map((kind) => {
    const window = facts.reading.find((each) => each.kind === kind);
    return {
      kind,
      why: (window && gapOf(window, since, terms)) ?? "not-observed",
      knownSince: window?.knownSince?.toISOString() ?? null,
      knownUntil: window?.knownUntil.toISOString() ?? null,
      neededSince: since.toISOString(),
      neededUntil: freshSince(terms).toISOString(),
    };
  });
}
