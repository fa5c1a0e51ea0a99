import { SourceFailure, type SourceFailureCode } from "../source.ts";

/** Failures that lie with the credential, not with the thing that was asked for. */
const OF_THE_CREDENTIAL: readonly SourceFailureCode[] = [
  "source.unauthorized",
  "source.grant-lost",
  "source.missing-scope",
  "source.missing-role",
  "source.missing-credential",
  "source.blocked",
];

export function canAnotherServe(thrown: unknown): thrown is SourceFailure {
  return thrown instanceof SourceFailure && OF_THE_CREDENTIAL.includes(thrown.code);
}

/** A cursor belongs to the credential that began the listing: with another one it begins again. */
export function startAgain(cause: SourceFailure): SourceFailure {
  return new SourceFailure(`${cause.message} (in mid-listing; another credential may serve it)`, {
    code: "source.cursor-expired",
    publicMessage: `${cause.publicMessage} The listing is begun again with another credential.`,
    fix: cause.fix,
    capability: cause.capability,
    endpoint: cause.endpoint,
    status: cause.status,
    cause,
  });
}
