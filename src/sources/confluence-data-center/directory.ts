import { type Cursor, type ObservedAccount, type Page, SourceFailure, type SourceFailureCode } from "../source.ts";
import { pageOf, type SiteClient } from "./client.ts";
import { keyOfUser, User } from "./user.ts";

const USERS_PER_PAGE = 200;

/**
 * Who is who at one open site: keys of user names, and whom the license counts. What was learned is kept while the site
 * is open, which is one run.
 */
export class Directory {
  private readonly client: SiteClient;
  private readonly keysByName = new Map<string, Promise<string | null>>();
  private licensed: Promise<ReadonlySet<string> | null> | null = null;

  constructor(client: SiteClient) {
    this.client = client;
  }

  /** Notes what a listing told anyway. */
  learn(users: readonly User[]): void {
    for (const { username, userKey } of users) {
      if (username && userKey) this.keysByName.set(username, Promise.resolve(userKey));
    }
  }

  /** The key of a user name; null where nobody has it any more. */
  keyOf(username: string, signal: AbortSignal): Promise<string | null> {
    const known = this.keysByName.get(username);
    if (known) return known;
    const asked = this.lookUp({ username }, signal).then((user) => user?.userKey ?? null);
    this.keysByName.set(username, asked);
    asked.catch(() => this.keysByName.delete(username));
    return asked;
  }

  /** Null: there is nobody by that name or key. */
  async lookUp(
    who: { username: string } | { key: string },
    signal: AbortSignal,
    query: Record<string, string> = {},
  ): Promise<User | null> {
    try {
      return await this.client.read(
        "accounts-by-id",
        {
          template: "/rest/api/user",
          path: "/rest/api/user",
          query: { ...who, ...query },
          schema: User,
          isOneThing: true,
          what: "the user",
        },
        signal,
      );
    } catch (thrown) {
      if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return null;
      throw thrown;
    }
  }

  /** Keys of exactly the accounts that the license counts (FACTS §10); null where the credentials may not know. */
  licensedKeys(signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    if (this.licensed) return this.licensed;
    const asked = this.client
      .readWhole((cursor) => this.readLicensedPage(cursor, signal))
      .then(
        (users) => new Set(users.flatMap(({ userKey }) => (userKey ? [userKey] : []))),
        (thrown: unknown) => {
          if (thrown instanceof SourceFailure && NOT_KNOWN.includes(thrown.code)) {
            this.client.log.warn({ code: thrown.code }, thrown.message);
            return null;
          }
          throw thrown;
        },
      );
    this.licensed = asked;
    asked.catch(() => {
      if (this.licensed === asked) this.licensed = null;
    });
    return asked;
  }

  /** Whoever the license counts; throws where that may not be read. */
  async readLicensedPage(cursor: Cursor, signal: AbortSignal, limit = USERS_PER_PAGE): Promise<Page<User>> {
    const path = "/rest/api/admin/users/list/active";
    const call = { template: path, path, schema: pageOf(User), limit, keyOf: keyOfUser };
    const what = "the users that the license counts";
    const page = await this.client.offsetPage<User>("accounts", { ...call, what }, cursor, signal);
    this.learn(page.rows);
    return page;
  }
}

/** Failures after which it is just not known who is counted. */
const NOT_KNOWN: readonly SourceFailureCode[] = [
  "source.missing-role",
  "source.edition-lacks",
  "source.not-found",
  "source.bad-request",
  "source.unexpected-answer",
];

/** Whether an account may use the product, from whom the license counts. */
export function withAccess(account: ObservedAccount, licensed: ReadonlySet<string> | null): ObservedAccount {
  return { ...account, hasAccess: licensed === null ? null : licensed.has(account.sourceId) };
}
