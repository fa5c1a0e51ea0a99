import type { Page } from "../sources/source.ts";
import { SourceFailure } from "../sources/source.ts";
import {
  forgetDependents,
  judgeUnseen,
  listMissing,
  listMissingMembers,
  listScopesOfMissingMembers,
  listScopesOfMissingNestings,
  listScopesOfMissingRights,
  type MissingScope,
} from "../store/merge/gone.ts";
import type { UnseenKind } from "../store/merge/unseen.ts";
import type { RunUnderWay } from "./context.ts";
import { effectOf } from "./failures.ts";

/** Ids that one call by id answers, and objects judged in one transaction. */
const BATCH = 100;
/** Members on one page; decides whether asking each account or listing the group again is cheaper. */
const MEMBERS_A_PAGE = 200;
/** No listing that is read again is longer; the source's own ceiling comes first. */
const PAGES_MAX = 20_000;
/** Looked at with the credentials of the run's own connection, which reads the roster; the rest may be another one's. */
const OF_ROSTER: readonly UnseenKind[] = ["accounts", "groups", "memberships", "group-nestings", "product-access"];
/** The audit log is asked at most this far back (FACTS §3: one year at most). */
const DELETED_SINCE_MS = 365 * 24 * 3_600_000;

/**
 * Looks at everything that complete listings no longer showed, at the object itself where the source has it, and judges
 * it: seen after all, gone, or not visible to this credential. Gives how many looks failed; what they were for stays as
 * it is, and closes nothing.
 */
export async function lookAgain(run: RunUnderWay): Promise<number> {
  const looks = { failed: 0 };
  await lookAtAccounts(run, looks);
  await lookAtGroups(run, looks);
  await lookAtSpaces(run, looks);
  await run.write((tx) => forgetDependents(tx, run.merge));
  await lookAtMemberships(run, looks);
  await lookAtNestings(run, looks);
  await lookAtRights(run, "space-permissions", looks);
  await lookAtRights(run, "role-assignments", looks);
  await lookAtProductAccess(run, looks);
  await lookAtRoles(run, looks);
  return looks.failed;
}

interface Looks {
  failed: number;
}

async function lookAtAccounts(run: RunUnderWay, looks: Looks): Promise<void> {
  await eachBatch(run, "accounts", BATCH, async (batch) => {
    const seen = await attempt(run, looks, "accounts", batch, () =>
      run.source.readAccountsById(
        batch.map((each) => each.sourceId ?? ""),
        run.signal,
      ),
    );
    if (!seen) return;
    const open = new Set(seen.filter((each) => each.status !== "closed").map((each) => each.sourceId));
    const isOpen = (each: { sourceId: string | null }) => open.has(each.sourceId ?? "");
    await judge(run, "accounts", batch.filter(isOpen), "seen", "");
    await judge(
      run,
      "accounts",
      batch.filter((each) => !isOpen(each)),
      "gone",
      "The source no longer knows the account, or says that it is closed.",
    );
  });
}

async function lookAtGroups(run: RunUnderWay, looks: Looks): Promise<void> {
  await eachBatch(run, "groups", BATCH, (batch) =>
    inParallel(run, batch, async (missing) => {
      const found = await attempt(run, looks, "groups", [missing], () =>
        run.source.findGroup(missing.sourceId ?? "", run.signal),
      );
      if (found === undefined) return;
      await judge(run, "groups", [missing], found ? "seen" : "gone", "The source says that there is no such group.");
    }),
  );
}

async function lookAtSpaces(run: RunUnderWay, looks: Looks): Promise<void> {
  await eachBatch(run, "spaces", BATCH, async (batch) => {
    const hidden: typeof batch = [];
    await inParallel(run, batch, async (missing) => {
      const found = await attempt(run, looks, "spaces", [missing], () =>
        run.source.findSpace(missing.sourceId ?? "", run.signal),
      );
      if (found) await judge(run, "spaces", [missing], "seen", "");
      else if (found === null) hidden.push(missing);
    });
    if (hidden.length === 0) return;
    const since = deletedSince(run);
    const named = hidden.map((each) => ({ sourceId: each.sourceId ?? "", key: each.key ?? "", name: each.name ?? "" }));
    const deleted = await attempt(run, looks, "spaces", hidden, () =>
      run.source.findDeletedSpaces(named, since, run.signal),
    );
    if (deleted === undefined) return;
    // 404 says "gone" and "hidden" alike; only the audit log tells which, by id, or by key where it has no id.
    const isDeleted = (each: (typeof hidden)[number]) =>
      deleted !== null && [each.sourceId, each.key, each.name].some((name) => name !== null && deleted.has(name));
    await judge(run, "spaces", hidden.filter(isDeleted), "gone", "The audit log records that the space was deleted.");
    await judge(
      run,
      "spaces",
      hidden.filter((each) => !isDeleted(each)),
      "not-visible",
      deleted === null
        ? "The source answers as if it were not there, and no audit log tells whether it was deleted."
        : "The source answers as if it were not there, but no deletion is recorded: this credential may no longer see it.",
    );
  });
}

