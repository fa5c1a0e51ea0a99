import * as api from "../../api/activity.ts";
import type { QueryOf } from "../../api/contract.ts";
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

const DAY_MS = 86_400_000;

/** Never more days than have a point: events of many years are not counted for a picture. */
function windowOf(filters: ActivityFilters, now: Date) {
  const before = filters.before ?? now;
  // Never before there was time to count: no event is, and a year below zero has no text.
  const today = Math.floor(before.getTime() / DAY_MS);
  const earliest = new Date(Math.max(0, today + 1 - api.ACTIVITY_DAYS_MAX) * DAY_MS);
  const since = filters.since && filters.since > earliest ? filters.since : earliest;
  return { ...filters, since, before };
}
