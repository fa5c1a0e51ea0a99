import { isTooMuch, judgeHints, type LookAgain, type Untold } from "../rules/delta.ts";
import { isDirectoryTold, listHints, listNamedAccounts, listNamedGroups, listNamedSpaces } from "../store/hints.ts";
import { countListings, isListingComplete } from "../store/listings.ts";
import { listAccountBatchesToRead, listBatchesToAsk } from "../store/merge/plan.ts";
import type { RunUnderWay } from "./context.ts";
import {
  AUDIT_KEY,
  nestingsOfGroups,
  planned,
  plannedBatches,
  rightsOfSpaces,
  triesRoles,
  type Planned,
} from "./plan.ts";

/** Everybody's status is asked for only where that is so few calls of 100 accounts. */
const STATUS_BATCHES_MAX = 10;

/**
 * What a delta run reads because of what the audit log names and what it knows by now. Asked again whenever nothing is
 * left to read: who was met for the first time in a small group may be whom the log named in a large one.
 */
export async function followHints(run: RunUnderWay): Promise<Planned[]> {
  if (!(await isListingComplete(run.db, run.run.id, "audit-activity"))) return [];
  const look = await judge(run);
  if (isTooMuch(look)) return [];
  const whole = (kind: Planned["kind"]): Planned => ({ key: kind, kind, scope: null });
  const everybody = look.allStatuses ? await listAccountBatchesToRead(run.db, run.merge) : [];
  // In one call with everybody's: an account is asked for once.
  const some = everybody.length > 0 ? [] : await listBatchesToAsk(run.db, run.merge, look.accounts);
  return [
    ...plannedBatches([...everybody, ...some]),
    ...(look.allAccounts ? [whole("accounts")] : []),
    ...(look.allGroups ? [whole("groups")] : []),
    ...planned("group-by-id", look.groups),
    ...planned("memberships", look.membersOf),
    ...nestingsOfGroups(run, look.nestingsOf),
    ...planned("groups-of-account", look.groupsOf),
    ...(look.productAccess ? planned("product-access", ["user", "admin"]) : []),
    ...(look.allSpaces ? [whole("spaces")] : []),
    ...planned("space-by-id", look.spaces),
    ...rightsOfSpaces(run, look.rightsOf),
    ...(look.roles && triesRoles(run) ? [whole("space-roles")] : []),
  ];
}

/** Says in the log what the run looked at again, or why it looked at nothing, and what it leaves to the next full run. */
export async function tellDelta(run: RunUnderWay): Promise<void> {
  const { db, setup, auditSince, progress } = run;
  const leaves = (event: string, message: string, data: Record<string, unknown> = {}) =>
    progress.tell({ level: "warn", event, message: `${message} The next full run tells.`, data });
  if (!setup.capabilities.includes("activity")) {
    return leaves("delta.not-followed", "Activity is not read on this connection, so its audit log was not followed.");
  }
  if (!auditSince) return leaves("delta.nothing-known", "There is nothing yet that changes could be followed from.");
  const totals = await countListings(db, run.run.id);
  if (!(await isListingComplete(db, run.run.id, "audit-activity"))) {
    return leaves("delta.no-audit-log", "The audit log could not be read, so nothing was looked at again.");
  }
  const look = await judge(run);
  if (isTooMuch(look)) {
    return leaves("delta.too-much", "More was changed than a run of changes looks at, so nothing was looked at again.");
  }
  for (const each of look.untold) leaves(`delta.${each.why}`, WORDS[each.why], { change: each.change });
  const looked = totals.filter(({ kind, listings }) => kind !== "audit-activity" && listings > 0);
  const counts = looked.map(({ kind, listings }) => `${listings} ${kind}`).join(", ");
  progress.tell({
    level: "info",
    event: "delta.looked-again",
    message: `Since ${auditSince.toISOString()} the audit log names ${counts === "" ? "nothing to look at again" : counts}.`,
    data: { since: auditSince.toISOString(), ...Object.fromEntries(looked.map((each) => [each.kind, each.listings])) },
  });
}

const WORDS: Record<Untold["why"], string> = {
  "names-nobody": "The audit log records a change without naming whom it concerns.",
  "unknown-account": "The audit log names somebody in a large group by a name that no known account has.",
};

async function judge(run: RunUnderWay): Promise<LookAgain> {
  const { db, merge, setup, source } = run;
  const { siteId } = merge;
  const hints = await listHints(db, run.run.id, AUDIT_KEY);
  const named = (type: "account" | "group" | "space") => {
    const objects = hints.flatMap((each) => each.objects).filter((each) => each.type === type);
    return {
      siteId,
      sourceIds: objects.flatMap((each) => each.sourceId ?? []),
      names: objects.filter((each) => each.sourceId === null).map((each) => each.name),
    };
  };
  const isOutranked = !merge.isDirectoryLost && (await isDirectoryTold(db, siteId));
  return judgeHints(hints, {
    groups: await listNamedGroups(db, named("group")),
    spaces: await listNamedSpaces(db, named("space")),
    accounts: await listNamedAccounts(db, named("account")),
    canAskEverybody: !isOutranked && (await listAccountBatchesToRead(db, merge)).length <= STATUS_BATCHES_MAX,
    readsRights: setup.capabilities.includes("permissions"),
    canNest: source.abilities.listings.subgroups === null,
    isAccessListed: setup.site.source === "confluence-data-center",
  });
}
