import * as api from "../../api/activity.ts";
import type { QueryOf } from "../../api/contract.ts";
import { addDays, beginningOf, toDay } from "../../lib/day.ts";
import { ok } from "../../lib/result.ts";
import { type ActivityFilters, activityList, countActivityDays, listActivityFacets } from "../../store/activity.ts";
import { ACTIVITY_KINDS, findDataAsOf } from "../../store/freshness.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const activityHandlers = [
  handle(api.getActivityDays, async ({ query, reader, ctx }) => {
    const filters = windowOf(filtersOf(query), ctx.clock.now());
    return ok({ from: filters.since, to: filters.before, points: await countActivityDays(reader, filters) });
  }),

  handle(api.listActivityFacets, async ({ query, reader, ctx }) =>
    ok({ facets: await listActivityFacets(reader, windowOf(filtersOf(query), ctx.clock.now())) }),
  ),

  handleList(api.listActivity, async ({ query, reader }) => {
    const filters = filtersOf(query);
    return ok({
      ...activityList(filters),
      dataAsOf: await findDataAsOf(reader, ACTIVITY_KINDS, filters.siteId === null ? null : [filters.siteId]),
    });
  }),
];

function filtersOf(query: QueryOf<typeof api.getActivityDays>): ActivityFilters {
  const { siteId = null, personId = null, accountId = null, spaceKey = null, since = null, before = null } = query;
  const { type: types = null, source: sources = null, part: parts = null } = query;
  return { siteId, personId, accountId, types, sources, parts, spaceKey, since, before };
}

/** Never more days than have a point: events of many years are not counted for a picture. */
function windowOf(filters: ActivityFilters, now: Date) {
  const before = filters.before ?? now;
  const earliest = beginningOf(addDays(toDay(before), 1 - api.ACTIVITY_DAYS_MAX));
  const since = filters.since && filters.since > earliest ? filters.since : earliest;
  return { ...filters, since, before };
}
