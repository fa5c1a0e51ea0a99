import type { Capability, CredentialKind } from "../../model/connections.ts";
import type { CredentialAccess } from "../source.ts";
import { SourceFailure, type SourceFailureCode } from "../source.ts";
import { howToAddScopes, wordsOf } from "./credential.ts";

/** What was asked, so that a failure can say what was lost and who can give it back. */
export interface Asked {
  /** Method and path template without ids. */
  endpoint: string;
  /** What it reads or changes, as the subject or object of a sentence: `the members of a group`. */
  what: string;
  /** It changes what it names; left out, it only reads. */
  isChange?: boolean;
  capability: Capability | null;
  /** Least scopes that serve it with this credential, as the console names them; empty where scopes do not serve it. */
  scopes: readonly string[];
  /** The role that the account behind the credential needs, in Atlassian's words. */
  role: string;
  /** Only administrators may read it; whoever is none may get a 500 for a 403 (TRAPS §3). */
  needsAdministrator: boolean;
  /** A 404 means that the one thing asked for is gone; elsewhere it stands for a 403 (TRAPS §3). */
  isOneThing: boolean;
  /** The request goes on from a cursor: a 400 then says that the cursor is no longer known. */
  hasCursor: boolean;
}

/** What came back when it was not what was asked for. */
export interface Answer {
  status: number;
  contentType: string;
  text: string;
  headers: Headers;
}

export type Told = { code: SourceFailureCode; publicMessage: string; fix: string };

/** What one product's answers mean where they differ from Cloud's. */
export interface Dialect {
  /** Who answers, as the subject of a sentence. */
  who: string;
  /** Asked before the common words; null leaves it to them. */
  tell(answer: Answer, asked: Asked, credential: CredentialAccess): Told | null;
  /** A rate limit that does not come as 429. */
  isRateLimit(answer: Answer): boolean;
  /** Want of a right that comes as a 5xx: asking again would not help. */
  isRefusal(answer: Answer, asked: Asked): boolean;
}

/** The failure that an answer other than 2xx (or one that is not JSON) stands for. */
export function failureOf(
  answer: Answer,
  asked: Asked,
  credential: CredentialAccess,
  dialect: Dialect | null = null,
): SourceFailure {
  const told = dialect?.tell(answer, asked, credential) ?? tell(answer, asked, credential);
  return new SourceFailure(`${asked.endpoint} answered ${answer.status}: ${excerpt(answer.text)}`, {
    ...told,
    capability: asked.capability,
    endpoint: asked.endpoint,
    status: answer.status,
    requestId: requestIdOf(answer),
  });
}

/** Atlassian, live: a missing scope is this 401, and its body never names the scope (FACTS §0.7). */
export function isMissingScope({ status, text }: Answer): boolean {
  return status === 401 && /scope does not match/i.test(text);
}

/** Some endpoints answer 500 where 403 is meant: trying again would never help (TRAPS §3). */
export function isDisguisedRefusal({ status, text }: Answer): boolean {
  return status === 500 && /PermissionException|not permitted|NotAuthorized/i.test(text);
}

/** The verb for what was asked, in the forms that sentences need. */
export function verbOf({ isChange }: Pick<Asked, "isChange">): { plain: string; ing: string; past: string } {
  return isChange
    ? { plain: "change", ing: "changing", past: "changed" }
    : { plain: "read", ing: "reading", past: "read" };
}

function tell(answer: Answer, asked: Asked, credential: CredentialAccess): Told {
  const { status, text, contentType, headers } = answer;
  const verb = verbOf(asked);
  if (isMissingScope(answer)) return missingScope(asked, credential);
  if (status === 401) return wrongToken(credential);
  if (/\bip\b[^.]{0,60}\b(allow|block|permit|restrict)|allow-?list/i.test(text) && (status === 403 || status === 401)) {
    return {
      code: "source.ip-allowlist",
      publicMessage: `The organization's IP allow-list refuses this machine, so Usher cannot ${verb.plain} ${asked.what}.`,
      fix: "Add the public address of the machine that runs Usher to the allow-list at admin.atlassian.com, under Security.",
    };
  }
  if (headers.get("atlassian-datasecuritypolicy") === "app_access_blocked") {
    return {
      code: "source.missing-role",
      publicMessage: `A data security policy keeps apps away, so Usher cannot ${verb.plain} ${asked.what}.`,
      fix: "Exempt the app in the organization's data security policies, or use an API token, which they do not concern.",
    };
  }
  if (/InvalidRbacOperationException|roles-only mode/i.test(text)) {
    return {
      code: "source.roles-only",
      publicMessage: `This site uses space roles only, so ${asked.what} cannot be asked for in the old way.`,
      fix: "Describe the site again: Usher then uses space roles.",
    };
  }
  if (status >= 300 && status < 400) return loginRedirect(asked, credential);
  if (status === 400 && asked.hasCursor) {
    return {
      code: "source.cursor-expired",
      publicMessage: `Atlassian no longer knows the place in the listing of ${asked.what}.`,
      fix: "Nothing: the listing is read again from its start.",
    };
  }
  if (status === 403 || isDisguisedRefusal(answer)) return forbidden(answer, asked, credential);
  if (status === 500 && asked.needsAdministrator) return perhapsForbidden(asked, credential);
  if (status === 404 || status === 410) return notFound(answer, asked, credential);
  if (status === 429) {
    return {
      code: "source.rate-limited",
      publicMessage: `Atlassian went on refusing ${asked.what} because of its rate limit.`,
      fix: "Run it again later, or lower how many requests the connection may have under way.",
    };
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      code: "source.unreachable",
      publicMessage: `Atlassian is not available at the moment (status ${status}), so ${asked.what} could not be ${verb.past}.`,
      fix: "Run it again later; status.atlassian.com shows known outages.",
    };
  }
  if (status >= 400 && status < 500) {
    return {
      code: "source.bad-request",
      publicMessage: `Atlassian did not accept the request for ${asked.what} (status ${status}).`,
      fix: "Check the site's address; if it is right, report this with the request id.",
    };
  }
  const isHtml = /html/i.test(contentType) || /^\s*</.test(text);
  if (isHtml && status < 300 && /log ?in|sign ?in/i.test(text)) return loginRedirect(asked, credential);
  return {
    code: "source.unexpected-answer",
    publicMessage: `Atlassian answered ${isHtml ? "with a page for people instead of data" : `with something unexpected (status ${status})`} when asked for ${asked.what}.`,
    fix: isHtml
      ? "Check the site's address, and that no proxy or log-in page stands between Usher and Atlassian."
      : "Run it again; if it stays, report this with the request id.",
  };
}

