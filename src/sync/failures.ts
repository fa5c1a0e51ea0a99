import type { ListingKind } from "../model/runs.ts";
import type { SourceFailure, SourceFailureCode } from "../sources/source.ts";

/** What a run does about a listing's failure. */
export type FailureEffect =
  /** Nothing more can be read: the run fails, the connection needs attention. */
  | "stops-run"
  /** The credential, its role or the edition does not allow this listing; the others go on. */
  | "not-allowed"
  /** Read it again from its first page. */
  | "restart"
  /** What it was to be read of is no longer there. */
  | "vanished"
  | "failed";

const EFFECTS: Record<SourceFailureCode, FailureEffect> = {
  "source.unauthorized": "stops-run",
  "source.grant-lost": "stops-run",
  "source.blocked": "stops-run",
  "source.ip-allowlist": "stops-run",
  "source.missing-scope": "not-allowed",
  "source.missing-role": "not-allowed",
  "source.missing-credential": "not-allowed",
  "source.edition-lacks": "not-allowed",
  "source.roles-only": "not-allowed",
  "source.cursor-expired": "restart",
  "source.listing-drifted": "restart",
  "source.not-found": "vanished",
  "source.bad-request": "failed",
  "source.rate-limited": "failed",
  "source.login-redirect": "failed",
  "source.unexpected-answer": "failed",
  "source.unreachable": "failed",
  "source.page-ceiling": "failed",
  "source.foreign-link": "failed",
  // Only changes are answered so.
  "source.uncertain": "failed",
  "source.conflict": "failed",
  "source.no-license": "failed",
  "source.managed-elsewhere": "failed",
};

/** Read with the organization's own key: when that is refused, the site's credential serves all the others as before. */
const BY_ORGANIZATION_KEY: readonly ListingKind[] = ["organization-accounts", "organization-groups"];

/**
 * `kind` is of the listing that failed; null for what is looked at a second time. `isReadByAnother`: not with the
 * credentials of the run's own connection, so that the others go on without it.
 */
export function effectOf(
  failure: SourceFailure,
  kind: ListingKind | null,
  { isReadByAnother }: { isReadByAnother: boolean } = { isReadByAnother: false },
): FailureEffect {
  const effect = EFFECTS[failure.code];
  const costsItsOwn = isReadByAnother || (kind !== null && BY_ORGANIZATION_KEY.includes(kind));
  return effect === "stops-run" && costsItsOwn ? "not-allowed" : effect;
}

/** Failures after which the credential must be given anew, not merely the run repeated. */
export function needsReauthorization(failure: SourceFailure): boolean {
  return failure.code === "source.unauthorized" || failure.code === "source.grant-lost";
}
