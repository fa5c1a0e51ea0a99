import { beginningOf, type Day, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import { realizedByEach, realizedSeats } from "../../rules/billing/bills.ts";
import { periodOf } from "../../rules/billing/calendar.ts";
import { type BillingEvent, dueEvents, renewed } from "../../rules/billing/events.ts";
import type { Tx } from "../../store/database.ts";
import { countSeatsAt } from "../../store/licenses/demand.ts";
import { findLicense, listLicensesToSettle, saveLicense, saveSettled } from "../../store/licenses/licenses.ts";
import { insertSavings, listReclaimed, type ReclaimedSeat } from "../../store/licenses/savings.ts";
import type { Context } from "../context.ts";

/** Terms that renewed themselves unseen: an installation that was off for longer is looked at by a person. */
const RENEWALS_MAX = 20;

/**
 * Brings every license up to today: at each billing event that passed, what reclaimed seats took off the bill is counted
 * once, and a term that renews itself begins anew for what was agreed. Right however often it is done.
 */
export async function settleBilling(tx: Tx, ctx: Context): Promise<void> {
  const today = toDay(ctx.clock.now());
  for (const license of await listLicensesToSettle(tx)) {
    if (license.metric === "monthly-seats") await settleMonths(tx, ctx, license, today);
    else await settleYears(tx, ctx, license, today);
  }
}

async function settleMonths(tx: Tx, ctx: Context, license: License, today: Day): Promise<void> {
  const events = dueEvents(license, today);
  for (const event of events) {
    const billed = await countSeatsAt(tx, license.siteIds, beginningOf(event.on));
    await countSavings(tx, ctx, license, event, { billed, seats: await reclaimedBefore(tx, license, event) });
  }
  const last = events.at(-1);
  if (last) await saveSettled(tx, license.id, last.on);
}

async function settleYears(tx: Tx, ctx: Context, first: License, today: Day): Promise<void> {
  let license = first;
  for (let renewals = 0; renewals < RENEWALS_MAX; renewals++) {
    const [event] = dueEvents(license, today);
    if (!event) return;
    const next = renewed(license, event.on);
    const bought = next.quantity ?? 0;
    const held = await countSeatsAt(tx, license.siteIds, beginningOf(event.on));
    const seats = await reclaimedBefore(tx, license, event);
    const counted = seats.slice(0, realizedSeats(seats.length, { held, bought }));
    await countSavings(tx, ctx, next, event, { billed: bought, seats: counted });
    await saveLicense(tx, next, ctx.actor.operatorId, ctx.clock.now());
    await saveSettled(tx, license.id, event.on);
    tx.record({
      actorId: ctx.actor.operatorId,
      through: ctx.actor.through,
      entry: "license.renewed",
      subjectId: license.id,
      detail: { on: event.on, until: next.termEnd, from: license.quantity, to: next.quantity },
    });
    license = (await findLicense(tx, license.id)) ?? next;
  }
}

function reclaimedBefore(tx: Tx, license: License, { on, since }: BillingEvent): Promise<ReclaimedSeat[]> {
  return listReclaimed(tx, license.siteIds, { since: beginningOf(since), before: beginningOf(on) });
}

async function countSavings(
  tx: Tx,
  { clock, actor }: Context,
  license: License,
  event: BillingEvent,
  { billed, seats }: { billed: number; seats: readonly ReclaimedSeat[] },
): Promise<void> {
  const saved = realizedByEach(license.pricing, billed, seats.length);
  const savings = seats.flatMap((seat, index) => {
    const savedMinor = saved[index] ?? null;
    if (savedMinor === null) return [];
    const { id: licenseId, currency } = license;
    return [{ ...seat, licenseId, eventOn: event.on, savedMinor, currency, period: periodOf(license.metric) }];
  });
  if (savings.length === 0) return;
  await insertSavings(tx, savings, clock.now());
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "license.saving-realized",
    subjectId: license.id,
    detail: {
      on: event.on,
      seats: savings.length,
      savedMinor: savings.reduce((sum, { savedMinor }) => sum + savedMinor, 0),
      currency: license.currency,
    },
  });
}
