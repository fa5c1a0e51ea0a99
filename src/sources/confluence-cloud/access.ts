import { readWhole } from "../atlassian/whole.ts";
import { type AccessPart, type ObservedAccess, SourceFailure } from "../source.ts";
import { readAccountsById } from "./accounts.ts";
import type { SiteClient } from "./client.ts";
import type { SiteDirectory } from "./directory.ts";
import { readGroupsOfAccount } from "./groups.ts";
import { type DirectoryAccount, findOrganizationAccount } from "./organization.ts";

type Groups = NonNullable<ObservedAccess["groups"]>;

/**
 * What is so now for one account. Memberships are asked of the site itself, one request for up to 200 groups; status and
 * other products of the directory, one request for both, where there is an organization key.
 */
export async function readAccess(
  client: SiteClient,
  directory: SiteDirectory,
  accountId: string,
  parts: readonly AccessPart[],
  signal: AbortSignal,
): Promise<ObservedAccess> {
  const hasKey = client.credentialFor("organization-accounts") !== null;
  const isSiteAsked = parts.includes("groups") && client.credentialFor("groups-of-account") !== null;
  const isDirectoryAsked = hasKey && (parts.some((part) => part !== "groups") || !isSiteAsked);
  const [groups, found] = await Promise.all([
    isSiteAsked ? groupsAtSite(client, accountId, signal) : undefined,
    isDirectoryAsked ? inDirectory(client, directory, accountId, signal) : undefined,
  ]);
  // Only what a site says of its own people can prove that one is unknown to it.
  if (groups === null) return UNKNOWN;
  if (groups === undefined && found === null) return UNKNOWN;
  const isActive = await activeOf(client, accountId, parts, found, signal);
  if (isActive === "unknown" && groups === undefined) return UNKNOWN;
  return {
    isKnown: true,
    groups: parts.includes("groups") ? (groups ?? found?.groups ?? null) : null,
    isActive: isActive === "unknown" ? null : isActive,
    isSuspended: parts.includes("status") ? (found?.account.isSuspended ?? null) : null,
    otherProducts: parts.includes("products") ? (found?.otherProducts ?? null) : null,
  };
}

const UNKNOWN: ObservedAccess = {
  isKnown: false,
  groups: null,
  isActive: null,
  isSuspended: null,
  otherProducts: null,
};

/** Null: the site does not know the account. Spec V1 documents no answer for that, so an empty list is looked into. */
async function groupsAtSite(client: SiteClient, accountId: string, signal: AbortSignal): Promise<Groups | null> {
  try {
    const groups = await readWhole((cursor) => readGroupsOfAccount(client, accountId, cursor, signal));
    if (groups.length > 0) return groups.map(({ sourceId, name }) => ({ sourceId, name }));
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
    // An unknown account is answered with 400 or 404 (FACTS §3, GET /user); other reasons for a 400 show below.
    if (!(thrown instanceof SourceFailure && thrown.code === "source.bad-request")) throw thrown;
    if (await isKnownAtSite(client, accountId, signal)) throw thrown;
    return null;
  }
  return (await isKnownAtSite(client, accountId, signal)) ? [] : null;
}

/** Where nobody may look up accounts, whoever is in no group counts as known: less follows from it. */
async function isKnownAtSite(client: SiteClient, accountId: string, signal: AbortSignal): Promise<boolean> {
  if (client.credentialFor("accounts-by-id") === null) return true;
  return (await readAccountsById(client, [accountId], signal)).length > 0;
}

async function inDirectory(
  client: SiteClient,
  directory: SiteDirectory,
  accountId: string,
  signal: AbortSignal,
): Promise<DirectoryAccount | null> {
  return findOrganizationAccount(client, accountId, await directory.id(signal), signal);
}

async function activeOf(
  client: SiteClient,
  accountId: string,
  parts: readonly AccessPart[],
  found: DirectoryAccount | null | undefined,
  signal: AbortSignal,
): Promise<boolean | null | "unknown"> {
  if (!parts.includes("status")) return null;
  const told = found?.account.status;
  if (told !== undefined && told !== "unknown") return told === "active";
  if (client.credentialFor("accounts-by-id") === null) return null;
  const [account] = await readAccountsById(client, [accountId], signal);
  if (!account) return "unknown";
  return account.status === null || account.status === "unknown" ? null : account.status === "active";
}
