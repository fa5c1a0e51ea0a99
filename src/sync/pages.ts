import { completeListings, type Listing, restartListing, saveCursor, stagePage } from "../store/listings.ts";
import { addRunCounts } from "../store/runs.ts";
import type { RunUnderWay } from "./context.ts";
import { DEFINITIONS } from "./kinds.ts";
import type { Writer } from "./writer.ts";

/** What was staged longer ago than this is from another state of the site (ARCHITECTURE §7). */
const STAGED_AGE_MAX_MS = 15 * 60_000;
/** No listing of a site is near this long; a source's own ceiling comes first. */
const PAGES_MAX = 20_000;

/** Rows that are saved together at most: what is lost and read again when the process ends before they are saved. */
const ROWS_A_SAVE = 2_500;

/**
 * Reads from where the listing stands to its end. Pages are asked for while earlier ones are being saved; those that
 * came in meanwhile are saved together.
 */
export async function readPages(run: RunUnderWay, listing: Listing, writer: Writer): Promise<void> {
  const definition = DEFINITIONS[listing.kind];
  if (listing.startedAt && run.clock.now().getTime() - listing.startedAt.getTime() > STAGED_AGE_MAX_MS) {
    if (definition.mode !== "append") await restart(run, listing, "staged-too-long-ago");
  }
  if (listing.pages > 0 && listing.cursor === null) return writer.add(listing, null);

  const saver = createSaver(run);
  try {
    for (let pages = listing.pages; pages < PAGES_MAX; pages += 1) {
      const { rows, next } = await definition.read(run, listing, run.signal);
      run.progress.read(listing.kind, rows.length);
      listing.startedAt ??= run.clock.now();
      listing.pages += 1;
      listing.rows += rows.length;
      listing.cursor = next;
      listing.state = "reading";
      if (listing.pages === 1 && next === null && definition.mode === "set") return await writer.add(listing, rows);

      await saver.add({ ...listing }, rows);
      if (next !== null) continue;
      await saver.settled();
      return definition.mode === "append" ? undefined : await writer.add(listing, null);
    }
  } finally {
    // A page that is still being saved must not land after the listing was given up.
    await saver.settled().catch(() => undefined);
  }
  throw new Error(`Listing ${listing.key} has no end within ${PAGES_MAX} pages.`);
}

interface Saver {
  /** `listing` as it stands with these rows. Waits while much is unsaved; throws what a save threw. */
  add(listing: Listing, rows: readonly object[]): Promise<void>;
  settled(): Promise<void>;
}

/** Saves pages in their order, one transaction at a time; after one that failed nothing more is saved. */
function createSaver(run: RunUnderWay): Saver {
  let unsaved: { listing: Listing; rows: object[] } | null = null;
  let saving: Promise<void> | null = null;

  async function save(): Promise<void> {
    while (unsaved) {
      const { listing, rows } = unsaved;
      unsaved = null;
      await savePages(run, listing, rows);
    }
    saving = null;
  }
  return {
    async add(listing, rows) {
      if (saving && (unsaved?.rows.length ?? 0) >= ROWS_A_SAVE) await saving;
      unsaved = { listing, rows: [...(unsaved?.rows ?? []), ...rows] };
      saving ??= save();
      // Seen when awaited; until then a failure must not count as unhandled.
      saving.catch(() => undefined);
    },
    async settled() {
      await saving;
    },
  };
}

async function savePages(run: RunUnderWay, listing: Listing, rows: readonly object[]): Promise<void> {
  const { append } = DEFINITIONS[listing.kind];
  const now = run.clock.now();
  if (append) {
    await run.writePages(async (tx) => {
      const { added } = await append(tx, run, rows);
      await addRunCounts(tx, run.run.id, { read: rows.length, added }, listing.kind);
      if (listing.cursor !== null) return saveCursor(tx, run.run.id, listing, now);
      return completeListings(tx, run.run.id, [listing], { keepStaged: false }, now);
    });
  } else {
    await run.writePages((tx) => stagePage(tx, run.run.id, listing, rows, now));
  }
  await run.checkpoint(`saved page ${listing.pages} of ${listing.key}`);
}

/** Forgets what was read of it, and says so. */
export async function restart(run: RunUnderWay, listing: Listing, why: string): Promise<void> {
  await run.write((tx) => restartListing(tx, run.run.id, listing.key, run.clock.now()));
  Object.assign(listing, {
    state: "waiting",
    cursor: null,
    pages: 0,
    rows: 0,
    startedAt: null,
    restarts: listing.restarts + 1,
  });
  run.progress.tell({
    level: "warn",
    event: "listing.restarted",
    message: `${listing.key} is read again from its first page (${why}).`,
    data: { key: listing.key, why, restarts: listing.restarts },
  });
}
