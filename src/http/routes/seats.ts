import * as api from "../../api/seats.ts";
import { ok, refuse } from "../../lib/result.ts";
import type { Reader } from "../../store/database.ts";
import { listExclusionsOf } from "../../store/exclusions/of-account.ts";
import { ACTIVITY_KINDS, findDataAsOf, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSeat, listSeatFacets, seatList, type SeatRow } from "../../store/seat-lists.ts";
import { listSeatPaths } from "../../store/seat-paths.ts";
import { readAskedTime } from "../as-of.ts";
import { explainSeats } from "../explain-seats.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

const KINDS = [...ROSTER_KINDS, ...ACTIVITY_KINDS];

export const seatHandlers = [
  handleList(api.listSeats, async (input) => {
    const { query } = input;
    const { connectionId = null } = query;
    const { state = "current", siteId = null, personId = null, status: statuses = null, q: search = null } = query;
    const now = input.ctx.clock.now();
    const exclusion = { isExcluded: query.excluded ?? null, effects: query.excludedFrom ?? null, now };
    const isFiltered = exclusion.isExcluded !== null || exclusion.effects !== null;
    const { past, at, told } = await readAskedTime(input, api.listSeats, {
      needs: { needed: ["accounts"], also: ["groups", "memberships", "product-access"] },
      kinds: KINDS,
      siteIds: siteId === null ? null : [siteId],
    });
    return ok({
      ...seatList(
        { state, siteId, connectionId, personId, statuses, search, ...(isFiltered ? { exclusion } : {}) },
        past,
      ),
      toItems: (rows: SeatRow[], reader: Reader) => explain(rows, reader, { at, now }),
      ...told,
    });
  }),

  handle(api.listSeatFacets, async ({ query, reader, ctx }) => {
    const { siteId = null, personId = null, status: statuses = null, q: search = null } = query;
    const { excluded: isExcluded = null, excludedFrom: effects = null } = query;
    const exclusion = { isExcluded, effects, now: ctx.clock.now() };
    return ok({ facets: await listSeatFacets(reader, { siteId, personId, statuses, search, exclusion }) });
  }),

  handle(api.getSeat, async ({ reader, params, ctx }) => {
    const seat = await findSeat(reader, params.seatId);
    if (!seat) return refuse("no-such-seat");
    const [explained] = await explain([seat], reader, { at: null, now: ctx.clock.now() });
    if (!explained) return refuse("no-such-seat");
    return ok({ ...explained, dataAsOf: await findDataAsOf(reader, KINDS, [seat.siteId]) });
  }),
];

/**
 * Each seat of a page with what its status rests on and why it is held. An ended seat has neither any more; of an earlier
 * day the status is not known, so nothing is said of it.
 */
async function explain(rows: SeatRow[], reader: Reader, { at, now }: { at: Date | null; now: Date }) {
  const current = rows.filter((each) => each.endedAt === null);
  const bySite = [...Map.groupBy(current, (each) => each.siteId)];
  const [explained, exclusions, ...paths] = await Promise.all([
    explainSeats(reader, at === null ? current : []),
    listExclusionsOf(reader, at === null ? current.map((each) => each.accountId) : [], now),
    ...bySite.map(([siteId, theirs]) =>
      listSeatPaths(
        reader,
        siteId,
        theirs.map((each) => each.accountId),
        at,
      ),
    ),
  ]);
  const pathsByAccount = Map.groupBy(paths.flat(), (each) => each.accountId);
  return rows.map((row) => {
    if (row.endedAt !== null) return { ...row, because: null, reasons: [], exclusions: [], paths: [], evidence: [] };
    const use = explained.get(row.accountId);
    return {
      ...row,
      because: use?.text ?? null,
      reasons: use?.because ?? [],
      exclusions: exclusions.get(row.accountId) ?? [],
      paths: pathsByAccount.get(row.accountId) ?? [],
      evidence: use?.evidence ?? [],
    };
  });
}
