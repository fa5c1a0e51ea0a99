/** What is known of the use of a seat when it is planned to be taken. */
export interface KnownUse {
  plannedAt: Date;
  grantedAt: Date | null;
  /** Null: a person chose the seat without a candidate. */
  candidate: {
    ruleId: string | null;
    /** The last use that the rule judged by. */
    lastUsedAt: Date | null;
    answer: string | null;
    answeredAt: Date | null;
  } | null;
}

/**
 * Use after this instant speaks against taking the seat. A rule judged by the last use it knew, so that anything later
 * contradicts it, also what only became known since; of a seat that was never used, any use does. Who gave it back, or a
 * person who chose the seat, knew of what was before.
 */
export function unusedSince({ plannedAt, grantedAt, candidate }: KnownUse): Date {
  if (candidate?.answer === "give-back" && candidate.answeredAt) return candidate.answeredAt;
  if (!candidate?.ruleId) return plannedAt;
  return candidate.lastUsedAt ?? grantedAt ?? plannedAt;
}
