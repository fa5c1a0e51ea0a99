import * as api from "../../api/position.ts";
import { computePosition } from "../../commands/position/compute-position.ts";
import { ok, refuse } from "../../lib/result.ts";
import { compareLines } from "../../rules/position/compare.ts";
import { explainLine } from "../../rules/position/explain.ts";
import type { Reader } from "../../store/database.ts";
import {
  countChangedSeats,
  positionChangeList,
  positionSeatList,
  positionTrendList,
  snapshotList,
} from "../../store/position/lists.ts";
import { findSnapshot, listLines, type PositionSnapshot } from "../../store/position/snapshots.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const positionHandlers = [
  handleList(api.listPositionTrend, async ({ query }) => {
    const { level, siteId = null, licenseId = null, from = null, to = null } = query;
    const narrowest = licenseId !== null ? "license" : siteId !== null ? "edition" : "product";
    return ok(positionTrendList({ level: level ?? narrowest, siteId, licenseId, from, to }));
  }),

  handle(api.computePosition, async ({ ctx, reader }) => ok(await withLines(reader, await computePosition(ctx)))),

  handleList(api.listPositions, async () => ok(snapshotList())),

  handle(api.getPosition, async ({ reader, params }) => {
    const found = await findSnapshot(reader, params.positionId);
    return found ? ok(await withLines(reader, found)) : refuse("no-such-position");
  }),

  handleList(api.listPositionSeats, async ({ reader, params, query }) => {
    const found = await findSnapshot(reader, params.positionId);
    if (!found) return refuse("no-such-position");
    const {
      part = null,
      product = null,
      siteId = null,
      licenseId = null,
      costCenter = null,
      department = null,
    } = query;
    return ok({
      ...positionSeatList({ seq: found.seq, part, product, siteId, licenseId, costCenter, department }),
      dataAsOf: found.dataAsOf,
    });
  }),

  handle(api.comparePositions, async ({ reader, params, query }) => {
    const [from, to] = await bothOf(reader, query.since, params.positionId);
    if (!from || !to) return refuse("no-such-position");
    const [counts, before, after] = await Promise.all([
      countChangedSeats(reader, from.seq, to.seq),
      listLines(reader, from.id),
      listLines(reader, to.id),
    ]);
    return ok({ from, to, ...counts, lines: compareLines(before, after) });
  }),

  handleList(api.listPositionChanges, async ({ reader, params, query }) => {
    const [from, to] = await bothOf(reader, query.since, params.positionId);
    if (!from || !to) return refuse("no-such-position");
    const { siteId = null, change = null } = query;
    return ok({ ...positionChangeList({ from: from.seq, to: to.seq, siteId, change }), dataAsOf: to.dataAsOf });
  }),
];

async function withLines(reader: Reader, snapshot: PositionSnapshot) {
  const lines = await listLines(reader, snapshot.id);
  return { ...snapshot, lines: lines.map((line) => ({ ...line, explanation: explainLine(line) })) };
}

/** The earlier one first, however they were named. */
async function bothOf(reader: Reader, one: string, other: string) {
  const found = await Promise.all([findSnapshot(reader, one), findSnapshot(reader, other)]);
  return found.toSorted((left, right) => (left?.seq ?? 0) - (right?.seq ?? 0));
}
