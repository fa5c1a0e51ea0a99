import { z } from "zod";
import { type Cursor, type ObservedGroup, type Page, SourceFailure } from "../source.ts";
import { pageOf, type Read, type SiteClient } from "./client.ts";

/** The default, and the most that is documented (spec DC). */
const GROUPS_PER_PAGE = 200;

/** A group has no id but its name. */
const Group = z.object({ name: z.string() });
type Group = z.infer<typeof Group>;

export function readGroups(client: SiteClient, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>> {
  return groupPage(client, "groups", { template: "/rest/api/group", path: "/rest/api/group" }, cursor, signal);
}

export function readGroupsOfAccount(
  client: SiteClient,
  key: string,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  const path = "/rest/api/user/memberof";
  const call = { template: path, path, query: { key }, isOneThing: true, what: "the groups of the user" };
  return groupPage(client, "groups-of-account", call, cursor, signal);
}

/** Groups that are members of this one (`groupmember`) or that this one is a member of (`groupparent`), one level. */
export function readNeighbors(
  client: SiteClient,
  name: string,
  direction: "groupmember" | "groupparent",
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  const call = {
    template: `/rest/api/group/{groupName}/${direction}`,
    path: `/rest/api/group/${encodeURIComponent(name)}/${direction}`,
    isOneThing: true,
    what: direction === "groupmember" ? "the groups within the group" : "the groups that the group is in",
  };
  return groupPage(client, "subgroups", call, cursor, signal);
}

/** Null only where Confluence says that there is no such group. */
export async function findGroup(client: SiteClient, name: string, signal: AbortSignal): Promise<ObservedGroup | null> {
  if (!isAddressable(name)) return findInListing(client, name, signal);
  try {
    const group = await client.read(
      "groups",
      {
        template: "/rest/api/group/{groupName}",
        path: `/rest/api/group/${encodeURIComponent(name)}`,
        schema: Group,
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

/** Servers refuse an encoded slash or backslash in a path (TRAPS §2.11), and dots alone would name another path. */
export function isAddressable(name: string): boolean {
  return !/[/\\]/.test(name) && !/^\.{1,2}$/.test(name);
}

export function notAddressable(name: string, what: string, why = ""): SourceFailure {
  return new SourceFailure(`Group ${name} cannot be named in a path. ${why}`.trim(), {
    code: "source.edition-lacks",
    publicMessage: `Confluence's API cannot be asked for the group "${name}", because its name holds a slash, so ${what} cannot be read.${why === "" ? "" : ` ${why}`}`,
    fix: "Nothing is concluded about that group. Rename it in its directory to have it read.",
    capability: "roster",
  });
}

/** Of a list that cannot be empty: what was to be found in it is not gone because of that. */
export function emptyList(what: string, endpoint: string): SourceFailure {
  return new SourceFailure(`${endpoint} answered without a row.`, {
    code: "source.unexpected-answer",
    publicMessage: `Confluence listed no ${what} at all, which cannot be, so nothing is concluded from it.`,
    fix: "Run it again; if it stays, look into the log of Confluence and have its search index rebuilt.",
    capability: "roster",
    endpoint,
    status: 200,
  });
}

async function findInListing(client: SiteClient, name: string, signal: AbortSignal): Promise<ObservedGroup | null> {
  const groups = await client.readWhole((cursor) => readGroups(client, cursor, signal));
  // Every instance has groups, so an empty list is no word on this one.
  if (groups.length === 0) throw emptyList("groups", "GET /rest/api/group");
  return groups.find(({ sourceId }) => sourceId === name) ?? null;
}

async function groupPage(
  client: SiteClient,
  listing: "groups" | "groups-of-account" | "subgroups",
  call: Omit<Read<unknown>, "schema">,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedGroup>> {
  const page = await client.offsetPage<Group>(
    listing,
    { ...call, schema: pageOf(Group), limit: GROUPS_PER_PAGE, keyOf: ({ name }) => name },
    cursor,
    signal,
  );
  return { rows: page.rows.map(observed), next: page.next };
}

export function observed({ name }: Group): ObservedGroup {
  return { sourceId: name, name, managedBy: null, usage: null };
}
