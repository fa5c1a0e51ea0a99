import { type Cursor, type ObservedGroup, type Page, SourceFailure } from "../source.ts";
import { pageOf, type SiteClient } from "./client.ts";
import { isAddressable, observed, readGroups, readGroupsOfAccount, readNeighbors } from "./groups.ts";
import type { MembersByAccount } from "./members-by-account.ts";
import { keyOfUser, User } from "./user.ts";

export const MEMBERS_PER_PAGE = 200;

/** Look-ups of single accounts in one run; whoever comes beyond them stays a member of all that show him. */
const LOOK_UPS_MAX = 2_000;

/** So many look-ups that name an outer group for a member of an inner one, and none that does not, are no accident. */
const SAMPLE_MAX = 20;

/** Groups that are asked for the groups within them at once; the limiter lets as many through as it may. */
const READ_AT_ONCE = 16;

type Keys = ReadonlySet<string>;

/**
 * Groups within groups. Whether the members of a group include those of groups within it is not documented (FACTS §10),
 * neither for a group's list of members nor for an account's list of groups, so both are found out once for a site:
 * somebody who is shown in an inner group only proves that direct members alone are told.
 */
export class Nesting {
  private readonly client: SiteClient;
  private readonly membersByAccount: MembersByAccount;
  private readonly innerByGroup = new Map<string, Promise<string[]>>();
  private readonly shownByGroup = new Map<string, Promise<Keys>>();
  private readonly groupsByKey = new Map<string, Promise<Keys>>();
  /** Answers that hold for the whole site, once they are known. */
  private readonly answers = new Map<"members" | "memberof", Promise<boolean>>();
  /** Of every group, from what each group tells of the groups it is in; null before anybody asked. */
  private innerByOuter: Promise<Map<string, string[]>> | null = null;

