import { z } from "zod";
import type { GroupManagement, ProductAccess } from "../../model/facts.ts";
import { type Cursor, type ObservedGroup, type Page, SourceFailure } from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { textOf } from "./user.ts";

/** The most that `group` and its relatives give (spec V1). */
const GROUPS_PER_PAGE = 200;

/** `usageType` and `managedBy` are not in the spec, but live groups carry them (FACTS §3). */
const Group = z.object({
  id: z.string(),
  name: z.string(),
  usageType: z.string().nullish(),
  managedBy: z.string().nullish(),
});
type Group = z.infer<typeof Group>;

const GroupPage = z.object({
  results: z.array(Group),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

export function readGroups(client: SiteClient, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>> {
  return groupPage(client, "groups", "/wiki/rest/api/group", {}, cursor, signal);
}

/** Groups that give the product, as Confluence itself says: names are never guessed (TRAPS §2.7). */
export function readProductAccessGroups(
  client: SiteClient,
  accessType: ProductAccess | "site-admin",
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  return groupPage(client, "product-access", "/wiki/rest/api/group", { accessType }, cursor, signal);
}

export function readGroupsOfAccount(
  client: SiteClient,
  accountId: string,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  return groupPage(client, "groups-of-account", "/wiki/rest/api/user/memberof", { accountId }, cursor, signal);
}

/** Null only for a 404; a refusal is thrown. */
export async function findGroup(client: SiteClient, id: string, signal: AbortSignal): Promise<ObservedGroup | null> {
  try {
    const group = await client.read(
      "groups",
      {
        template: "/wiki/rest/api/group/by-id",
        path: "/wiki/rest/api/group/by-id",
        query: { id },
        schema: Group,
        pointsOf: () => IDENTITY_POINTS,
        isOneThing: true,
        what: "the group",
      },
      signal,
    );
    return observed(group);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
    throw thrown;
  }
}

async function groupPage(
  client: SiteClient,
  listing: "groups" | "product-access" | "groups-of-account",
  path: string,
  query: Record<string, string>,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  const page = await client.offsetPage<Group>(
    listing,
    {
      template: path,
      path,
      query,
      schema: GroupPage,
      pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
      limit: GROUPS_PER_PAGE,
      keyOf: ({ id }) => id,
      isOneThing: listing === "groups-of-account",
    },
    cursor,
    signal,
  );
  return { rows: page.rows.map(observed), next: page.next };
}

function observed({ id, name, usageType, managedBy }: Group): ObservedGroup {
  return { sourceId: id, name, managedBy: groupManagementOf(managedBy), usage: textOf(usageType) };
}

/** `TEAM_MEMBERS` in v1 and `team-members` in the Organizations API are the same. */
export function groupManagementOf(text: string | null | undefined): GroupManagement | null {
  const known = text?.toLowerCase().replaceAll("_", "-");
  return known === "admins" || known === "external" || known === "team-members" || known === "open" ? known : null;
}
