import type { SeatCost } from "../../model/money.ts";
import type { Site } from "../../model/connections.ts";
import { draftReclaimRow, draftRestoreRow, NO_LOSSES } from "../../rules/plans/draft-rows.ts";
import { unusedSince } from "../../rules/plans/use-since.ts";
import type { Tx } from "../../store/database.ts";
import { findSiteExecutor } from "../../store/plans/executors.ts";
import { listSpaceLosses } from "../../store/plans/losses.ts";
import { listReclaimedSeats } from "../../store/plans/reclaimed-seats.ts";
import type { PlanRowDraft } from "../../store/plans/rows.ts";
import { listPlannedSeats } from "../../store/plans/seats.ts";

export interface SiteOfPlan {
  site: Pick<Site, "id" | "name">;
  cost: SeatCost;
  at: Date;
}

interface SeatWish {
  accountId: string;
  candidateId: string | null;
}

/** Rows of one site in the order asked for, their positions counted from 0; accounts that are not known are missing. */
export async function draftReclaimRows(
  tx: Tx,
  { site, cost, at }: SiteOfPlan,
  seats: readonly SeatWish[],
  { acceptsNoEvidence }: { acceptsNoEvidence: boolean },
): Promise<PlanRowDraft[]> {
  const choice = { name: site.name, ...(await findSiteExecutor(tx, site.id)) };
  const known = new Map((await listPlannedSeats(tx, site.id, seats, at)).map((each) => [each.accountId, each]));
  const removals = [...known.values()].map(({ accountId, memberships }) => ({
    accountId,
    groupIds: memberships.map((each) => each.groupId),
  }));
  const losses = new Map((await listSpaceLosses(tx, site.id, removals)).map((each) => [each.accountId, each]));
  return [...new Set(seats.map((each) => each.accountId))].flatMap((accountId, position): PlanRowDraft[] => {
    const seat = known.get(accountId);
    if (!seat) return [];
    const lost = losses.get(accountId);
    return [
      {
        position,
        siteId: site.id,
        accountId,
        accountSourceId: seat.accountSourceId,
        seatId: seat.seatId,
        candidateId: seat.candidate?.id ?? null,
        memberships: seat.memberships,
        loses: {
          spaces: lost?.spaces ?? null,
          spaceKeys: lost?.spaceKeys ?? [],
          lastAdminOf: lost?.lastAdminOf ?? [],
          keepsAccessThrough: seat.keepsAccessThrough,
        },
        savesMinor: seat.seatId === null ? null : cost.monthMinor,
        currency: seat.seatId === null ? null : cost.currency,
        savesFrom: seat.seatId === null ? null : cost.saving.from,
        unusedSince: unusedSince({ ...seat, plannedAt: at }),
        ...draftReclaimRow({ ...seat, isUnobserved: seat.isUnobserved && !acceptsNoEvidence }, choice),
      },
    ];
  });
}

/** The same for seats that are given back, by what was taken of each. */
export async function draftRestoreRows(
  tx: Tx,
  { site }: SiteOfPlan,
  seats: readonly SeatWish[],
  planId: string | null,
): Promise<PlanRowDraft[]> {
  const choice = { name: site.name, ...(await findSiteExecutor(tx, site.id)) };
  const accountIds = [...new Set(seats.map((each) => each.accountId))];
  const taken = new Map(
    (await listReclaimedSeats(tx, site.id, accountIds, planId)).map((each) => [each.accountId, each]),
  );
  return accountIds.flatMap((accountId, position): PlanRowDraft[] => {
    const seat = taken.get(accountId);
    if (!seat) return [];
    return [
      {
        position,
        siteId: site.id,
        accountId,
        accountSourceId: seat.accountSourceId,
        seatId: null,
        candidateId: seat.candidateId,
        loses: NO_LOSSES,
        savesMinor: null,
        currency: null,
        savesFrom: null,
        unusedSince: null,
        ...draftRestoreRow(seat, choice),
      },
    ];
  });
}
