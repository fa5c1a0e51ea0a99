import type { Clock } from "../../lib/clock.ts";
import type { Change } from "../../model/changes.ts";
import type { WriteProofStep } from "../../model/write-proofs.ts";
import { type Cursor, type ObservedGroup, type Page, SourceFailure, type SiteSource } from "../../sources/source.ts";

/** Atlassian, Organizations API: changes are seen up to 30 s later. */
const READS_MAX = 16;
const READ_EVERY_MS = 2_000;
/** No directory has more groups than this in pages of 200 (FACTS §6: 250,000). */
const PAGES_MAX = 1_300;

/** How far a proof came; given to `save` after each step. */
export interface Progress {
  steps: WriteProofStep[];
  groupSourceId: string | null;
  mayBeLeft: boolean;
}

export interface Trial {
  site: Required<Pick<SiteSource, "writer">> & SiteSource;
  /** The account behind the credential: nobody else's access is touched. */
  accountSourceId: string;
  groupName: string;
  clock: Clock;
  progress: Progress;
  save(): Promise<void>;
}

/** Makes a group, puts the credential's own account into it and takes it out, and deletes it; throws what failed. */
export async function tryWriting(trial: Trial, signal: AbortSignal): Promise<void> {
  const { site, groupName, accountSourceId, progress } = trial;
  await step(trial, "Make a temporary group", async () => {
    const made = await makeOrDoubt(trial, { kind: "create-group", name: groupName }, signal).catch(
      (thrown: unknown) => {
        // Refused for sure, or never sent: there is nothing to clean up.
        progress.mayBeLeft = false;
        throw thrown;
      },
    );
    progress.groupSourceId = made.createdSourceId;
    const took = await readUntil(trial, async () => (await findTheGroup(trial, signal)) !== null, signal);
    return `"${groupName}" was read back${afterWords(took)}.`;
  });
  const groupSourceId = progress.groupSourceId ?? "";
  const isMember = async () => {
    const { groups } = await site.writer.readAccess(accountSourceId, ["groups"], signal);
    return groups?.some(({ sourceId }) => sourceId === groupSourceId) ?? false;
  };
  await step(trial, "Add the credential's own account", async () => {
    await makeOrDoubt(trial, { kind: "add-member", groupSourceId, accountSourceId }, signal);
    return `The membership was read back${afterWords(await readUntil(trial, isMember, signal))}.`;
  });
  await step(trial, "Remove it again", async () => {
    await makeOrDoubt(trial, { kind: "remove-member", groupSourceId, accountSourceId }, signal);
    const took = await readUntil(trial, async () => !(await isMember()), signal);
    return `That it is gone was read back${afterWords(took)}.`;
  });
  await step(trial, "Delete the group", async () => {
    await deleteTheGroup(trial, signal);
    return "That it is gone was read back.";
  });
}

/**
 * Deletes what is left of a trial: the group of its name, and no other. Says what was done, in words; null: there was
 * nothing. Throws where it may still be there.
 */
export async function cleanUp(trial: Trial, signal: AbortSignal): Promise<string | null> {
  const found = await findTheGroup(trial, signal);
  if (found) await deleteTheGroup(trial, signal);
  trial.progress.mayBeLeft = false;
  return found ? `The temporary group "${trial.groupName}" was deleted.` : null;
}

async function deleteTheGroup(trial: Trial, signal: AbortSignal): Promise<void> {
  const { progress } = trial;
  const groupSourceId = progress.groupSourceId ?? "";
  await makeOrDoubt(trial, { kind: "delete-group", groupSourceId }, signal);
  await readUntil(trial, async () => (await findTheGroup(trial, signal)) === null, signal);
  progress.mayBeLeft = false;
}

/** The group only if it bears the name of this trial. By its id, or by its name where nobody told the id. */
async function findTheGroup(trial: Trial, signal: AbortSignal): Promise<ObservedGroup | null> {
  const { site, groupName, progress } = trial;
  const isOurs = (group: ObservedGroup) => group.name.toLowerCase() === groupName;
  if (progress.groupSourceId !== null) {
    const group = await site.findGroup(progress.groupSourceId, signal);
    return group && isOurs(group) ? group : null;
  }
  let cursor: Cursor = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read: Page<ObservedGroup> = await site.readGroups(cursor, signal);
    const group = read.rows.find(isOurs);
    if (group) progress.groupSourceId = group.sourceId;
    if (group || read.next === null) return group ?? null;
    cursor = read.next;
  }
  return null;
}

/** Without a clear answer what is read decides; it is sent once either way. */
async function makeOrDoubt(
  { site }: Trial,
  change: Change,
  signal: AbortSignal,
): Promise<{ createdSourceId: string | null }> {
  try {
    return await site.writer.make(change, signal);
  } catch (thrown) {
    if (thrown instanceof SourceFailure && thrown.code === "source.uncertain") return { createdSourceId: null };
    throw thrown;
  }
}

/** Reads until it is so; answers after how many milliseconds. Throws once it should have been seen long ago. */
async function readUntil({ clock }: Trial, isSo: () => Promise<boolean>, signal: AbortSignal): Promise<number> {
  const from = clock.now().getTime();
  for (let read = 1; ; read += 1) {
    if (await isSo()) return clock.now().getTime() - from;
    if (read === READS_MAX) break;
    await clock.sleep(READ_EVERY_MS, signal);
  }
  throw new SourceFailure("A change was not seen when it was read back.", {
    code: "source.uncertain",
    publicMessage: "The change could not be seen for half a minute after it was sent.",
    fix: "Look into the source's own audit log whether it was made.",
    capability: "reclaim",
  });
}

async function step(trial: Trial, name: string, run: () => Promise<string>): Promise<void> {
  const { clock, progress } = trial;
  const from = clock.now().getTime();
  const note = async (outcome: WriteProofStep["outcome"], detail: string) => {
    progress.steps.push({ name, outcome, detail, tookMs: clock.now().getTime() - from });
    await trial.save();
  };
  try {
    await note("passed", await run());
  } catch (thrown) {
    if (thrown instanceof SourceFailure) await note("failed", thrown.publicMessage);
    throw thrown;
  }
}

function afterWords(ms: number): string {
  return ms < 1_000 ? "" : ` after ${Math.round(ms / 1_000)} s`;
}
