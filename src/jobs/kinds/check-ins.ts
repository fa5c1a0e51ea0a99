import { askHolder, type AskOutcome, type LookedUpUse } from "../../commands/candidates/ask-holder.ts";
import { endWait } from "../../commands/candidates/end-wait.ts";
import { remindHolder } from "../../commands/candidates/remind-holder.ts";
import { tellReclaimed } from "../../commands/candidates/tell-reclaimed.ts";
import type { Context } from "../../commands/context.ts";
import { messageOf } from "../../lib/errors.ts";
import {
  type CandidateToAsk,
  listOverdue,
  listToAsk,
  listToRemind,
  listUntold,
} from "../../store/candidates/waiting.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import type { JobEnd, JobKind, JobParts, JobWork } from "../kinds.ts";

export const CHECK_INS = "check-ins";

type SiteSource = Awaited<ReturnType<JobParts["openSite"]>>;

/** A seat is asked about without a look of its own where the source does not answer within this. */
const LOOK_MS_MAX = 30_000;
/** How far back a look goes for a seat of which no use is known. */
const LOOK_DAYS = 90;

/** Ends waits that are over, reminds, tells whose seat was taken, and asks the next ones; each candidate in a transaction of its own. */
export const checkIns: JobKind = {
  kind: CHECK_INS,
  name: "Ask and remind",
  cron: "*/10 * * * *",
  followsRuns: false,
  async execute(parts, _result, signal) {
    if (await findRestoredCopy(parts.db)) return { state: "skipped", message: "A restored copy asks nobody." };
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    const context = contextOf(parts);
    for (const state of ["asking", "deciding"] as const) {
      for (const id of await listOverdue(parts.db, state, parts.clock.now())) {
        signal.throwIfAborted();
        count(await endWait(context, id));
      }
    }
    for (const id of await listToRemind(parts.db, parts.clock.now())) {
      signal.throwIfAborted();
      if (await remindHolder(context, id)) count("reminded");
    }
    for (const id of await listUntold(parts.db, parts.clock.now())) {
      signal.throwIfAborted();
      if (await tellReclaimed(context, id)) count("told");
    }
    for (const [siteId, candidates] of Map.groupBy(
      await listToAsk(parts.db, parts.clock.now()),
      (each) => each.siteId,
    )) {
      await askAtSite(parts, siteId, candidates, signal, count);
    }
    return endOf(counts);
  },
};

function contextOf({ db, clock, secrets }: JobParts): Context {
  return { db, clock, secrets, actor: { operatorId: "system", through: "job" } };
}

/** Each is looked at once more before it is asked: what runs read may be hours old. */
async function askAtSite(
  parts: JobWork,
  siteId: string,
  candidates: readonly CandidateToAsk[],
  signal: AbortSignal,
  count: (what: AskOutcome) => void,
): Promise<void> {
  const site = await openForLook(parts, siteId);
  try {
    for (const candidate of candidates) {
      signal.throwIfAborted();
      const lookedUp = await look(parts, site, candidate, signal);
      count(await askHolder(contextOf(parts), candidate.id, lookedUp));
    }
  } finally {
    site?.close();
  }
}

/** Null: the site cannot be reached now. A question harms nobody, so it is asked on what is known. */
async function openForLook({ openSite, log }: JobParts, siteId: string): Promise<SiteSource | null> {
  try {
    return await openSite(siteId);
  } catch (error) {
    log.warn({ siteId, error: messageOf(error) }, "seats are asked about without looking at their use once more");
    return null;
  }
}

async function look(
  { clock, log }: JobParts,
  site: SiteSource | null,
  { id, accountSourceId, lastUsedAt }: CandidateToAsk,
  signal: AbortSignal,
): Promise<LookedUpUse | null> {
  if (!site?.readLatestUse) return null;
  const at = clock.now();
  const since = lastUsedAt ?? new Date(at.getTime() - LOOK_DAYS * 86_400_000);
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS_MAX)]);
    return { at, uses: await site.readLatestUse(accountSourceId, since, bounded) };
  } catch (error) {
    if (signal.aborted) throw error;
    log.warn({ candidateId: id, error: messageOf(error) }, "the use of a seat could not be looked up");
    return null;
  }
}

const WORDS: readonly [outcome: string, says: string][] = [
  ["asked", "asked"],
  ["reminded", "reminded"],
  ["told", "told that they were taken"],
  ["escalated", "handed to a decider"],
  ["scheduled", "scheduled"],
  ["kept", "kept"],
  ["canceled", "canceled, because they were used"],
  ["excluded", "excluded"],
  ["attention", "waiting for somebody to look"],
];

function endOf(counts: ReadonlyMap<string, number>): JobEnd {
  const said = WORDS.filter(([outcome]) => counts.has(outcome)).map(
    ([outcome, says]) => `${counts.get(outcome)} ${says}`,
  );
  return { state: "succeeded", message: said.length > 0 ? `Seats: ${said.join(", ")}.` : "Nothing was due." };
}
