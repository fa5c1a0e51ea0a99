import { type Cursor, type ObservedAccount, type Page, SourceFailure } from "../source.ts";
import { readAccounts } from "./accounts.ts";
import { withAccess } from "./directory.ts";
import { findGroup, isAddressable, notAddressable, readGroupsOfAccount } from "./groups.ts";
import { membersCall, MEMBERS_PER_PAGE } from "./nesting.ts";
import type { OpenSite } from "./open-site.ts";
import { accountOf, type User } from "./user.ts";

/** The groups of everybody are asked for one by one only up to here; beyond, a run would do nothing else. */
const ACCOUNTS_LOOKED_THROUGH_MAX = 5_000;

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
    const found = await membersByAccount(open, group, signal);
    if (found.length === 0 && expectsMembers && !(await findGroup(open.client, group, signal))) throw gone(group);
    return { rows: await withAccessOf(open, found, asksAccess, signal), next: null };
  }
  const page = await open.client.offsetPage<User>("members", { ...membersCall(group), limit }, cursor, signal);
  open.directory.learn(page.rows);
  const isEmpty = cursor === null && page.rows.length === 0 && page.next === null;
  if (isEmpty && expectsMembers && !(await findGroup(open.client, group, signal))) throw gone(group);
  const direct = await open.nesting.directOnly(group, page.rows, signal);
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

/** A group that no path can name is found among the groups of each account (TRAPS §2.11). */
async function membersByAccount(open: OpenSite, group: string, signal: AbortSignal): Promise<ObservedAccount[]> {
  open.membersByGroup ??= collectMembers(open, group, signal);
  try {
    return (await open.membersByGroup).get(group) ?? [];
  } catch (thrown) {
    open.membersByGroup = null;
    throw thrown;
  }
}

async function collectMembers(
  open: OpenSite,
  group: string,
  signal: AbortSignal,
): Promise<Map<string, ObservedAccount[]>> {
  const accounts = await open.client.readWhole((cursor) => readAccounts(open, cursor, signal));
  if (accounts.length > ACCOUNTS_LOOKED_THROUGH_MAX) {
    const why = `Looking through the groups of each account is done up to ${ACCOUNTS_LOOKED_THROUGH_MAX} accounts only; here are ${accounts.length}.`;
    throw notAddressable(group, "its members", why);
  }
  const membersByGroup = new Map<string, ObservedAccount[]>();
  await Promise.all(
    accounts.map(async (account) => {
      const groups = await groupsOf(open, account.sourceId, signal);
      for (const name of groups.filter((each) => !isAddressable(each))) {
        const members = membersByGroup.get(name) ?? [];
        members.push({ ...account, origin: "group-members" });
        membersByGroup.set(name, members);
      }
    }),
  );
  for (const members of membersByGroup.values()) {
    members.sort((one, other) => (one.sourceId < other.sourceId ? -1 : 1));
  }
  return membersByGroup;
}

/** Somebody who vanished while everybody was looked through is a member of nothing. */
async function groupsOf(open: OpenSite, key: string, signal: AbortSignal): Promise<string[]> {
  try {
    const groups = await open.client.readWhole((cursor) => readGroupsOfAccount(open.client, key, cursor, signal));
    return groups.map(({ sourceId }) => sourceId);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return [];
    throw thrown;
  }
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
