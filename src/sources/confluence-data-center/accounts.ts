import { type Cursor, type ObservedAccount, type Page, SourceFailure } from "../source.ts";
import { pageOf } from "./client.ts";
import { withAccess } from "./directory.ts";
import type { OpenSite } from "./open-site.ts";
import { accountOf, keyOfUser, User } from "./user.ts";

const USERS_PER_PAGE = 200;
const IDS_PER_CALL = 100;

/** Everybody who is registered, also who is deactivated or not licensed; with whom the license counts, where that may be read. */
export async function readAccounts(
  open: Pick<OpenSite, "client" | "directory">,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<Page<ObservedAccount>> {
  const page = await readUsers(open, cursor, signal);
  const licensed = await open.directory.licensedKeys(signal);
  return { rows: page.rows.map((each) => withAccess(each, licensed)), next: page.next };
}

/** The same without a word on the license. */
export async function readUsers(
  { client, directory }: Pick<OpenSite, "client" | "directory">,
  cursor: Cursor,
  signal: AbortSignal,
  limit = USERS_PER_PAGE,
): Promise<Page<ObservedAccount>> {
  const path = "/rest/api/user/list";
  const page = await client.offsetPage<User>(
    "accounts",
    { template: path, path, query: { expand: "status" }, schema: pageOf(User), limit, keyOf: keyOfUser },
    cursor,
    signal,
  );
  directory.learn(page.rows);
  return { rows: page.rows.flatMap((user) => accountOf(user, "user-search", null) ?? []), next: page.next };
}

/** One request for each: Data Center has no bulk look-up. Keys that it does not know are left out. */
export async function readAccountsById(
  { directory }: OpenSite,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ObservedAccount[]> {
  if (keys.length > IDS_PER_CALL) {
    throw new SourceFailure(`${keys.length} keys were asked for at once.`, {
      code: "source.bad-request",
      publicMessage: `At most ${IDS_PER_CALL} users can be looked up at once, not ${keys.length}.`,
      fix: "Ask for fewer at a time.",
      capability: "roster",
    });
  }
  const users = await Promise.all(keys.map((key) => directory.lookUp({ key }, signal, { expand: "status" })));
  return users.flatMap((user) => (user ? (accountOf(user, "users-bulk", null) ?? []) : []));
}
