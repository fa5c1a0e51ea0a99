import { SourceFailure } from "../../../sources/source.ts";

/** The credential no longer works and no retry will help: a person must consent or enter a secret anew. */
export function lostGrant(message: string, kind: "oauth" | "token", cause?: unknown): SourceFailure {
  return new SourceFailure(message, {
    code: "source.grant-lost",
    publicMessage:
      kind === "oauth"
        ? "Atlassian no longer accepts this authorization: it was revoked, replaced or left unused for 90 days."
        : "The source no longer accepts this credential: it is wrong, expired or revoked.",
    fix:
      kind === "oauth"
        ? "Authorize the connection again (usher connection authorize)."
        : "Make a new one at the source and enter it in the connection (usher connection rotate).",
    cause,
  });
}
