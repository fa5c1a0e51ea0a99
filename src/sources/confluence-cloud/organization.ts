import { z } from "zod";
import { Instant } from "../atlassian/instant.ts";
import { readTokenPage } from "../atlassian/paging.ts";
import {
  type Cursor,
  type ObservedOrganizationAccount,
  type ObservedOrganizationGroup,
  type Page,
  SourceFailure,
} from "../source.ts";
import type { SiteClient } from "./client.ts";
import { groupManagementOf } from "./groups.ts";
import { accountStatusOf, accountTypeOf, textOf } from "./user.ts";

/** The most that the directory searches give at once (spec ORG). */
const ROWS_PER_PAGE = 100;

const Account = z.object({
  accountId: z.string(),
  accountType: z.string().nullish(),
  accountStatus: z.string().nullish(),
  membershipStatus: z.string().nullish(),
  status: z.string().nullish(),
  claimStatus: z.string().nullish(),
  email: z.string().nullish(),
  name: z.string().nullish(),
  department: z.string().nullish(),
  jobTitle: z.string().nullish(),
  location: z.string().nullish(),
  addedToOrg: Instant.nullish(),
  groups: z.array(z.object({ id: z.string(), name: z.string().nullish() })).nullish(),
  productAccess: z
    .array(z.object({ id: z.string().nullish(), key: z.string().nullish(), lastActiveTimestamp: Instant.nullish() }))
    .nullish(),
});
type Account = z.infer<typeof Account>;

const Links = z.object({ next: z.string().nullish() }).nullish();
const AccountPage = z.object({ data: z.array(Account), links: Links });

/** Everybody of every directory that the key may see, with groups and last activity in one listing. */
export async function readOrganizationAccounts(
  client: SiteClient,
  cursor: Cursor,
  signal: AbortSignal,
  limit = ROWS_PER_PAGE,
): Promise<Page<ObservedOrganizationAccount>> {
  const page = await searchPage<Account>(
    client,
    {
      listing: "organization-accounts",
      kind: "users",
      schema: AccountPage,
      limit,
      expand: ["productAccess", "groups"],
    },
    cursor,
    signal,
  );
  return { rows: page.rows.map((account) => observedAccount(account, client.site.sourceKey)), next: page.next };
}

/** One account as the directory knows it now, with what a change to it needs; null: the directory does not know it. */
export async function findOrganizationAccount(
  client: SiteClient,
  accountId: string,
  directoryId: string,
  signal: AbortSignal,
): Promise<DirectoryAccount | null> {
  const { data } = await client.read(
    "organization-accounts",
    {
      method: "POST",
      template: "/v2/orgs/{orgId}/directories/{directoryId}/users/search",
      path: `${await directoriesPath(client, signal)}/${encodeURIComponent(directoryId)}/users/search`,
      body: { accountIds: [accountId], limit: 1, expand: ["productAccess", "groups"] },
      schema: AccountPage,
      what: "the user in the organization's directory",
    },
    signal,
  );
  const account = data.find((each) => each.accountId === accountId);
  if (!account) return null;
  const { sourceKey } = client.site;
  return {
    account: observedAccount(account, sourceKey),
    groups: (account.groups ?? []).map(({ id, name }) => ({ sourceId: withoutAri(id), name: name ?? "" })),
    otherProducts: (account.productAccess ?? []).flatMap(({ id, key }) =>
      key && key !== "confluence" && id?.endsWith(`/${sourceKey}`) ? [key] : [],
    ),
  };
}

export interface DirectoryAccount {
  account: ObservedOrganizationAccount;
  groups: { sourceId: string; name: string }[];
  /** Keys of products of this site other than Confluence. */
  otherProducts: string[];
}

/** The directories of the organization, below the base URL of its API. Throws where the organization is not known. */
export async function directoriesPath(client: SiteClient, signal: AbortSignal): Promise<string> {
  const organizationId = await client.organizationId(signal);
  if (organizationId === null) throw unknownOrganization();
  return `/v2/orgs/${encodeURIComponent(organizationId)}/directories`;
}

const Group = z.object({
  id: z.string(),
  name: z.string().nullish(),
  managedBy: z.string().nullish(),
  counts: z.object({ users: z.number().nullish() }).nullish(),
});
type Group = z.infer<typeof Group>;

const GroupPage = z.object({ data: z.array(Group), links: Links });

