import { beginningOf, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { PositionCounts, PositionLine } from "../../model/position.ts";
import { monthlyCycle } from "../../rules/billing/calendar.ts";
import { assemblePosition, NO_COUNTS, type SiteShare } from "../../rules/position/assemble.ts";
import type { Reader } from "../../store/database.ts";
import { findPeak } from "../../store/licenses/demand.ts";
import { listLicensesInForce, lockLicenses } from "../../store/licenses/licenses.ts";
import { sumSavings } from "../../store/licenses/savings.ts";
import { listSiteEditions } from "../../store/licenses/site-editions.ts";
import { type CountRow, countPosition } from "../../store/position/count.ts";
import { insertSnapshot, keepSeats, lockPosition, type PositionSnapshot } from "../../store/position/snapshots.ts";
import { watchCapacity } from "../capacity/watch-capacity.ts";
import type { Context } from "../context.ts";
import { settleBilling } from "../licenses/settle-billing.ts";

/** Settles what was billed, computes the position of now, and keeps it with the seats behind it for good. */
export async function computePosition(ctx: Context): Promise<PositionSnapshot> {
  const { db, clock, actor } = ctx;
  return db.transaction(async (tx) => {
    await lockLicenses(tx);
    await lockPosition(tx);
    await settleBilling(tx, ctx);
    const at = clock.now();
    const { lines, dataAsOf } = await readPosition(tx, at);
    const tookMs = clock.now().getTime() - at.getTime();
    const made = await insertSnapshot(tx, { at, dataAsOf, computedBy: actor.operatorId, tookMs }, lines);
    await keepSeats(tx, made.seq, at);
    await watchCapacity(tx, at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "position.computed",
      subjectId: made.id,
      detail: { lines: lines.length },
    });
    return made;
  });
}

/** The position as it is now: what `computePosition` keeps. */
export async function readPosition(
  reader: Reader,
  at: Date,
): Promise<{ lines: PositionLine[]; dataAsOf: Date | null }> {
  const all = await listSiteEditions(reader);
  // Beside the sample company's a real site was never read: a position that goes with the sample has nothing of it.
  const samples = all.filter(({ isSample }) => isSample);
  const sites = samples.length > 0 ? samples : all;
  const counted = new Set(sites.map(({ id }) => id));
  const licenses = (await listLicensesInForce(reader, toDay(at))).filter(
    ({ siteIds }) => siteIds.length === 0 || siteIds.some((id) => counted.has(id)),
  );
  const rows = await countPosition(reader, at);
  const counts = new Map(rows.filter(({ kind }) => kind === "site").map((row) => [row.siteId, row as PositionCounts]));
  const peaks = new Map<string, number>();
  for (const license of licenses) peaks.set(license.id, await peakOf(reader, license, counts, at));
  const lines = assemblePosition({
    sites,
    counts,
    shares: rows.filter(({ siteId }) => counted.has(siteId)).flatMap(shareOf),
    licenses,
    peaks,
    realized: await sumSavings(
      reader,
      licenses.map(({ id }) => id),
    ),
    at,
  });
  const synced = sites.flatMap(({ lastSyncedAt }) => (lastSyncedAt ? [lastSyncedAt.getTime()] : []));
  return { lines, dataAsOf: synced.length > 0 ? new Date(Math.min(...synced)) : null };
}

async function peakOf(
  reader: Reader,
  license: License,
  counts: ReadonlyMap<string, PositionCounts>,
  at: Date,
): Promise<number> {
  const heldNow = license.siteIds.reduce((sum, siteId) => {
    const { used, excluded } = counts.get(siteId) ?? NO_COUNTS;
    return sum + used + excluded;
  }, 0);
  if (license.metric !== "monthly-seats") return heldNow;
  const { from } = monthlyCycle(license, toDay(at));
  return findPeak(reader, license.siteIds, { since: beginningOf(from), until: at, heldNow });
}

function shareOf({ kind, siteId, value, isRest, used, excluded, idle, neverUsed }: CountRow): SiteShare[] {
  return kind === "site" ? [] : [{ by: kind, siteId, value, isRest, seats: used + excluded, idle, neverUsed }];
}
