/** What to make of a failed request. */
export type FailureKind =
  /** The source did not take it; the same may work later. */
  | "not-taken"
  /** Nobody knows whether it took effect. */
  | "uncertain"
  /** It will not work however often it is tried. */
  | "final";

const NOT_TAKEN: readonly string[] = ["source.rate-limited", "source.conflict", "source.blocked"];
const FINAL: readonly string[] = [
  "source.unauthorized",
  "source.grant-lost",
  "source.missing-scope",
  "source.missing-role",
  "source.missing-credential",
  "source.edition-lacks",
  "source.not-found",
  "source.bad-request",
  "source.ip-allowlist",
  "source.login-redirect",
  "source.no-license",
  "source.managed-elsewhere",
];

/** By the code of the failure. What is not named is uncertain: reading before sending again does no harm. */
export function kindOfFailure(code: string): FailureKind {
  if (NOT_TAKEN.includes(code)) return "not-taken";
  return FINAL.includes(code) ? "final" : "uncertain";
}

/** A seat is tried this often; with the waits between, that takes about six minutes. */
export const ATTEMPTS_MAX = 6;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 600_000;

/** Before the next try, of which `attempts` were made. */
export function waitBeforeTry(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT_MS);
}

/** A source may show a change only after this long (FACTS: groups of the organization, up to 30 s). */
export const LAG_MS = 45_000;
const FIRST_LOOK_MS = 1000;

/** Before reading back again, so long after it was sent; doubles each time. Null: it has had its time. */
export function waitBeforeLook(sinceSentMs: number): number | null {
  if (sinceSentMs >= LAG_MS) return null;
  return Math.min(Math.max(FIRST_LOOK_MS, sinceSentMs), LAG_MS - sinceSentMs);
}
