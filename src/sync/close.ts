import { judgeSafeguard, type HeldKind } from "../rules/safeguard.ts";
import type { RunUnderWay } from "./context.ts";
import { closeGone, CLOSED_KINDS, countDifferences, countNotVisible, forgetClosed } from "../store/merge/gone.ts";
import type { UnseenKind } from "../store/merge/unseen.ts";
import { addRunCounts, type HeldDifference } from "../store/runs.ts";

/** Rows closed in one transaction: short enough not to hold up readers' clean-up, long enough to be few. */
export const ROWS_A_CLOSE = 20_000;

/**
 * Lets the safeguard look at each kind as a whole, then closes what is gone of the kinds it lets pass, with the run's
 * one instant. Gives what it held, or null.
 */
export async function closeWhatIsGone(
  run: RunUnderWay,
  currentAccountId: string | null,
): Promise<HeldDifference | null> {
  const differences = await countDifferences(run.db, run.merge);
  const held = judgeSafeguard(differences, run.setup.settings, hasCredentialChanged(run, currentAccountId));
  const heldKinds = new Set<UnseenKind>(held.map((each) => each.kind));
  const released = CLOSED_KINDS.filter((kind) => !heldKinds.has(kind));

  for (const kind of released) {
    let closed: number;
    do {
      run.signal.throwIfAborted();
      closed = await run.write(async (tx) => {
        const rows = await closeGone(tx, run.merge, kind, released, ROWS_A_CLOSE);
        await addRunCounts(tx, run.run.id, { gone: rows }, kind);
        return rows;
      });
      if (closed > 0) await run.checkpoint(`closed ${closed} of ${kind}`);
    } while (closed === ROWS_A_CLOSE);
  }
  await run.write((tx) => forgetClosed(tx, run.merge, released));
  await tellNotVisible(run);
  if (held.length === 0) return null;
  tellHeld(run, held);
  return {
    kinds: Object.fromEntries(held.map(({ kind, known, gone, reason }) => [kind, { known, gone, reason }])),
    currentAccountId,
  };
}

/** A credential that no longer tells whose it is may be another one, and a weaker one. */
function hasCredentialChanged({ setup }: RunUnderWay, currentAccountId: string | null): boolean {
  const known = setup.site.lastAccountIds ?? [];
  return known.length > 0 && (currentAccountId === null || !known.includes(currentAccountId));
}

async function tellNotVisible(run: RunUnderWay): Promise<void> {
  const counts = await countNotVisible(run.db, run.merge);
  const total = counts.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return;
  await run.write((tx) => addRunCounts(tx, run.run.id, { notVisible: total }));
  run.progress.tell({
    level: "warn",
    event: "not-visible",
    message: `No longer visible to this credential, and therefore kept: ${counts.map((each) => `${each.count} ${each.kind}`).join(", ")}.`,
    data: Object.fromEntries(counts.map((each) => [each.kind, each.count])),
  });
}

const REASONS: Record<HeldKind["reason"], string> = {
  "too-many-gone": "more than the safeguard allows at once",
  "none-left": "none would be left",
  "credential-changed": "the account behind the credential changed, or is not told any more",
  "depends-on-held": "what hangs on them is held",
};

function tellHeld(run: RunUnderWay, held: readonly HeldKind[]): void {
  run.progress.tell({
    level: "warn",
    event: "safeguard.held",
    message: `Held until a person decides: ${held
      .map(({ kind, known, gone, reason }) => `${gone} of ${known} ${kind} are gone (${REASONS[reason]})`)
      .join("; ")}.`,
    data: { kinds: held },
  });
}
