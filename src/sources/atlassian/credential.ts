import type { CredentialKind } from "../../model/connections.ts";
import type { CredentialAccess } from "../source.ts";

/** The kind of a credential as a sentence names it. */
export function wordsOf({ kind, accountEmail }: Pick<CredentialAccess, "kind" | "accountEmail">): string {
  const owner = accountEmail ? ` of ${accountEmail}` : "";
  return `${KIND_WORDS[kind]}${owner}`;
}

const KIND_WORDS: Record<CredentialKind, string> = {
  oauth: "OAuth grant",
  "api-token": "API token",
  "scoped-api-token": "scoped API token",
  "organization-key": "organization API key",
};

/** API tokens are sent as basic authentication with the account's e-mail, all others as bearer (FACTS §2). */
export function authorizationOf({ kind, accountEmail }: CredentialAccess, token: string): string {
  const isBasic = kind === "api-token" || kind === "scoped-api-token";
  return isBasic ? `Basic ${Buffer.from(`${accountEmail ?? ""}:${token}`).toString("base64")}` : `Bearer ${token}`;
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
  }
}
