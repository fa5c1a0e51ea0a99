import { z } from "zod";
import { type Cursor, type ObservedAccount, type Page, SourceFailure } from "../source.ts";
import { scopesFor } from "./abilities.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { accountOf, accountStatusOf, accountTypeOf, isPresent, textOf, V1User } from "./user.ts";

const USERS_PER_PAGE = 200;
/** The batch size of users-bulk is undocumented; v1 user/bulk takes 100 and ignores the rest (FACTS §3, §4). */
export const IDS_PER_CALL = 100;

const SearchPage = z.object({
  results: z.array(z.object({ user: V1User.nullish() })),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

/**
 * Everybody the user search knows. Without `sitePermissionTypeFilter=all` it would leave out guests and customers
 * (TRAPS §2.6); `totalSize` equals the page and is not read (TRAPS §3).
 */
export async function readAccounts(
  client: SiteClient,
  cursor: Cursor,
  signal: AbortSignal,
  limit = USERS_PER_PAGE,
): Promise<Page<ObservedAccount>> {
  const page = await client.offsetPage<{ user?: V1User | null }>(
    "accounts",
    {
      template: "/wiki/rest/api/search/user",
      path: "/wiki/rest/api/search/user",
      query: { cql: "type=user", sitePermissionTypeFilter: "all", expand: "operations" },
      schema: SearchPage,
      pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
      limit,
      keyOf: ({ user }) => user?.accountId ?? user?.publicName ?? "",
    },
    cursor,
    signal,
  );
  return {
    rows: page.rows.map(({ user }) => (user ? accountOf(user, "user-search") : null)).filter(isPresent),
    next: page.next,
  };
}

const BulkUsers = z.object({
  results: z.array(
    z.object({
      accountId: z.string(),
      accountType: z.string().nullish(),
      accountStatus: z.string().nullish(),
      email: z.string().nullish(),
      displayName: z.string().nullish(),
      publicName: z.string().nullish(),
      timeZone: z.string().nullish(),
      isExternalCollaborator: z.boolean().nullish(),
    }),
  ),
});

const V1BulkUsers = z.object({ results: z.array(V1User) });

/** Ids that Confluence does not know are left out of its answer (FACTS §4). */
export async function readAccountsById(
  client: SiteClient,
  sourceIds: readonly string[],
  signal: AbortSignal,
): Promise<ObservedAccount[]> {
  if (sourceIds.length === 0) return [];
  if (sourceIds.length > IDS_PER_CALL) throw tooMany(sourceIds.length);
  const credential = client.credentialFor("accounts-by-id");
  const tellsStatus =
    !credential || credential.scopes === null || servesUsersBulk(scopesFor("accounts-by-id", credential));
  return tellsStatus ? usersBulk(client, sourceIds, signal) : v1Bulk(client, sourceIds, signal);
}

function servesUsersBulk(scopes: readonly string[]): boolean {
  return scopes.length === 0 || scopes.includes("read:user:confluence");
}

async function usersBulk(
  client: SiteClient,
  accountIds: readonly string[],
  signal: AbortSignal,
): Promise<ObservedAccount[]> {
  const { results } = await client.read(
    "accounts-by-id",
    {
      method: "POST",
      template: "/wiki/api/v2/users-bulk",
      path: "/wiki/api/v2/users-bulk",
      body: { accountIds },
      schema: BulkUsers,
      pointsOf: (body) => body.results.length * IDENTITY_POINTS,
    },
    signal,
  );
  return results.map((user) => ({
    sourceId: user.accountId,
    accountType: accountTypeOf(user.accountType),
    status: accountStatusOf(user.accountStatus),
    isGuest: user.isExternalCollaborator ?? null,
    hasAccess: null,
    displayName: textOf(user.displayName),
    publicName: textOf(user.publicName),
    email: textOf(user.email),
    timeZone: textOf(user.timeZone),
    origin: "users-bulk",
  }));
}

/** The older way for grants without granular scopes: the same people, but not their status. */
async function v1Bulk(
  client: SiteClient,
  accountIds: readonly string[],
  signal: AbortSignal,
): Promise<ObservedAccount[]> {
  const { results } = await client.read(
    "accounts-by-id",
    {
      template: "/wiki/rest/api/user/bulk",
      path: "/wiki/rest/api/user/bulk",
      repeated: ["accountId", accountIds],
      schema: V1BulkUsers,
      pointsOf: (body) => body.results.length * IDENTITY_POINTS,
    },
    signal,
  );
  return results.map((user) => accountOf(user, "users-bulk")).filter(isPresent);
}

function tooMany(count: number): SourceFailure {
  return new SourceFailure(`${count} ids were asked for at once.`, {
    code: "source.bad-request",
    publicMessage: `At most ${IDS_PER_CALL} users can be looked up at once, not ${count}.`,
    fix: "Ask for fewer at a time.",
    capability: "roster",
  });
}
