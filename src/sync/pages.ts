import { completeListings, type Listing, restartListing, saveCursor, stagePage } from "../store/listings.ts";
import { addRunCounts } from "../store/runs.ts";
import type { RunUnderWay } from "./context.ts";
import { DEFINITIONS } from "./kinds.ts";
import type { Writer } from "./writer.ts";

/** What was staged longer ago than this is from another state of the site (ARCHITECTURE §7). */
const STAGED_AGE_MAX_MS = 15 * 60_000;
/** No listing of a site is near this long; a source's own ceiling comes first. */
const PAGES_MAX = 20_000;

/** Reads from where the listing stands to its end. The next page is asked for while this one is being saved. */
export async function readPages(run: RunUnderWay, listing: Listing, writer: Writer): Promise<void> {
  const definition = DEFINITIONS[listing.kind];
  if (listing.startedAt && run.clock.now().getTime() - listing.startedAt.getTime() > STAGED_AGE_MAX_MS) {
    if (definition.mode !== "append") await restart(run, listing, "staged-too-long-ago");
  }
  if (listing.pages > 0 && listing.cursor === null) return writer.add(listing, null);

  let saving: Promise<void> = Promise.resolve();
  try {
    for (let pages = listing.pages; pages < PAGES_MAX; pages += 1) {
      const { rows, next } = await definition.read(run, listing, run.signal);
      await saving;
      run.progress.read(listing.kind, rows.length);
      listing.startedAt ??= run.clock.now();
      listing.pages += 1;
      listing.rows += rows.length;
      listing.cursor = next;
      listing.state = "reading";
      if (listing.pages === 1 && next === null && definition.mode === "set") return await writer.add(listing, rows);

      saving = savePage(run, { ...listing }, rows);
      // Seen when awaited below; until then a failure must not count as unhandled.
      saving.catch(() => undefined);
      if (next !== null) continue;
      await saving;
      return definition.mode === "append" ? undefined : await writer.add(listing, null);
    }
  } finally {
    // A page that is still being saved must not land after the listing was given up.
    await saving.catch(() => undefined);
  }
  throw new Error(`Listing ${listing.key} has no end within ${PAGES_MAX} pages.`);
}

async function savePage(run: RunUnderWay, listing: Listing, rows: readonly object[]): Promise<void> {
  const { append } = DEFINITIONS[listing.kind];
  const now = run.clock.now();
  if (append) {
    await run.writeFacts(async (tx) => {
      const { added } = await append(tx, run, rows);
      await addRunCounts(tx, run.run.id, { read: rows.length, added });
      if (listing.cursor !== null) return saveCursor(tx, run.run.id, listing, now);
      return completeListings(tx, run.run.id, [listing], { keepStaged: false }, now);
    });
  } else {
    await run.write((tx) => stagePage(tx, run.run.id, listing, rows, now));
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
