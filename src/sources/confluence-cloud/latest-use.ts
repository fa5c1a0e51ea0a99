import { contributionQuery, latestContribution } from "../atlassian/content.ts";
import { type ObservedUse, SourceFailure } from "../source.ts";
import type { SiteClient } from "./client.ts";
import { ContentPage, plain } from "./content.ts";
import { findOrganizationAccount } from "./organization.ts";

/** The newest change of an item may be another's; among so many one of its own is nearly always found. */
const ITEMS = 10;

/** The latest contribution by content search, and the latest view as the organization knows it, where there is a key. */
export async function readLatestUse(
  client: SiteClient,
  accountId: string,
  since: Date,
  signal: AbortSignal,
): Promise<ObservedUse[]> {
  const [contributed, viewed] = await Promise.all([
    contributedAt(client, accountId, since, signal),
    viewedAt(client, accountId, since, signal),
  ]);
  return [
    ...(contributed ? [{ kind: "contributed", source: "content-search", at: contributed } as const] : []),
    ...(viewed ? [{ kind: "viewed", source: "organization", at: viewed } as const] : []),
  ];
}

async function contributedAt(
  client: SiteClient,
  accountId: string,
  since: Date,
  signal: AbortSignal,
): Promise<Date | null> {
  if (client.credentialFor("content") === null) return null;
  const { results } = await client.read(
    "content",
    {
      template: "/wiki/rest/api/content/search",
      path: "/wiki/rest/api/content/search",
      query: { cql: contributionQuery(accountId, since), expand: "version,history", limit: ITEMS },
      schema: ContentPage,
      pointsOf: (page) => page.results.length,
      what: "what the account changed last",
    },
    signal,
  );
  return latestContribution(results.map(plain), accountId, since);
}

/** Up to 4 hours late, and only whole views of 2 s and more (TRAPS §3). */
async function viewedAt(client: SiteClient, accountId: string, since: Date, signal: AbortSignal): Promise<Date | null> {
  if (client.credentialFor("organization-accounts") === null) return null;
  try {
    // Across all directories: a view counts wherever the account belongs.
    const found = await findOrganizationAccount(client, accountId, "-", signal);
    const at = found?.account.productAccess?.lastActiveAt ?? null;
    return at !== null && at >= since ? at : null;
  } catch (thrown) {
    // A key that is told of no organization (FACTS §2) sees no views; what was written is still seen.
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
    throw thrown;
  }
}