/** A delta run looks only at what the log has named since. */
function deletedSince({ run, merge, auditSince }: RunUnderWay): Date {
  if (run.scope === "delta" && auditSince) return auditSince;
  return new Date(merge.observedAt.getTime() - DELETED_SINCE_MS);
}

async function lookAtMemberships(run: RunUnderWay, looks: Looks): Promise<void> {
  const scopes = await listScopesOfMissingMembers(run.db, run.merge);
  await inParallel(run, scopes, async (group) => {
    const missing = await listMissingMembers(run.db, run.merge, group.scope);
    const pagesOfGroup = Math.max(1, Math.ceil((group.held - group.missing) / MEMBERS_A_PAGE));
    const present = new Set<string>();
    const asked = await attempt(run, looks, "memberships", missing, async () => {
      if (missing.length <= pagesOfGroup) return askAccounts(run, group, missing, present);
      // A group that vanished answers like an empty one (TRAPS §3), so an empty answer asks for the group itself.
      const members = (cursor: string | null) =>
        run.source.readMembers(group.sourceId, cursor, { withAccess: false, expectsMembers: false }, run.signal);
      for await (const member of rowsOf(run, members)) present.add(member.sourceId);
      if (present.size === 0 && !(await run.source.findGroup(group.sourceId, run.signal))) {
        await run.write((tx) =>
          judgeUnseen(
            tx,
            run.merge,
            "memberships",
            missing.map((each) => each.subject),
            "gone",
            "The group is gone.",
          ),
        );
      }
      return true;
    });
    if (!asked) return;
    await judge(
      run,
      "memberships",
      missing.filter((each) => present.has(each.sourceId)),
      "seen",
      "",
    );
    await judge(
      run,
      "memberships",
      missing.filter((each) => !present.has(each.sourceId)),
      "gone",
      "Looked at a second time, it was not there.",
    );
  });
}

async function askAccounts(
  run: RunUnderWay,
  group: MissingScope,
  missing: readonly { sourceId: string }[],
  present: Set<string>,
): Promise<true> {
  for (const { sourceId } of missing) {
    const groups = (cursor: string | null) => run.source.readGroupsOfAccount(sourceId, cursor, run.signal);
    for await (const each of rowsOf(run, groups)) {
      if (each.sourceId === group.sourceId) present.add(sourceId);
    }
  }
  return true;
}

async function lookAtRights(
  run: RunUnderWay,
  kind: "space-permissions" | "role-assignments",
  looks: Looks,
): Promise<void> {
  const scopes = await listScopesOfMissingRights(run.db, run.merge, kind);
  await inParallel(run, scopes, async ({ scope, sourceId }) => {
    const missing = await listAllOf(run, kind, scope);
    const present = new Set<string>();
    const read = (cursor: string | null): Promise<Page<{ principalType: string; principalId: string }>> =>
      kind === "space-permissions"
        ? run.source.readSpacePermissions(sourceId, cursor, run.signal)
        : run.source.readRoleAssignments(sourceId, cursor, run.signal);
    const asked = await attempt(run, looks, kind, missing, async () => {
      for await (const each of rowsOf(run, read)) present.add(`${scope}|${each.principalType}|${each.principalId}`);
      return true;
    });
    if (!asked) return;
    await judge(
      run,
      kind,
      missing.filter((each) => present.has(each.subject)),
      "seen",
      "",
    );
    await judge(
      run,
      kind,
      missing.filter((each) => !present.has(each.subject)),
      "gone",
      "Looked at a second time, it was not there.",
    );
  });
}

async function lookAtNestings(run: RunUnderWay, looks: Looks): Promise<void> {
  const scopes = await listScopesOfMissingNestings(run.db, run.merge);
  await inParallel(run, scopes, async ({ scope, sourceId }) => {
    const missing = await listAllOf(run, "group-nestings", scope);
    const present = new Set<string>();
    const asked = await attempt(run, looks, "group-nestings", missing, async () => {
      const read = (cursor: string | null) => run.source.readSubgroups(sourceId, cursor, run.signal);
      for await (const group of rowsOf(run, read)) present.add(group.sourceId);
      return true;
    });
    if (!asked) return;
    const isPresent = (each: Missing) => present.has(each.sourceId ?? "");
    await judge(run, "group-nestings", missing.filter(isPresent), "seen", "");
    await judge(
      run,
      "group-nestings",
      missing.filter((each) => !isPresent(each)),
      "gone",
      "Looked at a second time, it was not there.",
    );
  });
}

