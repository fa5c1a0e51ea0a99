import * as api from "../../api/activity.ts";
import { ok } from "../../lib/result.ts";
import { activityList } from "../../store/activity.ts";
import { ACTIVITY_KINDS, findDataAsOf } from "../../store/freshness.ts";
import { handleList } from "../lists.ts";

export const activityHandlers = [
  handleList(api.listActivity, async ({ query, reader }) => {
    const { siteId = null, personId = null, accountId = null, spaceKey = null, since = null, before = null } = query;
    const { type: types = null, source: sources = null, part: parts = null } = query;
    return ok({
      ...activityList({ siteId, personId, accountId, types, sources, parts, spaceKey, since, before }),
      dataAsOf: await findDataAsOf(reader, ACTIVITY_KINDS, siteId === null ? null : [siteId]),
    });
  }),
];
