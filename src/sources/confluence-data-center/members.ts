import { type Cursor, type ObservedAccount, type Page, SourceFailure } from "../source.ts";
import { withAccess } from "./directory.ts";
import { findGroup, isAddressable } from "./groups.ts";
import { membersCall, MEMBERS_PER_PAGE } from "./nesting.ts";
import type { OpenSite } from "./open-site.ts";
import { accountOf, keyOfUser, type User } from "./user.ts";

/** Members of the group itself, not of groups within it, where that can be told. */
export async function readMembers(
  open: OpenSite,
  group: string,
  cursor: Cursor,
  {
    withAccess: asksAccess,
    expectsMembers = true,
    limit = MEMBERS_PER_PAGE,
  }: { withAccess: boolean; expectsMembers?: boolean; limit?: number },
  signal: AbortSignal,
): Promise<Page<ObservedAccount>> {
  if (!isAddressable(group)) {
    const found = await open.membersByAccount.of(group, signal);
    if (found.length === 0 && expectsMembers && !(await findGroup(open.client, group, signal))) throw gone(group);
    const own = await open.nesting.directOnly(group, found, ({ sourceId }) => sourceId, signal);
    return { rows: await withAccessOf(open, own, asksAccess, signal), next: null };
  }
  const page = await open.client.offsetPage<User>("members", { ...membersCall(group), limit }, cursor, signal);
  open.directory.learn(page.rows);
  const isEmpty = cursor === null && page.rows.length === 0 && page.next === null;
  if (isEmpty && expectsMembers && !(await findGroup(open.client, group, signal))) throw gone(group);
  const direct = await open.nesting.directOnly(group, page.rows, keyOfUser, signal);
  const accounts = direct.flatMap((user) => accountOf(user, "group-members", null) ?? []);
  return { rows: await withAccessOf(open, accounts, asksAccess, signal), next: page.next };
}

async function withAccessOf(
  { directory }: OpenSite,
  accounts: readonly ObservedAccount[],
  asksAccess: boolean,
  signal: AbortSignal,
): Promise<ObservedAccount[]> {
  const licensed = asksAccess ? await directory.licensedKeys(signal) : null;
  return accounts.map((each) => withAccess(each, licensed));
}

function gone(group: string): SourceFailure {
  return new SourceFailure(`Group ${group} has no members and is not known any more.`, {
    code: "source.not-found",
    publicMessage: "The group no longer exists, so it has no members to read.",
    fix: "Nothing: the next listing of groups will not name it.",
    capability: "roster",
    endpoint: "GET /rest/api/group/{groupName}/member",
    status: 200,
  });
}