async function lookAtProductAccess(run: RunUnderWay, looks: Looks): Promise<void> {
  for (const access of ["user", "admin"] as const) {
    const missing = await listAllOf(run, "product-access", access);
    if (missing.length === 0) continue;
    const present = new Set<string>();
    const asked = await attempt(run, looks, "product-access", missing, async () => {
      const read = (cursor: string | null) => run.source.readProductAccessGroups(access, cursor, run.signal);
      for await (const group of rowsOf(run, read)) present.add(group.sourceId);
      return true;
    });
    if (!asked) continue;
    await judge(
      run,
      "product-access",
      missing.filter((each) => present.has(each.sourceId ?? "")),
      "seen",
      "",
    );
    await judge(
      run,
      "product-access",
      missing.filter((each) => !present.has(each.sourceId ?? "")),
      "gone",
      "The group no longer gives the product.",
    );
  }
}

async function lookAtRoles(run: RunUnderWay, looks: Looks): Promise<void> {
  const missing = await listAllOf(run, "space-roles", null);
  if (missing.length === 0) return;
  const present = new Set<string>();
  const asked = await attempt(run, looks, "space-roles", missing, async () => {
    for await (const role of rowsOf(run, (cursor) => run.source.readSpaceRoles(cursor, run.signal)))
      present.add(role.sourceId);
    return true;
  });
  if (!asked) return;
  await judge(
    run,
    "space-roles",
    missing.filter((each) => present.has(each.sourceId ?? "")),
    "seen",
    "",
  );
  await judge(
    run,
    "space-roles",
    missing.filter((each) => !present.has(each.sourceId ?? "")),
    "gone",
    "The catalog of roles no longer has it.",
  );
}

/**
 * Undefined when the look failed. What may not be looked at is not visible to this credential; what could not be
 * looked at now stays missing, and the next run looks again.
 */
async function attempt<T>(
  run: RunUnderWay,
  looks: Looks,
  kind: UnseenKind,
  subjects: readonly { subject: string }[],
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SourceFailure) || run.signal.aborted) throw error;
    const isReadByAnother = run.setup.readByOthers.length > 0 && !OF_ROSTER.includes(kind);
    const effect = effectOf(error, null, { isReadByAnother });
    if (effect === "stops-run") throw error;
    if (effect === "not-allowed") {
      await judge(run, kind, subjects, "not-visible", `It may not be looked at: ${error.publicMessage}`);
      return undefined;
    }
    looks.failed += 1;
    run.progress.tell({
      level: "error",
      event: "second-look.failed",
      message: `What was missing of ${kind} could not be looked at again: ${error.publicMessage} ${error.fix}`,
      data: { kind, code: error.code, objects: subjects.length },
    });
    return undefined;
  }
}

async function judge(
  run: RunUnderWay,
  kind: UnseenKind,
  judged: readonly { subject: string }[],
  verdict: "gone" | "not-visible" | "seen",
  reason: string,
): Promise<void> {
  if (judged.length === 0) return;
  const subjects = judged.map((each) => each.subject);
  await run.write((tx) => judgeUnseen(tx, run.merge, kind, subjects, verdict, reason));
}

type Missing = Awaited<ReturnType<typeof listMissing>>[number];

async function eachBatch(
  run: RunUnderWay,
  kind: UnseenKind,
  size: number,
  work: (batch: Missing[]) => Promise<void>,
): Promise<void> {
  let after = "";
  for (;;) {
    const batch = await listMissing(run.db, run.merge, kind, after, null, size);
    const last = batch.at(-1);
    if (!last) return;
    await work(batch);
    after = last.subject;
  }
}

/** Everything missing of one scope: as much as one listing holds. */
async function listAllOf(run: RunUnderWay, kind: UnseenKind, scope: string | null): Promise<Missing[]> {
  return listMissing(run.db, run.merge, kind, "", scope, null);
}

async function* rowsOf<Row>(
  run: RunUnderWay,
  read: (cursor: string | null) => Promise<Page<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    run.signal.throwIfAborted();
    const page: Page<Row> = await read(cursor);
    yield* page.rows;
    if (page.next === null) return;
    cursor = page.next;
  }
  throw new Error(`A second look has no end within ${PAGES_MAX} pages.`);
}

/** As many at once as the run may. The first failure stops the rest. */
async function inParallel<T>(run: RunUnderWay, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let position = 0;
  const worker = async () => {
    for (let item = items[position++]; item !== undefined; item = items[position++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(run.concurrencyMax, items.length) }, worker));
}
