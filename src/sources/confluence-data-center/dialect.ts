import { type Answer, type Asked, type Dialect, type Told, verbOf } from "../atlassian/failures.ts";
import { wordsOf } from "../atlassian/credential.ts";
import type { CredentialAccess } from "../source.ts";

/**
 * What an instance of Data Center means by its answers (FACTS §10, TRAPS §3). One per open site: a 500 that stayed
 * although it was asked again is taken for a refusal at once from then on.
 */
export function createDialect(): Dialect {
  const refusedWith500 = new Set<string>();
  return {
    who: "Confluence",
    isRateLimit: ({ status, headers }) =>
      status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining")?.trim() === "0"),
    isRefusal: ({ status }, { endpoint }) => status === 500 && refusedWith500.has(endpoint),
    tell(answer, asked, credential) {
      if (answer.status === 500 && asked.needsAdministrator) refusedWith500.add(asked.endpoint);
      return tell(answer, asked, credential);
    },
  };
}

function tell(answer: Answer, asked: Asked, credential: CredentialAccess): Told | null {
  const { status, text, headers } = answer;
  if (status === 401) return notAccepted(answer, credential);
  if (isSudoPage(answer)) return secureSession(asked, credential);
  if (isRemoteApiOff(answer, asked)) return remoteApiOff(asked);
  if (status >= 300 && status < 400) return sentToLogIn(asked, credential);
  if (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0")) {
    return rateLimited(asked);
  }
  if (status === 429) return rateLimited(asked);
  if (status === 400 && !asked.hasCursor) {
    return {
      code: "source.bad-request",
      publicMessage: `Confluence did not accept the request for ${asked.what} (status 400).`,
      fix: "Report this with the version of Confluence: Usher has to learn how it is asked.",
    };
  }
  if (status === 403 || (status === 500 && asked.needsAdministrator)) return mayNot(answer, asked, credential);
  if (status === 404 && !asked.isOneThing) {
    return {
      code: "source.edition-lacks",
      publicMessage: `This version of Confluence does not offer ${asked.what} (status 404).`,
      fix: "Check the address with its context path; if it is right, this comes with a newer version of Confluence.",
    };
  }
  if (status === 404) {
    return {
      code: "source.not-found",
      publicMessage: `Confluence does not find ${asked.what}: it is gone, or the ${wordsOf(credential)} may not see it.`,
      fix: `If it still exists, give the account behind the credential the role it needs (${asked.role}).`,
    };
  }
  if (status >= 500) {
    return {
      code: status === 500 ? "source.unexpected-answer" : "source.unreachable",
      publicMessage: `Confluence failed (status ${status}) when asked for ${asked.what}.`,
      fix: "Run it again later; if it stays, look into the log of Confluence at this time.",
    };
  }
  if (status >= 200 && status < 300 && isHtml(answer)) {
    if (/id="login|name="os_password"|login\.action/i.test(text)) return sentToLogIn(asked, credential);
    return {
      code: "source.unexpected-answer",
      publicMessage: `A page for people came instead of data when Usher asked for ${asked.what}.`,
      fix: "Check the address with its context path, and that no proxy or log-in page stands before Confluence.",
    };
  }
  return null;
}

/** Seraph, Confluence's log-in filter, names the reason in a header; the body is a page (TRAPS §3). */
function notAccepted({ headers }: Answer, credential: CredentialAccess): Told {
  const reason = headers.get("x-seraph-loginreason") ?? "";
  const isChallenged =
    /AUTHENTICATION_DENIED/i.test(reason) || /captcha/i.test(headers.get("x-authentication-denied-reason") ?? "");
  if (isChallenged) {
    return {
      code: "source.unauthorized",
      publicMessage: `Confluence wants the ${wordsOf(credential)} to be confirmed by a person after failed log-ins.`,
      fix: "Log in once in a browser as that account and solve the puzzle, or use a personal access token.",
    };
  }
  const isToken = credential.kind === "personal-access-token";
  return {
    code: "source.unauthorized",
    publicMessage: `Confluence does not accept the ${wordsOf(credential)}: it is wrong, expired or revoked${reason === "" ? "" : ` (${reason})`}.`,
    fix: isToken
      ? "Make a new personal access token in the account's profile, under Settings, and enter it in the connection."
      : "Check the user name and the password, or use a personal access token; single sign-on may forbid passwords.",
  };
}

/** Secure administrator sessions answer administration pages with 200 and a form for the password (TRAPS §3). */
function isSudoPage({ status, text, headers, contentType }: Answer): boolean {
  const location = headers.get("location") ?? "";
  if (/authenticate\.action/i.test(location)) return true;
  if (status >= 300 || !/html/i.test(contentType)) return false;
  return /websudo|authenticate\.action|administrator access|secure administrator session/i.test(text);
}

function secureSession(asked: Asked, credential: CredentialAccess): Told {
  return {
    code: "source.missing-role",
    publicMessage: `Confluence asks for a password again (secure administrator session) before Usher may ${verbOf(asked).plain} ${asked.what}.`,
    fix:
      credential.kind === "personal-access-token"
        ? "Switch off secure administrator sessions in the security configuration, or let this machine pass them in the allow-list."
        : "Use a personal access token, which they do not concern, or switch off secure administrator sessions in the security configuration.",
  };
}

function isRemoteApiOff({ status, text }: Answer, { endpoint }: Asked): boolean {
  if (!endpoint.includes("/rpc/json-rpc/")) return false;
  return status === 404 || (status >= 400 && /remote api|rpc[^.]{0,40}(disabled|not enabled)/i.test(text));
}

function remoteApiOff(asked: Asked): Told {
  return {
    code: "source.edition-lacks",
    publicMessage: `This version of Confluence tells ${asked.what} by its remote API only, and that is switched off.`,
    fix: "Switch on Remote API (XML-RPC & SOAP) under General configuration, Further configuration.",
  };
}

function sentToLogIn(asked: Asked, credential: CredentialAccess): Told {
  return {
    code: "source.login-redirect",
    publicMessage: `Confluence sent Usher to a log-in page instead of answering with ${asked.what}.`,
    fix: `Check the address with its context path, that single sign-on lets the REST API pass, and that the ${wordsOf(credential)} is valid.`,
  };
}

function rateLimited(asked: Asked): Told {
  return {
    code: "source.rate-limited",
    publicMessage: `Confluence went on refusing ${asked.what} because of its rate limit.`,
    fix: "Exempt the account from rate limiting in Confluence's administration, or run it again later.",
  };
}

function mayNot({ status, text }: Answer, asked: Asked, credential: CredentialAccess): Told {
  if (/not permitted to use Confluence/i.test(text)) {
    return {
      code: "source.missing-role",
      publicMessage: `The account behind the ${wordsOf(credential)} may not use this Confluence.`,
      fix: "Give that account the global permission “can use”, or use the credential of another account.",
    };
  }
  const as500 = status === 500 ? " It said so with status 500, as it does to whoever is no administrator." : "";
  return {
    code: "source.missing-role",
    publicMessage: `The account behind the ${wordsOf(credential)} may not ${verbOf(asked).plain} ${asked.what}.${as500}`,
    fix: `Give that account the role it needs (${asked.role}), or use the credential of another account.`,
  };
}

function isHtml({ contentType, text }: Answer): boolean {
  return /html/i.test(contentType) || /^\s*</.test(text);
}