export async function readOrganizationGroups(
  client: SiteClient,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedOrganizationGroup>> {
  const page = await searchPage<Group>(
    client,
    {
      listing: "organization-groups",
      kind: "groups",
      schema: GroupPage,
      limit: ROWS_PER_PAGE,
      expand: ["counts.users"],
    },
    cursor,
    signal,
  );
  const rows = page.rows.map(({ id, name, managedBy, counts }) => ({
    sourceId: withoutAri(id),
    name: name ?? "",
    managedBy: groupManagementOf(managedBy),
    memberCount: counts?.users ?? null,
  }));
  return { rows, next: page.next };
}

const Organizations = z.object({ data: z.array(z.object({ id: z.string() })).nullish() });
const Workspaces = z.object({ data: z.array(z.object({ id: z.string().nullish() })).nullish() });

/**
 * The organization that holds the site. A key with scopes is told of no organization (FACTS §2) though it may read its
 * own: its id must then be known. Null when it cannot be told.
 */
export async function findOrganizationId(client: SiteClient, signal: AbortSignal): Promise<string | null> {
  if (client.site.organizationId) return client.site.organizationId;
  if (!client.credentialFor("organization-accounts")) return null;
  const { data } = await client.read(
    "organization-accounts",
    { template: "/v1/orgs", path: "/v1/orgs", schema: Organizations, what: "the organizations of the key" },
    signal,
  );
  const ids = (data ?? []).map(({ id }) => id);
  if (ids.length <= 1) return ids[0] ?? null;
  for (const id of ids) if (await holdsSite(client, id, signal)) return id;
  return null;
}

async function holdsSite(client: SiteClient, organizationId: string, signal: AbortSignal): Promise<boolean> {
  const { data } = await client.read(
    "organization-accounts",
    {
      method: "POST",
      template: "/v2/orgs/{orgId}/workspaces",
      path: `/v2/orgs/${encodeURIComponent(organizationId)}/workspaces`,
      body: { query: { field: { name: "attributes.type", values: ["confluence"] } }, limit: 1_000 },
      schema: Workspaces,
      what: "the sites of the organization",
    },
    signal,
  );
  return (data ?? []).some(({ id }) => id?.endsWith(`/${client.site.sourceKey}`));
}

async function searchPage<Row>(
  client: SiteClient,
  options: {
    listing: "organization-accounts" | "organization-groups";
    kind: "users" | "groups";
    schema: z.ZodType<{ data: Row[]; links?: { next?: string | null } | null }>;
    limit: number;
    expand: string[];
  },
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<Row>> {
  const { listing, kind, schema, limit, expand } = options;
  const call = {
    method: "POST" as const,
    template: `/v2/orgs/{orgId}/directories/{directoryId}/${kind}/search`,
    // `-` is every directory that the key may administer (spec ORG).
    path: `${await directoriesPath(client, signal)}/-/${kind}/search`,
    schema,
  };
  return readTokenPage<Row>(cursor, {
    ...client.listed(listing, call),
    readPage: async (at) => {
      const body = at === null ? { limit, expand } : { limit, expand, cursor: at };
      const { data, links } = await client.read(listing, { ...call, body }, signal, at !== null);
      return { rows: data, next: links?.next || null };
    },
    // A cursor in v2, a link that holds one in v1 (FACTS §6).
    tokenOf: (next) =>
      /^https?:|^\//i.test(next) ? (client.queryOf(next, listing, call).get("cursor") ?? next) : next,
  });
}

function observedAccount(account: Account, cloudId: string): ObservedOrganizationAccount {
  const access = account.productAccess?.find(({ id, key }) => key === "confluence" && id?.endsWith(`/${cloudId}`));
  return {
    sourceId: account.accountId,
    accountType: accountTypeOf(account.accountType),
    status: accountStatusOf(account.accountStatus),
    isSuspended: account.membershipStatus === "suspended" || account.status === "suspended",
    isManaged: account.claimStatus ? account.claimStatus === "managed" : null,
    email: textOf(account.email),
    name: textOf(account.name),
    department: textOf(account.department),
    jobTitle: textOf(account.jobTitle),
    location: textOf(account.location),
    addedAt: account.addedToOrg ?? null,
    groupSourceIds: (account.groups ?? []).map(({ id }) => withoutAri(id)),
    productAccess: access ? { lastActiveAt: access.lastActiveTimestamp ?? null } : null,
  };
}

/** `ari:cloud:identity::group/<id>` here is `<id>` in Confluence. */
export function withoutAri(id: string): string {
  return id.startsWith("ari:") ? id.slice(id.lastIndexOf("/") + 1) : id;
}

function unknownOrganization(): SourceFailure {
  return new SourceFailure("The organization of the site is not known.", {
    code: "source.not-found",
    publicMessage: "Usher does not know to which organization the site belongs: a key with scopes is not told.",
    fix: "Enter the organization id: it follows /o/ in the address of admin.atlassian.com.",
    capability: "activity",
  });
}
