import { type ObservedAccount, SourceFailure } from "../source.ts";
import { readAccounts } from "./accounts.ts";
import type { SiteClient } from "./client.ts";
import type { Directory } from "./directory.ts";
import { emptyList, isAddressable, notAddressable, readGroupsOfAccount } from "./groups.ts";

/** The groups of everybody are asked for one by one only up to here; beyond, a run would do nothing else. */
const ACCOUNTS_MAX = 5_000;

/** Members of groups that no path can name, found among the groups of each account (TRAPS §2.11); all of them at once. */
export class MembersByAccount {
  private readonly client: SiteClient;
  private readonly directory: Directory;
  private membersByGroup: Promise<ReadonlyMap<string, ObservedAccount[]>> | null = null;

  constructor(client: SiteClient, directory: Directory) {
    this.client = client;
    this.directory = directory;
  }

  /** Throws where there are too many accounts to look through. */
  async of(group: string, signal: AbortSignal): Promise<ObservedAccount[]> {
    this.membersByGroup ??= this.collect(group, signal);
    try {
      return (await this.membersByGroup).get(group) ?? [];
    } catch (thrown) {
      this.membersByGroup = null;
      throw thrown;
    }
  }

  private async collect(group: string, signal: AbortSignal): Promise<ReadonlyMap<string, ObservedAccount[]>> {
    const accounts = await this.client.readWhole((cursor) =>
      readAccounts({ client: this.client, directory: this.directory }, cursor, signal),
    );
    // Whoever asks is one of them, so an empty list is no word on who is in which group.
    if (accounts.length === 0) throw emptyList("users", "GET /rest/api/user/list");
    if (accounts.length > ACCOUNTS_MAX) {
      const why = `Looking through the groups of each account is done up to ${ACCOUNTS_MAX} accounts only; here are ${accounts.length}.`;
      throw notAddressable(group, "its members", why);
    }
    const membersByGroup = new Map<string, ObservedAccount[]>();
    await Promise.all(
      accounts.map(async (account) => {
        const groups = await this.groupsOf(account.sourceId, signal);
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
  private async groupsOf(key: string, signal: AbortSignal): Promise<string[]> {
    try {
      const groups = await this.client.readWhole((cursor) => readGroupsOfAccount(this.client, key, cursor, signal));
      return groups.map(({ sourceId }) => sourceId);
    } catch (thrown) {
      if (thrown instanceof SourceFailure && thrown.code === "source.not-found") return [];
      throw thrown;
    }
  }
}
