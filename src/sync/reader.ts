import type { Site } from "../model/connections.ts";
import type { ListingKind } from "../model/runs.ts";
import { SourceFailure } from "../sources/source.ts";
import {
  completeListings,
  failListing,
  isListingComplete,
  listUnfinishedListings,
  planListings,
  listUnreadListings,
  type Listing,
} from "../store/listings.ts";
import { noteVanished } from "../store/merge/gone.ts";
import { listAccountBatchesToRead, listGroupsToRead } from "../store/merge/plan.ts";
import { addRunCounts } from "../store/runs.ts";
import type { RunUnderWay } from "./context.ts";
import { followHints } from "./delta.ts";
import { effectOf } from "./failures.ts";
import { DEFINITIONS, readsDirectory } from "./kinds.ts";
import { readPages, restart } from "./pages.ts";
import { planned, plannedBatches, priorityOf, type Planned } from "./plan.ts";
import { createWriter } from "./writer.ts";

/** A listing that keeps drifting or losing its cursor is given up after this many new beginnings. */
const RESTARTS_MAX = 5;
/** So many listings failing one after the other is a source that is down: what is left would only fail more slowly. */
const FAILURES_IN_A_ROW_MAX = 20;

/** How the reading ended, for the run's state and the site's health. */
export interface ReadingOutcome {
  failed: number;
  /** Losses of what was not known to be lost: each makes the run partial. */
  lost: number;
  /** The first failure that costs a capability, in words for the site. */
  firstLoss: Site["healthDetail"];
}

