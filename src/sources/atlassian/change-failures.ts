import { type CredentialAccess, SourceFailure } from "../source.ts";
import { wordsOf } from "./credential.ts";
import { type Answer, type Asked, type Dialect, failureOf, isDisguisedRefusal, type Told } from "./failures.ts";

/** The failure that an answer to a change stands for, when it does not say that the change was made. */
export function changeFailureOf(
  answer: Answer,
  asked: Asked,
  credential: CredentialAccess,
  dialect: Dialect | null = null,
): SourceFailure {
  const told = tell(answer, asked, credential, dialect?.who ?? "Atlassian");
  if (told) return withEvidence(told, failureOf(answer, asked, credential, dialect));
  if (isUnknownOutcome(answer)) {
    const { requestId } = failureOf(answer, asked, credential, dialect);
    return uncertain(dialect?.who ?? "Atlassian", asked, `status ${answer.status}`, {
      status: answer.status,
      requestId,
    });
  }
  const failure = failureOf(answer, asked, credential, dialect);
  const isPage = answer.status < 300 && failure.code === "source.unexpected-answer";
  if (!isPage) return failure;
  return uncertain(dialect?.who ?? "Atlassian", asked, "a page for people", { status: answer.status });
}

/** Nobody knows whether the change was made: whoever wants to know reads. */
export function uncertain(
  who: string,
  asked: Asked,
  why: string,
  {
    status = null,
    requestId = null,
    cause,
  }: { status?: number | null; requestId?: string | null; cause?: unknown } = {},
): SourceFailure {
  return new SourceFailure(`${asked.endpoint}: not known whether it was made: ${why}`, {
    code: "source.uncertain",
    publicMessage: `${who} gave no clear answer when asked to change ${asked.what}, so it is not known whether it was done.`,
    fix: "Nothing is sent again before it was read how it is now.",
    capability: asked.capability,
    endpoint: asked.endpoint,
    status,
    requestId,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A 5xx may come after the change was made; a 408 as well, as far as anybody outside can tell. */
function isUnknownOutcome(answer: Answer): boolean {
  return (answer.status >= 500 || answer.status === 408) && !isDisguisedRefusal(answer);
}

/**
 * Codes of the Organizations API (spec ORG): ADMIN-409-3 and ADMIN-UAM-409-3 "license limit exceeded", ADMIN-400-32 "too
 * many license breaches". The v1 API of Confluence documents no code, so its words are looked at (FACTS §0.10).
 */
const NO_LICENSE =
  /ADMIN-409-3"|ADMIN-UAM-409-3"|ADMIN-400-32"|licen[cs]e[^.]{0,40}(limit|exceed|breach|left|available|used up)|(user|seat) limit|no (more |free )?(licen[cs]es?|seats?)\b/i;

/** Groups and people that an identity provider or a read-only directory holds (FACTS §0.10, §10). */
const MANAGED_ELSEWHERE =
  /identity provider|\bidp\b|externally[- ](managed|synced)|external(ly)?[- ]?(directory|synced|managed)|synced from|read-?only (group|user|directory)|ReadOnlyGroupException|directory[^.]{0,40}read-?only|OperationNotPermittedException|ApplicationPermissionException/i;

function tell(answer: Answer, asked: Asked, credential: CredentialAccess, who: string): Told | null {
  const { status, text } = answer;
  if (status < 400) return null;
  const isRefused = status === 400 || status === 402 || status === 403 || status === 409;
  if (status === 402 || (isRefused && NO_LICENSE.test(text))) return noLicense(asked, who);
  // A directory that Crowd holds read-only is told by the name of an exception, in a 500 as well.
  if ((isRefused || status === 500) && MANAGED_ELSEWHERE.test(text)) return managedElsewhere(asked);
  if (status === 409) {
    return {
      code: "source.conflict",
      publicMessage: `${who} says that ${asked.what} is not as the change takes it to be (status 409).`,
      fix: "Read how it is now, and decide again.",
    };
  }
  if ((status === 404 || status === 410) && asked.isOneThing && !isScopeIn404(answer, credential)) {
    return {
      code: "source.not-found",
      publicMessage: `${who} does not find ${asked.what}: the group or the account is gone, or the ${wordsOf(credential)} may not see it.`,
      fix: `Nothing is left to change if it is gone; if it still exists, give the account behind the credential the role it needs (${asked.role}).`,
    };
  }
  return null;
}

/** Atlassian, AX-1941: a scoped key without the scope gets a 404 of the proxy's. */
function isScopeIn404({ text }: Answer, { kind }: CredentialAccess): boolean {
  return kind === "organization-key" && /"timestamp"/.test(text);
}

export function noLicense(asked: Pick<Asked, "what">, who = "Atlassian"): Told {
  return {
    code: "source.no-license",
    publicMessage: `${who} does not change ${asked.what}: no seat is free.`,
    fix: "Take back another seat, or buy one more; then try again.",
  };
}

export function managedElsewhere(asked: Pick<Asked, "what">): Told {
  return {
    code: "source.managed-elsewhere",
    publicMessage: `An identity provider or another directory manages ${asked.what}, so it cannot be changed here.`,
    fix: "Make the change there: whoever runs the identity provider can.",
  };
}

/** The words of `told`, with the endpoint, status and request id that the answer came with. */
export function withEvidence(told: Told, failure: SourceFailure): SourceFailure {
  const { message, capability, endpoint, status, requestId } = failure;
  return new SourceFailure(message, { ...told, capability, endpoint, status, requestId });
}
