import type { CredentialKind } from "../../model/connections.ts";
import type { CredentialAccess } from "../source.ts";

/** The kind of a credential as a sentence names it. */
export function wordsOf({
  kind,
  accountEmail,
  username,
}: Pick<CredentialAccess, "kind" | "accountEmail" | "username">): string {
  const name = accountEmail ?? username;
  const owner = name ? ` of ${name}` : "";
  return `${KIND_WORDS[kind]}${owner}`;
}

const KIND_WORDS: Record<CredentialKind, string> = {
  oauth: "OAuth grant",
  "api-token": "API token",
  "scoped-api-token": "scoped API token",
  "organization-key": "organization API key",
  "scim-key": "SCIM directory key",
  "personal-access-token": "personal access token",
  basic: "user name and password",
};

/**
 * API tokens are sent as basic authentication with the account's e-mail (FACTS §2), passwords of Data Center with its
 * user name (FACTS §10), all others as bearer.
 */
export function authorizationOf({ kind, accountEmail, username }: CredentialAccess, token: string): string {
  const isApiToken = kind === "api-token" || kind === "scoped-api-token";
  if (!isApiToken && kind !== "basic") return `Bearer ${token}`;
  const name = isApiToken ? accountEmail : username;
  return `Basic ${Buffer.from(`${name ?? ""}:${token}`).toString("base64")}`;
}

/** The quota of points counts OAuth requests only; API tokens are exempt (FACTS §8). */
export function countsPoints(kind: CredentialKind): boolean {
  return kind === "oauth";
}

/** How a scope is given to this kind of credential once it was made without it. */
export function howToAddScopes(kind: CredentialKind, scopes: readonly string[]): string {
  const named = scopes.join(" and ");
  switch (kind) {
    case "oauth":
      return `Add ${named} to the app in the developer console (Permissions), then authorize the connection again.`;
    case "scoped-api-token":
      return `Make a new API token with ${named} among its scopes, and enter it in the connection.`;
    case "organization-key":
      return `Make a new organization API key with ${named}, or without scopes, and enter it in the connection.`;
    case "api-token":
      return "Enter an API token of an account that may do this.";
    case "scim-key":
      return "Make a new key of the directory at admin.atlassian.com, under Identity providers, and enter it in the connection.";
    case "personal-access-token":
    case "basic":
      return "Enter a credential of an account that may do this.";
  }
}