/** Reads every listing of the run to its end, several at once, and merges each as soon as it is complete. */
export async function readListings(run: RunUnderWay, first: readonly Planned[]): Promise<ReadingOutcome> {
  const outcome: ReadingOutcome = { failed: 0, lost: 0, firstLoss: null };
  const waiting: Listing[][] = [[], [], []];
  const open = new Map<ListingKind, number>();
  const slots = new Set<Promise<void>>();
  let failuresInARow = 0;
  let fatal: { error: unknown } | null = null;
  let wake = () => {};
  let wasDirectoryLookedAt = false;
  let wereStatusesPlanned = false;

  const writer = createWriter(run, {
    hasEnded,
    merged(listings, more) {
      for (const each of listings) close(each);
      enqueue(more);
      wake();
    },
    rested: () => wake(),
  });
  writer.done.catch(fail);
  run.signal.addEventListener("abort", () => wake());

  for (const each of await listUnreadListings(run.db, run.run.id)) {
    if (isMereTrial(run, each.kind, each.code) || isExtraLoss(each.kind, each.state)) continue;
    outcome.firstLoss ??= {
      capability: DEFINITIONS[each.kind].capability,
      reason: each.message ?? "It could not be read.",
      fix: each.fix ?? "Run it again.",
    };
    if (each.state === "failed") outcome.failed += 1;
    else if (!isKnownLoss(run, each.kind, each.code)) outcome.lost += 1;
  }
  enqueue(await listUnfinishedListings(run.db, run.run.id), { known: true });
  enqueue(await plan(first));
  try {
    for (;;) {
      if (fatal) throw (fatal as { error: unknown }).error;
      run.signal.throwIfAborted();
      enqueue(await planDirectoryFollowers());
      while (slots.size < run.concurrencyMax && hasWaiting()) start(next());
      if (slots.size === 0 && !hasWaiting()) {
        writer.hurry();
        if (writer.isIdle()) {
          const more = await plan(await whatFollows());
          if (more.length === 0) break;
          enqueue(more);
          continue;
        }
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (fatal || run.signal.aborted) resolve();
      });
    }
    writer.close();
    await writer.done;
    return outcome;
  } finally {
    writer.close();
    await Promise.allSettled([...slots, writer.done]);
  }

  function enqueue(listings: readonly Listing[], options: { known: boolean } = { known: false }): void {
    for (const listing of listings) {
      open.set(listing.kind, (open.get(listing.kind) ?? 0) + 1);
      waiting[priorityOf(listing.kind)]?.push(listing);
      if (!options.known) run.progress.planned(listing.kind, 1);
    }
  }

  function close(listing: Listing): void {
    open.set(listing.kind, (open.get(listing.kind) ?? 1) - 1);
    run.progress.ended(listing.kind, 1);
  }

  function hasEnded(kind: ListingKind): boolean {
    return (open.get(kind) ?? 0) === 0;
  }

  function hasWaiting(): boolean {
    return waiting.some((each) => each.length > 0);
  }

  /** While merging lags behind, what is slow to read and quick to merge comes before members, which are the contrary. */
  function next(): Listing {
    const [whole = [], members = [], rights = []] = waiting;
    const order = writer.isBehind() ? [whole, rights, members] : [whole, members, rights];
    const listing = order.find((each) => each.length > 0)?.shift();
    if (!listing) throw new Error("Nothing is waiting to be read.");
    return listing;
  }

  function start(listing: Listing): void {
    const slot = readListing(listing)
      .catch(fail)
      .finally(() => {
        slots.delete(slot);
        wake();
      });
    slots.add(slot);
  }

  function fail(error: unknown): void {
    fatal ??= { error };
    wake();
  }

  /** Plans what can be served; of what cannot, only that and why is kept. */
  async function plan(wanted: readonly Planned[]): Promise<Listing[]> {
    if (wanted.length === 0) return [];
    const refusals = new Map<string, SourceFailure>();
    for (const each of wanted) {
      const refusal = run.source.abilities.listings[DEFINITIONS[each.kind].needs];
      if (refusal) refusals.set(each.key, refusal);
    }
    const listings = await run.write(async (tx) => {
      const made = await planListings(tx, run.run.id, wanted, run.clock.now());
      for (const { key } of made) {
        const refusal = refusals.get(key);
        if (refusal) await failListing(tx, run.run.id, key, "not-allowed", errorOf(refusal), run.clock.now());
      }
      return made;
    });
    for (const each of listings) {
      const refusal = refusals.get(each.key);
      if (!refusal) continue;
      run.progress.planned(each.kind, 1);
      run.progress.ended(each.kind, 1);
      if (!isExtraLoss(each.kind, "not-allowed")) outcome.firstLoss ??= lossOf(refusal);
      tellFailure(each, refusal, "not-allowed");
    }
    return listings.filter((each) => !refusals.has(each.key));
  }

  /** What follows once the lists of accounts have ended: statuses, and members where the directory could not tell. */
  async function planDirectoryFollowers(): Promise<Listing[]> {
    const more: Listing[] = [];
    if (
      run.run.scope !== "full" ||
      !["accounts", "groups", "organization-accounts"].every((each) => hasEnded(each as ListingKind))
    ) {
      return more;
    }
    if (!wasDirectoryLookedAt) {
      wasDirectoryLookedAt = true;
      if (run.isDirectoryStale && !(await isComplete("organization-accounts"))) run.merge.isDirectoryLost = true;
      if (readsDirectory(run) && !(await isComplete("organization-accounts")) && (await isComplete("groups"))) {
        more.push(...(await plan(planned("memberships", await listGroupsToRead(run.db, run.run.siteId, run.run.id)))));
      }
    }
    if (!wereStatusesPlanned) {
      wereStatusesPlanned = true;
      more.push(...(await plan(plannedBatches(await leftOverAccounts()))));
    }
    return more;
  }

  /** What is to be read because of what was read, once nothing else is. */
  async function whatFollows(): Promise<Planned[]> {
    return run.run.scope === "delta" ? followHints(run) : plannedBatches(await leftOverAccounts());
  }

  async function leftOverAccounts(): Promise<string[]> {
    if (run.run.scope !== "full" || run.source.abilities.listings["accounts-by-id"] !== null) return [];
    return listAccountBatchesToRead(run.db, run.merge);
  }

  async function isComplete(kind: ListingKind): Promise<boolean> {
    return isListingComplete(run.db, run.run.id, kind);
  }

  async function readListing(listing: Listing): Promise<void> {
    for (;;) {
      run.signal.throwIfAborted();
      try {
        await readPages(run, listing, writer);
        failuresInARow = 0;
        if (DEFINITIONS[listing.kind].mode === "append") close(listing);
        return;
      } catch (error) {
        if (!(error instanceof SourceFailure) || run.signal.aborted) throw error;
        const isReadByAnother = run.setup.readByOthers.includes(DEFINITIONS[listing.kind].capability);
        const effect = effectOf(error, listing.kind, { isReadByAnother });
        if (effect === "stops-run") throw error;
        if (effect === "restart" && listing.restarts < RESTARTS_MAX) {
          await restart(run, listing, error.code);
          continue;
        }
        await giveUp(listing, error, effect);
        return;
      }
    }
  }

  async function giveUp(listing: Listing, failure: SourceFailure, effect: ReturnType<typeof effectOf>): Promise<void> {
    const vanishedKind = effect === "vanished" && listing.scope ? parentOf(listing.kind) : null;
    if (vanishedKind) {
      await run.write(async (tx) => {
        await noteVanished(tx, run.merge, vanishedKind, listing.scope ?? "");
        await completeListings(
          tx,
          run.run.id,
          [{ ...listing, pages: 0, rows: 0 }],
          { keepStaged: false },
          run.clock.now(),
        );
      });
      run.progress.tell({
        level: "warn",
        event: "listing.vanished",
        message: `What ${listing.key} was to be read of is no longer there; it is looked at again at the end.`,
        data: { key: listing.key },
      });
      close(listing);
      return;
    }
    const state = effect === "not-allowed" ? "not-allowed" : "failed";
    await run.write(async (tx) => {
      await failListing(tx, run.run.id, listing.key, state, errorOf(failure), run.clock.now());
      if (state === "failed") await addRunCounts(tx, run.run.id, { errors: 1 }, listing.kind);
    });
    if (isMereTrial(run, listing.kind, failure.code)) return close(listing);
    tellFailure(listing, failure, state);
    if (isExtraLoss(listing.kind, state)) return close(listing);
    outcome.firstLoss ??= lossOf(failure);
    if (state === "failed") {
      outcome.failed += 1;
      failuresInARow += 1;
    } else if (!isKnownLoss(run, listing.kind, failure.code)) {
      outcome.lost += 1;
    }
    close(listing);
    if (failuresInARow >= FAILURES_IN_A_ROW_MAX) throw failure;
  }

  function tellFailure(listing: Listing, failure: SourceFailure, state: "failed" | "not-allowed"): void {
    run.progress.tell({
      level: state === "failed" ? "error" : "warn",
      event: `listing.${state}`,
      message: `${listing.key} ${state === "failed" ? "could not be read" : "may not be read"}: ${failure.publicMessage} ${failure.fix}`,
      data: {
        key: listing.key,
        code: failure.code,
        endpoint: failure.endpoint,
        status: failure.status,
        requestId: failure.requestId,
      },
    });
  }
}

