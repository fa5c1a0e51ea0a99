import { type Cursor, type ObservedGroup, type Page, SourceFailure } from "../source.ts";
import { pageOf, type SiteClient } from "./client.ts";
import { isAddressable, observed, readGroups, readGroupsOfAccount, readNeighbors } from "./groups.ts";
import { keyOfUser, User } from "./user.ts";

export const MEMBERS_PER_PAGE = 200;

/** Look-ups of single accounts in one run, to tell direct members from those of a group within. */
const LOOK_UPS_MAX = 2_000;

/**
 * Whether the members of a group include those of groups within it is not documented (FACTS §10). Whoever is shown in a
 * group and in one within it is therefore looked up: `memberof` names the group only for members of its own, or else
 * for everybody, and then nothing can be told and nobody is left out.
 */
export class Nesting {
  private readonly client: SiteClient;
  private readonly innerMembersByGroup = new Map<string, Promise<ReadonlySet<string>>>();
  /** Of every group, from what each group tells of the groups it is in; null before anybody asked. */
  private innerByOuter: Promise<Map<string, string[]>> | null = null;
  private readonly groupsByKey = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(client: SiteClient) {
    this.client = client;
  }

  /** Leaves out whoever is a member only through a group within. */
  async directOnly(group: string, users: readonly User[], signal: AbortSignal): Promise<User[]> {
    const inner = await this.innerMembers(group, signal);
    const isDirect = await Promise.all(
      users.map(async ({ userKey }) => {
        if (!userKey || !inner.has(userKey)) return true;
        const groups = await this.groupsOf(userKey, signal);
        return groups === null || groups.has(group);
      }),
    );
    return users.filter((_, index) => isDirect[index]);
  }

  /**
   * Groups within a group, one level down. A group that no path can name is found where each other group tells what it
   * is in; only groups that are such themselves stay out of sight.
   */
  async readSubgroups(group: string, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>> {
    if (isAddressable(group)) return readNeighbors(this.client, group, "groupmember", cursor, signal);
    this.innerByOuter ??= this.collectByParents(signal);
    try {
      const names = (await this.innerByOuter).get(group) ?? [];
      return { rows: names.map((name) => observed({ name })), next: null };
    } catch (thrown) {
      this.innerByOuter = null;
      throw thrown;
    }
  }

  private async collectByParents(signal: AbortSignal): Promise<Map<string, string[]>> {
    const groups = await this.client.readWhole((cursor) => readGroups(this.client, cursor, signal));
    const innerByOuter = new Map<string, string[]>();
    await Promise.all(
      groups.map(async ({ name }) => {
        if (!isAddressable(name)) return;
        const parents = await this.client.readWhole((cursor) =>
          readNeighbors(this.client, name, "groupparent", cursor, signal),
        );
        for (const { name: outer } of parents)
          innerByOuter.set(outer, [...(innerByOuter.get(outer) ?? []), name].sort());
      }),
    );
    return innerByOuter;
  }

  /** Keys of the members of all groups within, at any depth; empty where that may not be read. */
  private innerMembers(group: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    return kept(this.innerMembersByGroup, group, () => this.collect(group, signal));
  }

  private async collect(group: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const seen = new Set([group]);
    const keys = new Set<string>();
    for (const name of seen) {
      for (const inner of await this.subgroups(name, signal)) {
        // Two groups that hold each other are met once.
        if (seen.has(inner)) continue;
        seen.add(inner);
        for (const { userKey } of await this.members(inner, signal)) if (userKey) keys.add(userKey);
      }
    }
    return keys;
  }

  private async subgroups(name: string, signal: AbortSignal): Promise<string[]> {
    try {
      const groups = await this.client.readWhole((cursor) => this.readSubgroups(name, cursor, signal));
      return groups.map(({ sourceId }) => sourceId);
    } catch (thrown) {
      if (isWithout(thrown)) return [];
      throw thrown;
    }
  }

  private async members(name: string, signal: AbortSignal): Promise<User[]> {
    if (!isAddressable(name)) return [];
    try {
      return await this.client.readWhole((cursor) =>
        this.client.offsetPage<User>("members", membersCall(name), cursor, signal),
      );
    } catch (thrown) {
      if (isWithout(thrown)) return [];
      throw thrown;
    }
  }

  /** Null: too many were looked up already. */
  private async groupsOf(key: string, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    if (!this.groupsByKey.has(key) && this.groupsByKey.size >= LOOK_UPS_MAX) return null;
    return kept(this.groupsByKey, key, async () => {
      const groups = await this.client.readWhole((cursor) => readGroupsOfAccount(this.client, key, cursor, signal));
      return new Set(groups.map(({ sourceId }) => sourceId));
    });
  }
}

export function membersCall(name: string) {
  return {
    template: "/rest/api/group/{groupName}/member",
    path: `/rest/api/group/${encodeURIComponent(name)}/member`,
    schema: pageOf(User),
    limit: MEMBERS_PER_PAGE,
    keyOf: keyOfUser,
    isOneThing: true,
    what: "the members of the group",
  };
}

/** Asked once at a time; what failed is asked again. */
function kept<Value>(values: Map<string, Promise<Value>>, key: string, ask: () => Promise<Value>): Promise<Value> {
  const known = values.get(key);
  if (known) return known;
  const asked = ask();
  values.set(key, asked);
  asked.catch(() => values.delete(key));
  return asked;
}

function isWithout(thrown: unknown): boolean {
  return (
    thrown instanceof SourceFailure &&
    ["source.not-found", "source.missing-role", "source.edition-lacks"].includes(thrown.code)
  );
}
