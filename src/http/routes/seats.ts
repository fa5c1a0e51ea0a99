import * as api from "../../api/seats.ts";
import { ok, refuse } from "../../lib/result.ts";
import type { Reader } from "../../store/database.ts";
import { ACTIVITY_KINDS, findDataAsOf, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSeat, listSeatPaths, seatList, type SeatRow } from "../../store/seat-lists.ts";
import { explainSeats } from "../explain-seats.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

const KINDS = [...ROSTER_KINDS, ...ACTIVITY_KINDS];

export const seatHandlers = [
  handleList(api.listSeats, async ({ query, reader }) => {
    const { state = "current", siteId = null, personId = null, status: statuses = null, q: search = null } = query;
    return ok({
      ...seatList({ state, siteId, personId, statuses, search }),
      toItems: explain,
      dataAsOf: await findDataAsOf(reader, KINDS, siteId === null ? null : [siteId]),
    });
  }),

  handle(api.getSeat, async ({ reader, params }) => {
    const seat = await findSeat(reader, params.seatId);
    if (!seat) return refuse("no-such-seat");
    const [explained] = await explain([seat], reader);
    if (!explained) return refuse("no-such-seat");
    return ok({ ...explained, dataAsOf: await findDataAsOf(reader, KINDS, [seat.siteId]) });
  }),
];

/** Each seat of a page with what its status rests on and why it is held. An ended seat has neither any more. */
async function explain(rows: SeatRow[], reader: Reader) {
  const current = rows.filter((each) => each.endedAt === null);
  const bySite = [...Map.groupBy(current, (each) => each.siteId)];
  const [explained, ...paths] = await Promise.all([
    explainSeats(reader, current),
    ...bySite.map(([siteId, theirs]) =>
      listSeatPaths(
        reader,
        siteId,
        theirs.map((each) => each.accountId),
      ),
    ),
  ]);
  const pathsByAccount = Map.groupBy(paths.flat(), (each) => each.accountId);
  return rows.map((row) => {
    if (row.endedAt !== null) return { ...row, because: null, reasons: [], paths: [], evidence: [] };
    const use = explained.get(row.accountId);
    return {
      ...row,
      because: use?.text ?? null,
      reasons: use?.because ?? [],
      paths: pathsByAccount.get(row.accountId) ?? [],
      evidence: use?.evidence ?? [],
    };
  });
}