  constructor(client: SiteClient, membersByAccount: MembersByAccount) {
    this.client = client;
    this.membersByAccount = membersByAccount;
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

  /**
   * Without those who are members only through a group within. Where nothing tells those from members of both, all of
   * them are left out: they are members of the inner group, and so of the outer one, all the same. Of groups that hold
   * each other nobody is left out so, for then nobody would be left in any of them.
   */
  async directOnly<Row>(
    group: string,
    rows: readonly Row[],
    keyOf: (row: Row) => string | null | undefined,
    signal: AbortSignal,
  ): Promise<Row[]> {
    const inner = await this.inner(group, signal);
    if (rows.length === 0 || inner.length === 0) return [...rows];
    const isByAccount = !isAddressable(group);
    if (!isByAccount && (await this.tellsOnlyDirect("members", group, signal))) return [...rows];
    const canBeAsked = await this.tellsOnlyDirect("memberof", group, signal);
    if (isByAccount && canBeAsked) return [...rows];

    const left = canBeAsked ? inner : await this.withoutCircles(group, inner, signal);
    const sets = await Promise.all(left.map((name) => this.shown(name, signal)));
    const isDirect = await Promise.all(
      rows.map(async (row) => {
        const key = keyOf(row);
        if (!key || !sets.some((keys) => keys.has(key))) return true;
        if (!canBeAsked) return false;
        return (await this.groupsOf(key, signal))?.has(group) ?? true;
      }),
    );
    return rows.filter((_, index) => isDirect[index]);
  }

  /** Those of the groups within that do not hold the group itself, at any depth. */
  private async withoutCircles(group: string, inner: readonly string[], signal: AbortSignal): Promise<string[]> {
    const left: string[] = [];
    for (const name of inner) {
      const below = new Set([name]);
      for (const each of below) for (const deeper of await this.inner(each, signal)) below.add(deeper);
      if (!below.has(group)) left.push(name);
    }
    return left;
  }

  private tellsOnlyDirect(what: "members" | "memberof", group: string, signal: AbortSignal): Promise<boolean> {
    return kept(this.answers, what, () =>
      what === "members" ? this.doMembersTellOnlyDirect(group, signal) : this.doesMemberofTellOnlyDirect(group, signal),
    );
  }

  /** Where no group within another has members, the question does not arise: nobody could be shown twice. */
  private async doMembersTellOnlyDirect(group: string, signal: AbortSignal): Promise<boolean> {
    let hasSeenMembers = false;
    for await (const { outer, inner } of this.pairs(group, signal)) {
      const [shown, innerShown] = [await this.shown(outer, signal), await this.shown(inner, signal)];
      if (innerShown.size > 0) hasSeenMembers = true;
      for (const key of innerShown) if (!shown.has(key)) return true;
    }
    return !hasSeenMembers;
  }

  private async doesMemberofTellOnlyDirect(group: string, signal: AbortSignal): Promise<boolean> {
    let sampled = 0;
    for await (const { outer, inner } of this.pairs(group, signal)) {
      for (const key of await this.shown(inner, signal)) {
        if (sampled >= SAMPLE_MAX) return false;
        sampled += 1;
        const groups = await this.groupsOf(key, signal);
        if (groups && !groups.has(outer)) return true;
      }
    }
    return sampled === 0;
  }

  /** Every group that is directly within another one, both such that a path can name them; those of `group` first. */
  private async *pairs(group: string, signal: AbortSignal): AsyncGenerator<{ outer: string; inner: string }> {
    const all = await this.client.readWhole((cursor) => readGroups(this.client, cursor, signal));
    const names = new Set([group, ...all.map(({ name }) => name)]);
    const outer = [...names].filter(isAddressable);
    for (let start = 0; start < outer.length; start += READ_AT_ONCE) {
      const some = outer.slice(start, start + READ_AT_ONCE);
      const inner = await Promise.all(some.map((name) => this.inner(name, signal)));
      for (const [index, names] of inner.entries()) {
        for (const name of names.filter(isAddressable)) yield { outer: some[index] ?? "", inner: name };
      }
    }
  }

  /** Names of the groups within, one level down; none where that may not be read. */
  private inner(group: string, signal: AbortSignal): Promise<string[]> {
    return kept(this.innerByGroup, group, async () => {
      const groups = await orNone(this.client.readWhole((cursor) => this.readSubgroups(group, cursor, signal)));
      return groups.map(({ name }) => name);
    });
  }

  /** Keys of whoever is shown as a member. */
  private shown(group: string, signal: AbortSignal): Promise<Keys> {
    return kept(this.shownByGroup, group, async () => {
      if (!isAddressable(group)) {
        const accounts = await orNone(this.membersByAccount.of(group, signal));
        return new Set(accounts.map(({ sourceId }) => sourceId));
      }
      const users = await orNone(
        this.client.readWhole((cursor) => this.client.offsetPage<User>("members", membersCall(group), cursor, signal)),
      );
      return new Set(users.map(keyOfUser));
    });
  }

  /** Null: too many were looked up already. */
  private async groupsOf(key: string, signal: AbortSignal): Promise<Keys | null> {
    if (!this.groupsByKey.has(key) && this.groupsByKey.size >= LOOK_UPS_MAX) return null;
    return kept(this.groupsByKey, key, async () => {
      const groups = await this.client.readWhole((cursor) => readGroupsOfAccount(this.client, key, cursor, signal));
      return new Set(groups.map(({ sourceId }) => sourceId));
    });
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
function kept<Key, Value>(values: Map<Key, Promise<Value>>, key: Key, ask: () => Promise<Value>): Promise<Value> {
  const known = values.get(key);
  if (known) return known;
  const asked = ask();
  values.set(key, asked);
  asked.catch(() => values.delete(key));
  return asked;
}

/** Nothing, where the rows may not be read or what they are of is gone. */
async function orNone<Row>(reading: Promise<Row[]>): Promise<Row[]> {
  try {
    return await reading;
  } catch (thrown) {
    const isWithout =
      thrown instanceof SourceFailure &&
      ["source.not-found", "source.missing-role", "source.edition-lacks"].includes(thrown.code);
    if (isWithout) return [];
    throw thrown;
  }
}
