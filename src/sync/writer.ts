import type { ListingKind } from "../model/runs.ts";
import { completeListings, planListings, type Listing } from "../store/listings.ts";
import { directRows, stagedRows } from "../store/merge/incoming.ts";
import { addRunCounts } from "../store/runs.ts";
import type { RunUnderWay } from "./context.ts";
import { DEFINITIONS } from "./kinds.ts";
import { priorityOf } from "./plan.ts";

/** One statement merges this many listings or rows at most. Only where reading outruns merging are there so many. */
const LISTINGS_A_MERGE = 100;
const ROWS_A_MERGE = 10_000;
/** Rows that wait in memory before reading has to wait too. */
const ROWS_WAITING_MAX = 2 * ROWS_A_MERGE;
const LISTINGS_WAITING_MAX = 4 * LISTINGS_A_MERGE;
/** How long a first listing waits for company; reading goes on meanwhile. */
const GATHER_MS = 200;

/** Merges complete listings, in batches and one batch at a time, while others are being read. */
export interface Writer {
  /** Takes a listing that was read to its end; `rows` null: they are staged. Waits while too much is waiting already. */
  add(listing: Listing, rows: readonly object[] | null): Promise<void>;
  /** More than one merge takes is waiting. */
  isBehind(): boolean;
  /** Nothing is waiting and nothing is being merged. */
  isIdle(): boolean;
  /** Says that nothing more is being read now, so that nothing waits for company. */
  hurry(): void;
  /** Resolves once it stopped: after `close`, on abort, or rejected when a merge failed. */
  readonly done: Promise<void>;
  close(): void;
}

interface Waiting {
  listing: Listing;
  rows: readonly object[] | null;
}

export interface WriterEvents {
  /** Whether every listing of a kind has ended, so that what is merged after it may be. */
  hasEnded(kind: ListingKind): boolean;
  /** After the commit: the listings that ended, and those that were planned because of them. */
  merged(listings: readonly Listing[], planned: readonly Listing[]): void;
  /** After each batch, when the writer may have become idle. */
  rested(): void;
}

