import * as api from "../../api/accounts.ts";
import { getAccountMatch, matchAccount as matchAccountRoute } from "../../api/match-rules.ts";
import { matchAccount } from "../../commands/matching/match-account.ts";
import { ok, refuse } from "../../lib/result.ts";
import { accountList } from "../../store/accounts.ts";
import { findDataAsOf, ROSTER_KINDS } from "../../store/freshness.ts";
import { hasAccount, listMatchHistory } from "../../store/matching/matches.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const accountHandlers = [
  handleList(api.listAccounts, async ({ query, reader }) => {
    const { siteId = null, class: classes = null, status: statuses = null, groupId = null, q: search = null } = query;
    const { situation: situations = null } = query;
    return ok({
      ...accountList({ siteId, classes, statuses, groupId, search, situations }),
      dataAsOf: await findDataAsOf(reader, ROSTER_KINDS, siteId === null ? null : [siteId]),
    });
  }),

  handle(matchAccountRoute, ({ ctx, params, body }) => matchAccount(ctx, params.accountId, body)),

  handle(getAccountMatch, async ({ reader, params }) => {
    const history = await listMatchHistory(reader, params.accountId);
    if (history.length === 0 && !(await hasAccount(reader, params.accountId))) return refuse("no-such-account");
    return ok({ history });
  }),
];
