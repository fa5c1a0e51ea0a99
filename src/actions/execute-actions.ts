import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { SiteSource } from "../sources/source.ts";
import { SourceFailure } from "../sources/source.ts";
import type { Database } from "../store/database.ts";
import { type DueSeat, findNextDue, listBringingGroups, listDueSeats } from "../store/plans/due.ts";
import { postponeActions } from "../store/plans/actions.ts";
import { tellPlanPaused } from "../store/notifications/tell-plan.ts";
import { savePlanPause } from "../store/plans/progress.ts";
import { changeSeat } from "./change-seat.ts";
import type { SeatContext } from "./seat-context.ts";

export interface ExecuteParts {
  db: Database;
  clock: Clock;
  log: Log;
  openSite(siteId: string): Promise<SiteSource>;
  /** The lease under which changes are sent, and who has it. */
  lease: string;
  holder: string;
  /** Brings plans to where their seats are; called between batches. */
  settle(): Promise<void>;
}

/** Seats under way at once at one site; the limiter of the source may hold them back further. */
export const SEATS_AT_ONCE = 8;
/** Seats looked up together: enough that the slowest of them costs the others little. */
const BATCH_SEATS = 400;
/** A site that cannot be opened is tried again after this. */
const CLOSED_REST_MS = 120_000;
/** What is due later than this is left to the next time. */
const WAIT_MS_MAX = 60_000;

/** Changes seats until none is due soon; gives how many it worked on. */
export async function executeActions(parts: ExecuteParts, signal: AbortSignal): Promise<number> {
  const sites = new Map<string, SeatContext>();
  let worked = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const due = await listDueSeats(parts.db, parts.clock.now(), BATCH_SEATS);
      worked += due.length;
      const bySite = Map.groupBy(due, (each) => each.row.siteId);
      await Promise.all([...bySite].map(([siteId, seats]) => changeSeatsOf(parts, sites, siteId, seats, signal)));
      await parts.settle();
      if (due.length === 0 && !(await waitForNext(parts, signal))) return worked;
    }
  } finally {
    for (const { source } of sites.values()) source.close();
  }
}

/** False: nothing is due soon. */
async function waitForNext({ db, clock }: ExecuteParts, signal: AbortSignal): Promise<boolean> {
  const next = await findNextDue(db);
  if (next === null) return false;
  const waitMs = next.getTime() - clock.now().getTime();
  if (waitMs > WAIT_MS_MAX) return false;
  if (waitMs > 0) await clock.sleep(waitMs, signal);
  return true;
}

async function changeSeatsOf(
  parts: ExecuteParts,
  sites: Map<string, SeatContext>,
  siteId: string,
  seats: readonly DueSeat[],
  signal: AbortSignal,
): Promise<void> {
  const context = sites.get(siteId) ?? (await openForChange(parts, siteId, seats));
  if (!context) return;
  sites.set(siteId, context);
  const queue = [...seats];
  // What fails here is no answer of the source: the others end what they have begun, and it flies on.
  const failed: unknown[] = [];
  const worker = async () => {
    for (let seat = queue.shift(); seat && failed.length === 0; seat = queue.shift()) {
      await changeSeat(context, seat, signal).catch((error: unknown) => failed.push(error));
    }
  };
  await Promise.all(Array.from({ length: SEATS_AT_ONCE }, worker));
  if (failed.length > 0) throw failed[0];
}

/** Null: the site cannot be opened to change it, and its plans are paused with why. */
async function openForChange(
  parts: ExecuteParts,
  siteId: string,
  seats: readonly DueSeat[],
): Promise<SeatContext | null> {
  try {
    const source = await parts.openSite(siteId);
    const { writer } = source;
    if (!writer) {
      source.close();
      await pausePlans(parts, siteId, seats, "Usher cannot change sites of this kind.");
      return null;
    }
    return { ...parts, source, writer, bringing: await listBringingGroups(parts.db, siteId) };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    parts.log.warn({ siteId, error: messageOf(error) }, "a site could not be opened to change it");
    await pausePlans(parts, siteId, seats, `${error.publicMessage} ${error.fix}`);
    return null;
  }
}

/** What was sent before is looked at again, though not at once; the rest is due when its plan is resumed. */
async function pausePlans(
  { db, clock }: ExecuteParts,
  siteId: string,
  seats: readonly DueSeat[],
  message: string,
): Promise<void> {
  const at = clock.now();
  for (const planId of new Set(seats.map((each) => each.row.planId))) {
    await db.transaction(async (tx) => {
      await postponeActions(tx, { planId, siteId }, new Date(at.getTime() + CLOSED_REST_MS));
      if (!(await savePlanPause(tx, planId, { by: "site", message, at }))) return;
      tx.record({ actorId: "system", through: "job", entry: "plan.paused", subjectId: planId, detail: { by: "site" } });
      await tellPlanPaused(tx, planId, message, at);
    });
  }
}
