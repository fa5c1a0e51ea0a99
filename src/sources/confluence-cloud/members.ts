import { z } from "zod";
import { type Cursor, type ObservedAccount, type Page, SourceFailure } from "../source.ts";
import { IDENTITY_POINTS, type SiteClient } from "./client.ts";
import { findGroup } from "./groups.ts";
import { accountOf, isPresent, V1User } from "./user.ts";

/** More than 200 is answered with 400 (spec V1). */
const MEMBERS_PER_PAGE = 200;

const TEMPLATE = "/wiki/rest/api/group/{groupId}/membersByGroupId";

const MemberPage = z.object({
  results: z.array(V1User),
  _links: z.object({ next: z.string().nullish() }).nullish(),
});

/**
 * The members of a group. Confluence answers 200 with an empty page for a group that it does not know (TRAPS §3), so an
 * empty group is looked up before it is believed, where somebody expects members of it. Throws "source.not-found" for one that is gone.
 */
export async function readMembers(
  client: SiteClient,
  groupId: string,
  cursor: Cursor,
  {
    withAccess,
    expectsMembers = true,
    limit = MEMBERS_PER_PAGE,
  }: { withAccess: boolean; expectsMembers?: boolean; limit?: number },
  signal: AbortSignal,
): Promise<Page<ObservedAccount>> {
  const page = await client.offsetPage<V1User>(
    "members",
    {
      template: TEMPLATE,
      path: `/wiki/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`,
      query: withAccess ? { expand: "operations" } : {},
      schema: MemberPage,
      pointsOf: ({ results }) => results.length * IDENTITY_POINTS,
      limit,
      keyOf: ({ accountId, publicName }) => accountId ?? publicName ?? "",
      isOneThing: true,
      what: "the members of the group",
    },
    cursor,
    signal,
  );
  const isEmpty = cursor === null && page.rows.length === 0 && page.next === null;
  if (isEmpty && expectsMembers && !(await findGroup(client, groupId, signal))) throw gone(groupId);
  return { rows: page.rows.map((user) => accountOf(user, "group-members")).filter(isPresent), next: page.next };
}

function gone(groupId: string): SourceFailure {
  return new SourceFailure(`Group ${groupId} has no members and is not known any more.`, {
    code: "source.not-found",
    publicMessage: "The group no longer exists, so it has no members to read.",
    fix: "Nothing: the next listing of groups will not name it.",
    capability: "roster",
    endpoint: `GET ${TEMPLATE}`,
    status: 200,
  });
}
