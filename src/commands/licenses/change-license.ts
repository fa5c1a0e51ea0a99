import { isDeepStrictEqual } from "node:util";
import { type Day, toDay } from "../../lib/day.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { License, LicenseTerms } from "../../model/licenses.ts";
import type { Tx } from "../../store/database.ts";
import { findLicense, lockLicense, lockLicenses, saveLicense } from "../../store/licenses/licenses.ts";
import type { Context } from "../context.ts";
import { plainOf, refuseTerms, type TermsRefusal } from "./add-license.ts";

export type ChangeLicenseRefusal =
  | TermsRefusal
  | { code: "no-such-license" }
  | { code: "stale-revision" }
  | { code: "license-ended" };

/** Changes what is given and leaves the rest. A change that says what is there already makes no revision. */
export function changeLicense(
  ctx: Context,
  licenseId: string,
  revision: number | null,
  change: Partial<LicenseTerms>,
): Promise<Result<License, ChangeLicenseRefusal>> {
  return ctx.db.transaction(async (tx) => {
    await lockLicenses(tx);
    const license = await lockLicense(tx, licenseId);
    const refused = refuseState(license, revision);
    if (refused || !license) return refuse(refused ?? { code: "no-such-license" });
    const next = { ...license, ...change, siteIds: (change.siteIds ?? license.siteIds).toSorted() };
    if (isDeepStrictEqual(next, license)) return ok(license);
    const wrong = await refuseTerms(tx, next, licenseId, toDay(ctx.clock.now()));
    if (wrong) return refuse(wrong);
    return ok(await saveChanged(tx, ctx, next, Object.keys(change)));
  });
}

/** For what has been checked already, inside a transaction that holds the licenses. */
export async function saveChanged(
  tx: Tx,
  { clock, actor }: Context,
  next: License,
  changed: readonly string[],
): Promise<License> {
  await saveLicense(tx, next, actor.operatorId, clock.now());
  const plain = plainOf(next);
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "license.changed",
    subjectId: next.id,
    detail: Object.fromEntries(changed.filter((field) => field in plain).map((field) => [field, plain[field]])),
    personal: { name: next.name, ...(changed.includes("note") ? { note: next.note } : {}) },
  });
  const saved = await findLicense(tx, next.id);
  if (!saved) throw new Error(`The license ${next.id} is gone while it is changed.`);
  return saved;
}

/** Ends a license for good on a day, today unless said otherwise; what it was stays. */
export function endLicense(
  { db, clock, actor }: Context,
  licenseId: string,
  revision: number | null,
  { on, reason }: { on: Day | null; reason: string | null },
): Promise<Result<License, { code: "no-such-license" | "stale-revision" | "license-ended" | "day-too-early" }>> {
  return db.transaction(async (tx) => {
    await lockLicenses(tx);
    const license = await lockLicense(tx, licenseId);
    const refused = refuseState(license, revision);
    if (refused || !license) return refuse(refused ?? { code: "no-such-license" });
    const endedOn = on ?? toDay(clock.now());
    // One that has not begun ends where it would begin, so that it never held.
    if (endedOn < license.termStart && on !== null) return refuse({ code: "day-too-early" });
    const ended = {
      ...license,
      endedOn: endedOn < license.termStart ? license.termStart : endedOn,
      endedReason: reason,
    };
    await saveLicense(tx, ended, actor.operatorId, clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "license.ended",
      subjectId: licenseId,
      detail: { endedOn: ended.endedOn },
      personal: { name: license.name, reason },
    });
    return ok({ ...ended, revision: license.revision + 1, updatedAt: clock.now() });
  });
}

function refuseState(
  license: License | null,
  revision: number | null,
): { code: "no-such-license" | "stale-revision" | "license-ended" } | null {
  if (!license) return { code: "no-such-license" };
  if (license.endedOn !== null) return { code: "license-ended" };
  return revision !== null && revision !== license.revision ? { code: "stale-revision" } : null;
}