/** Losing what validation already missed, what the edition never had, or what is switched off is no news. */
function isKnownLoss({ setup, source }: RunUnderWay, kind: ListingKind, code: string): boolean {
  const { capability, needs } = DEFINITIONS[kind];
  if (code === "source.edition-lacks" || source.abilities.listings[needs] !== null) return true;
  return !setup.capabilities.includes(capability) || setup.lostAtValidation.includes(capability);
}

/** Roles are asked for while nobody knows whether the site has any: that it has none is an answer, not a loss. */
function isMereTrial({ setup }: RunUnderWay, kind: ListingKind, code: string): boolean {
  return kind === "space-roles" && code === "source.edition-lacks" && setup.site.roleMode === null;
}

/** What may not be read and was never promised leaves the site as well as it was; that it failed is another matter. */
function isExtraLoss(kind: ListingKind, state: "failed" | "not-allowed"): boolean {
  return state === "not-allowed" && DEFINITIONS[kind].isExtra === true;
}

function parentOf(kind: ListingKind): "groups" | "spaces" | "accounts" | null {
  if (kind === "memberships" || kind === "group-nestings") return "groups";
  if (kind === "groups-of-account") return "accounts";
  return kind === "space-permissions" || kind === "role-assignments" ? "spaces" : null;
}

function lossOf({ capability, publicMessage, fix }: SourceFailure): Site["healthDetail"] {
  return { capability, reason: publicMessage, fix };
}

function errorOf(failure: SourceFailure): { code: string; message: string; fix: string } {
  return { code: failure.code, message: failure.publicMessage, fix: failure.fix };
}
