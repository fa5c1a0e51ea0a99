import * as api from "../../api/accounts.ts";
import { getAccountMatch, matchAccount as matchAccountRoute } from "../../api/match-rules.ts";
import { matchAccount } from "../../commands/matching/match-account.ts";
import { ok, refuse } from "../../lib/result.ts";
import { accountList, type AccountRecord, type AccountRow, withMatch } from "../../store/accounts.ts";
import type { Reader } from "../../store/database.ts";
import { listExclusionsOf } from "../../store/exclusions/of-account.ts";
import { PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSiteOf } from "../../store/known-since.ts";
import { hasAccount, listMatchHistory } from "../../store/matching/matches.ts";
import { groupsOfAccountList } from "../../store/memberships.ts";
import { countReachAt } from "../../store/reach-at.ts";
import { readAskedTime } from "../as-of.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const accountHandlers = [
  handleList(api.listAccounts, async (input) => {
    const { query } = input;
    const { siteId = null, class: classes = null, status: statuses = null, groupId = null, q: search = null } = query;
    const { situation: situations = null, connectionId = null } = query;
    const now = input.ctx.clock.now();
    const exclusion = { isExcluded: query.excluded ?? null, effects: query.excludedFrom ?? null, now };
    const { past, at, told } = await readAskedTime(input, api.listAccounts, {
      needs: { needed: ["accounts"], also: ["groups", "memberships", "product-access"] },
      kinds: ROSTER_KINDS,
      siteIds: siteId === null ? null : [siteId],
    });
    const source = accountList(
      { siteId, connectionId, classes, statuses, groupId, search, situations, exclusion },
      past,
    );
    if (at === null) {
      return ok({
        ...source,
        toItems: (rows: AccountRecord[], reader: Reader) => withExclusions(rows.map(withMatch), reader, now),
        ...told,
      });
    }
    return ok({
      ...source,
      toItems: async (rows: AccountRecord[], reader: Reader) =>
        (await withReachAt(rows.map(withMatch), reader, at)).map((row) => ({ ...row, exclusions: [] })),
      ...told,
    });
  }),

  handleList(api.listAccountGroups, async (input) => {
    const { accountId } = input.params;
    const siteId = await findSiteOf(input.reader, accountId);
    if (siteId === null) return refuse("no-such-account");
    const { at, told } = await readAskedTime(input, api.listAccountGroups, {
      needs: { needed: ["groups", "memberships"], also: ["product-access"] },
      kinds: [...ROSTER_KINDS, ...PERMISSION_KINDS],
      siteIds: [siteId],
    });
    return ok({
      ...groupsOfAccountList({ siteId, accountId }, { isNested: input.query.nested ?? false }, at),
      ...told,
    });
  }),

  handle(matchAccountRoute, ({ ctx, params, body }) => matchAccount(ctx, params.accountId, body)),

  handle(getAccountMatch, async ({ reader, params }) => {
    const history = await listMatchHistory(reader, params.accountId);
    if (history.length === 0 && !(await hasAccount(reader, params.accountId))) return refuse("no-such-account");
    return ok({ history });
  }),
];

async function withExclusions(rows: AccountRow[], reader: Reader, now: Date) {
  const exclusions = await listExclusionsOf(
    reader,
    rows.map((each) => each.accountId),
    now,
  );
  return rows.map((row) => ({ ...row, exclusions: exclusions.get(row.accountId) ?? [] }));
}

/** What each account of a page of the past could open; null where no rights were known. */
async function withReachAt(rows: AccountRow[], reader: Reader, at: Date): Promise<AccountRow[]> {
  const bySite = [...Map.groupBy(rows, (each) => each.siteId)];
  const counted = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      countReachAt(
        reader,
        siteId,
        theirs.map((each) => each.accountId),
        at,
      ),
    ),
  );
  const spacesById = new Map(counted.flatMap((each) => [...each]));
  return rows.map((row) => ({ ...row, spaces: spacesById.get(row.accountId) ?? null }));
}
