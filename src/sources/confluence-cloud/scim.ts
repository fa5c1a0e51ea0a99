import { z } from "zod";
import { type CredentialAccess, SourceFailure } from "../source.ts";
import { readAccountsById } from "./accounts.ts";
import type { SiteClient } from "./client.ts";
import { findOrganizationAccount } from "./organization.ts";

export const SCIM_JSON = "application/scim+json";

const ATLASSIAN = "urn:scim:schemas:extension:atlassian-external:1.0";
const User = z.object({
  id: z.string(),
  active: z.boolean().nullish(),
  [ATLASSIAN]: z.object({ atlassianAccountId: z.string().nullish() }).nullish(),
});
const Users = z.object({ totalResults: z.number(), Resources: z.array(User).nullish() });

/**
 * The user of the directory that belongs to an account. SCIM filters by `userName` or `externalId` only (spec SCIM), so
 * it is looked for by its e-mail, which identity providers use as the name; the account id that the answer carries must
 * be the one that is meant, or nothing is changed.
 */
export async function findScimUser(
  client: SiteClient,
  credential: CredentialAccess,
  accountId: string,
  signal: AbortSignal,
): Promise<{ id: string; isActive: boolean | null }> {
  const email = await emailOf(client, accountId, signal);
  if (email === null) throw notFound("its e-mail address is not known here, and the directory is asked by that");
  const { Resources } = await readUsers(client, credential, { filter: `userName eq ${JSON.stringify(email)}` }, signal);
  const user = (Resources ?? []).find((each) => each[ATLASSIAN]?.atlassianAccountId === accountId);
  if (!user) throw notFound("no user of that e-mail address in the directory belongs to this account");
  return { id: user.id, isActive: user.active ?? null };
}

/** How many users the directory holds: shows that the key opens it. */
export async function countScimUsers(
  client: SiteClient,
  credential: CredentialAccess,
  signal: AbortSignal,
): Promise<number> {
  return (await readUsers(client, credential, { startIndex: 1, count: 1 }, signal)).totalResults;
}

function readUsers(
  client: SiteClient,
  credential: CredentialAccess,
  query: Record<string, string | number>,
  signal: AbortSignal,
) {
  return client.readWith(
    credential,
    "organization-accounts",
    {
      template: "/scim/directory/{directoryId}/Users",
      path: "/Users",
      query,
      schema: Users,
      what: "the users of the SCIM directory",
      capability: "reclaim",
    },
    signal,
  );
}

/** The directory tells it of every managed account; the site only where its owner shows it. */
async function emailOf(client: SiteClient, accountId: string, signal: AbortSignal): Promise<string | null> {
  if (client.credentialFor("organization-accounts") !== null) {
    const found = await findOrganizationAccount(client, accountId, "-", signal);
    if (found?.account.email) return found.account.email;
  }
  if (client.credentialFor("accounts-by-id") === null) return null;
  const [account] = await readAccountsById(client, [accountId], signal);
  return account?.email ?? null;
}

function notFound(why: string): SourceFailure {
  return new SourceFailure(`There is no SCIM user of the account: ${why}.`, {
    code: "source.not-found",
    publicMessage: `The account is not found in the SCIM directory: ${why}.`,
    fix: "Make the change in the identity provider, or suspend the account with an organization key.",
    capability: "reclaim",
    endpoint: "GET /scim/directory/{directoryId}/Users",
  });
}