export function createWriter(run: RunUnderWay, events: WriterEvents): Writer {
  let waiting: Waiting[] = [];
  let rowsWaiting = 0;
  let isMerging = false;
  let isClosed = false;
  let isHurried = false;
  let wakeWriter = () => {};
  let wakeReaders: (() => void)[] = [];

  async function work(): Promise<void> {
    for (;;) {
      run.signal.throwIfAborted();
      const kind = nextKind();
      if (kind === null) {
        if (isClosed) return;
        await new Promise<void>((resolve) => {
          wakeWriter = resolve;
        });
        continue;
      }
      await gather(kind);
      const batch = take(kind);
      isMerging = true;
      try {
        await mergeBatch(run, kind, batch, events);
      } finally {
        isMerging = false;
      }
      events.rested();
    }
  }

  /** Lists of groups and spaces first: what is read next hangs on them. */
  function nextKind(): ListingKind | null {
    const ready = waiting.filter(({ listing }) => (DEFINITIONS[listing.kind].mergesAfter ?? []).every(events.hasEnded));
    return (ready.find(({ listing }) => isUrgent(listing.kind)) ?? ready[0])?.listing.kind ?? null;
  }

  async function gather(kind: ListingKind): Promise<void> {
    const isEnough = () => {
      const same = waiting.filter((each) => each.listing.kind === kind);
      const rows = same.reduce((sum, each) => sum + each.listing.rows, 0);
      return same.length >= listingsMax(kind) || rows >= ROWS_A_MERGE || isHurried || isClosed;
    };
    // Whole objects carry the plan of what is read next: they never wait.
    if (
      listingsMax(kind) === 1 ||
      isEnough() ||
      !waiting.some((each) => each.listing.kind === kind && each.listing.scope)
    )
      return;
    const stop = new AbortController();
    wakeWriter = () => {
      if (isEnough()) stop.abort();
    };
    await run.clock.sleep(GATHER_MS, AbortSignal.any([stop.signal, run.signal])).catch(() => undefined);
    wakeWriter = () => {};
  }

  /** Listings of one kind, all staged or none, up to what one statement takes; at least one. */
  function take(kind: ListingKind): Waiting[] {
    const first = waiting.find((each) => each.listing.kind === kind);
    const batch: Waiting[] = [];
    let rows = 0;
    for (const each of waiting) {
      if (each.listing.kind !== kind || (each.rows === null) !== (first?.rows === null)) continue;
      if (batch.length > 0 && (batch.length >= listingsMax(kind) || rows + each.listing.rows > ROWS_A_MERGE)) break;
      batch.push(each);
      rows += each.listing.rows;
      rowsWaiting -= each.rows?.length ?? 0;
    }
    waiting = waiting.filter((each) => !batch.includes(each));
    wakeAllReaders();
    return batch;
  }

  function wakeAllReaders(): void {
    const readers = wakeReaders;
    wakeReaders = [];
    for (const wake of readers) wake();
  }

  function isFull(): boolean {
    return rowsWaiting >= ROWS_WAITING_MAX || waiting.length >= LISTINGS_WAITING_MAX;
  }

  run.signal.addEventListener("abort", () => {
    wakeWriter();
    wakeAllReaders();
  });
  const done = work();
  // Whoever reads looks at `done` when it has nothing else to wait for; until then a failure is not unhandled.
  done.catch(() => undefined);

  return {
    async add(listing, rows) {
      while (isFull()) {
        run.signal.throwIfAborted();
        await Promise.race([new Promise<void>((resolve) => wakeReaders.push(resolve)), done]);
      }
      waiting.push({ listing, rows });
      rowsWaiting += rows?.length ?? 0;
      isHurried = false;
      wakeWriter();
    },
    isBehind: () => rowsWaiting > ROWS_A_MERGE,
    isIdle: () => waiting.length === 0 && !isMerging,
    hurry() {
      isHurried = true;
      wakeWriter();
    },
    done,
    close() {
      isClosed = true;
      wakeWriter();
    },
  };
}

/** The merge, the plan that follows from it, the counts and `complete` commit together. */
async function mergeBatch(
  run: RunUnderWay,
  kind: ListingKind,
  batch: readonly Waiting[],
  events: WriterEvents,
): Promise<void> {
  const definition = DEFINITIONS[kind];
  const listings = batch.map((each) => each.listing);
  const keys = listings.map((each) => each.key);
  const isStaged = batch[0]?.rows === null;
  const rows = batch.flatMap((each) => each.rows ?? []);
  const thinned = isStaged ? undefined : definition.thin?.(run, rows);
  const incoming = isStaged ? stagedRows(run.run.id, keys) : directRows(thinned?.rows ?? rows);

  const planned = await run.writeFacts(
    async (tx) => {
      const merged = await definition.merge(tx, run, incoming, listings);
      const now = run.clock.now();
      await completeListings(tx, run.run.id, listings, { keepStaged: definition.mode === "kept" }, now);
      const { added, changed } = merged;
      const read = listings.reduce((sum, each) => sum + each.rows, 0);
      await addRunCounts(tx, run.run.id, { read, added, changed }, kind);
      return merged.planned?.length ? planListings(tx, run.run.id, merged.planned, now) : [];
    },
    { isUrgent: isUrgent(kind) },
  );
  thinned?.merged();
  events.merged(listings, planned);
  await run.checkpoint(`merged ${keys[0]} and ${keys.length - 1} more`);
}

function isUrgent(kind: ListingKind): boolean {
  return priorityOf(kind) === 0;
}

function listingsMax(kind: ListingKind): number {
  return DEFINITIONS[kind].listingsMax ?? LISTINGS_A_MERGE;
}