function missingScope(asked: Asked, credential: CredentialAccess): Told {
  return {
    code: "source.missing-scope",
    publicMessage: `The ${wordsOf(credential)} lacks a scope that ${verbOf(asked).ing} ${asked.what} needs.`,
    fix: howToAddScopes(credential.kind, asked.scopes.length > 0 ? asked.scopes : ["the missing scope"]),
  };
}

function wrongToken(credential: CredentialAccess): Told {
  const fixByKind: Record<CredentialKind, string> = {
    oauth: "Authorize the connection again.",
    "api-token": "Check the e-mail address, make a new API token at id.atlassian.com, and enter it in the connection.",
    "scoped-api-token":
      "Check the e-mail address, make a new scoped API token at id.atlassian.com, and enter it in the connection.",
    "organization-key": "Make a new API key at admin.atlassian.com, under Settings, and enter it in the connection.",
    "scim-key":
      "Make a new key of the directory at admin.atlassian.com, under Identity providers, and enter it in the connection.",
    "personal-access-token":
      "Make a new personal access token in the account's profile, under Settings, and enter it in the connection.",
    basic: "Check the user name, and enter the password that the account has now.",
  };
  return {
    code: "source.unauthorized",
    publicMessage: `Atlassian does not accept the ${wordsOf(credential)}: it is wrong, expired or revoked.`,
    fix: fixByKind[credential.kind],
  };
}

function loginRedirect(asked: Asked, credential: CredentialAccess): Told {
  return {
    code: "source.login-redirect",
    publicMessage: `The site sent Usher to a log-in page instead of answering with ${asked.what}.`,
    fix: `Check that the site's address is its own atlassian.net address and that the ${wordsOf(credential)} is still valid.`,
  };
}

function forbidden({ text }: Answer, asked: Asked, credential: CredentialAccess): Told {
  if (/\bscopes?\b|manage:org/i.test(text)) return missingScope(asked, credential);
  if (/not permitted to use Confluence/i.test(text)) {
    return {
      code: "source.missing-role",
      publicMessage: `The account behind the ${wordsOf(credential)} may not use Confluence on this site.`,
      fix: "Give that account access to Confluence on this site, or use the credential of another account.",
    };
  }
  return {
    code: "source.missing-role",
    publicMessage: `The account behind the ${wordsOf(credential)} may not ${verbOf(asked).plain} ${asked.what}.`,
    fix: `Give that account the role it needs (${asked.role}), or use the credential of another account.`,
  };
}

/** A 500 that stays: for want of any better sign it is taken for what it most often stands for here. */
function perhapsForbidden(asked: Asked, credential: CredentialAccess): Told {
  return {
    code: "source.missing-role",
    publicMessage: `Atlassian fails (status 500) when asked for ${asked.what}, as it also does when the account behind the ${wordsOf(credential)} may not ${verbOf(asked).plain} it.`,
    fix: `Check that this account has the role it needs (${asked.role}); if it has, report this with the request id.`,
  };
}

function notFound(answer: Answer, asked: Asked, credential: CredentialAccess): Told {
  // Atlassian, AX-1941: a scoped key without the scope gets this 404 of the proxy's instead of a 403.
  if (credential.kind === "organization-key" && /"timestamp"/.test(answer.text)) return missingScope(asked, credential);
  if (asked.isOneThing) {
    return {
      code: "source.not-found",
      publicMessage: `Atlassian does not find ${asked.what}: it is gone, or the ${wordsOf(credential)} may not see it.`,
      fix: `If it still exists, give the account behind the credential the role it needs (${asked.role}).`,
    };
  }
  return {
    code: "source.missing-role",
    publicMessage: `The site hides ${asked.what} from the account behind the ${wordsOf(credential)} (status ${answer.status}).`,
    fix: `Check the site's address, and give that account the role it needs (${asked.role}).`,
  };
}

/** The request id to quote to Atlassian's support. */
function requestIdOf({ headers, text }: Answer): string | null {
  const fromHeader = headers.get("atl-traceid") ?? headers.get("atl-request-id") ?? headers.get("x-request-id");
  return fromHeader ?? /"requestId"\s*:\s*"([\w-]{1,100})"/.exec(text)?.[1] ?? null;
}

/** For the operator's log: enough to recognize the error, never a whole page. */
function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 300 ? `${flat.slice(0, 300)}…` : flat || "(empty)";
}
