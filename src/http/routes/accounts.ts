import * as api from "../../api/accounts.ts";
import { ok } from "../../lib/result.ts";
import { accountList } from "../../store/accounts.ts";
import { findDataAsOf, ROSTER_KINDS } from "../../store/freshness.ts";
import { handleList } from "../lists.ts";

export const accountHandlers = [
  handleList(api.listAccounts, async ({ query, reader }) => {
    const { siteId = null, class: classes = null, status: statuses = null, groupId = null, q: search = null } = query;
    return ok({
      ...accountList({ siteId, classes, statuses, groupId, search }),
      dataAsOf: await findDataAsOf(reader, ROSTER_KINDS, siteId === null ? null : [siteId]),
    });
  }),
];
