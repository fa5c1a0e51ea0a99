import { KINDS_THAT_SEE_READERS, type EvidenceKind, type EvidenceSource } from "../model/facts.ts";

/**
 * What one source knows about one kind of use of an account. Two of one kind may stand beside each other: what is known
 * of the account itself, and the window that holds for everybody at the site.
 */
export interface EvidenceOfKind {
  kind: EvidenceKind;
  source: EvidenceSource;
  /** Null means "nothing seen since `knownSince`", not "never active". */
  lastAt: Date | null;
  /** Use before this was never collected, so silence before it proves nothing. Null: the account's whole life is known. */
  knownSince: Date | null;
  /** What happened after this is not known yet. */
  knownUntil: Date;
  /** False: the source does not tell of the account any more, so that it is silent now proves nothing. */
  isTold?: boolean;
}

export interface IdlePolicy {
  /** Days without use after which a seat is idle. */
  idleAfterDays: number;
  /**
   * How old evidence may be, in hours, and still prove silence up to now: views come up to 24 hours late (FACTS §6), and
   * a run is made once a day.
   */
  lateHoursMax: number;
}

/** Hours by which the source itself may be late with a view (Atlassian, `last-active-dates`: up to 24 hours). */
export const SOURCE_LATE_HOURS = 24;

export function idlePolicyOf(settings: { idleAfterDays: number; staleAfterHours: number }): IdlePolicy {
  return { idleAfterDays: settings.idleAfterDays, lateHoursMax: SOURCE_LATE_HOURS + settings.staleAfterHours };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The first instant of the time that has to be silent for a seat to be idle. */
export function idleThreshold(asOf: Date, policy: IdlePolicy): Date {
  return new Date(asOf.getTime() - policy.idleAfterDays * DAY_MS);
}

export function seesReaders(kind: EvidenceKind): boolean {
  return KINDS_THAT_SEE_READERS.includes(kind);
}

/** Why silence of this evidence does or does not prove that nobody used the seat. */
export type Coverage = "covers" | "sees-only-writers" | "begins-too-late" | "ends-too-early";

export function coverageOf(evidence: EvidenceOfKind, asOf: Date, policy: IdlePolicy): Coverage {
  if (!seesReaders(evidence.kind)) return "sees-only-writers";
  if (evidence.isTold === false) return "ends-too-early";
  if (evidence.knownUntil.getTime() < asOf.getTime() - policy.lateHoursMax * HOUR_MS) return "ends-too-early";
  const begins = evidence.knownSince;
  return begins !== null && begins > idleThreshold(asOf, policy) ? "begins-too-late" : "covers";
}

/** The latest use of any kind; of two at one instant the one that says more about what was done. */
export function latestUse(evidence: readonly EvidenceOfKind[]): (EvidenceOfKind & { lastAt: Date }) | null {
  let latest: (EvidenceOfKind & { lastAt: Date }) | null = null;
  for (const { lastAt, ...each } of evidence) {
    if (lastAt === null) continue;
    const isLater = latest === null || lastAt > latest.lastAt;
    const isTold =
      latest !== null && lastAt.getTime() === latest.lastAt.getTime() && rank(each.kind) < rank(latest.kind);
    if (isLater || isTold) latest = { ...each, lastAt };
  }
  return latest;
}

/** What was written tells more than that something was opened. Also the order of the SQL in `store/evidence.ts`. */
const KINDS_BY_MEANING: readonly EvidenceKind[] = ["contributed", "administered", "viewed", "authenticated"];

function rank(kind: EvidenceKind): number {
  return KINDS_BY_MEANING.indexOf(kind);
}
