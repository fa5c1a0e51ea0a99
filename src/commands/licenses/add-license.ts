import { addDays, type Day, toDay } from "../../lib/day.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { License, LicenseTerms } from "../../model/licenses.ts";
import { doublyCovered, flawsOfTerms, type TermsFlaw } from "../../rules/licenses/terms.ts";
import type { Tx } from "../../store/database.ts";
import {
  findLicense,
  insertLicense,
  listKnownSites,
  listLicensesEndingAfter,
  lockLicenses,
} from "../../store/licenses/licenses.ts";
import { findOperator } from "../../store/operators.ts";
import type { Context } from "../context.ts";

export type TermsRefusal =
  | { code: "terms-not-right"; flaws: TermsFlaw[] }
  | { code: "name-taken" }
  | { code: "no-such-site" }
  | { code: "no-such-operator" }
  | { code: "site-already-covered"; detail: string };

/** Adds a license, whole or not at all. Billing events before today are not asked about. */
export function addLicense(ctx: Context, terms: LicenseTerms): Promise<Result<License, TermsRefusal>> {
  return ctx.db.transaction(async (tx) => {
    await lockLicenses(tx);
    const refused = await refuseTerms(tx, terms, null, toDay(ctx.clock.now()));
    if (refused) return refuse(refused);
    return ok(await insertAdded(tx, ctx, terms));
  });
}

/** For what has been checked already, inside a transaction that holds the licenses. */
export async function insertAdded(tx: Tx, { clock, actor }: Context, terms: LicenseTerms): Promise<License> {
  const at = clock.now();
  const today = toDay(at);
  const settledTo = terms.termStart < today ? today : addDays(terms.termStart, -1);
  const id = await insertLicense(tx, { ...terms, createdBy: actor.operatorId, settledTo, at });
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "license.added",
    subjectId: id,
    detail: plainOf(terms),
    personal: { name: terms.name, note: terms.note },
  });
  const made = await findLicense(tx, id);
  if (!made) throw new Error(`The license ${id} is gone while it is made.`);
  return made;
}

/** Why these terms cannot be a license, beside the others that hold today or later; null where they can. */
export async function refuseTerms(
  tx: Tx,
  terms: LicenseTerms,
  ownId: string | null,
  today: Day,
): Promise<TermsRefusal | null> {
  const flaws = flawsOfTerms(terms);
  if (flaws.length > 0) return { code: "terms-not-right", flaws };
  const others = (await listLicensesEndingAfter(tx, today)).filter(({ id }) => id !== ownId);
  // The name of one that was ended is free at once.
  const open = others.filter(({ endedOn }) => endedOn === null);
  if (open.some(({ name }) => name.toLowerCase() === terms.name.toLowerCase())) return { code: "name-taken" };
  if ((await listKnownSites(tx, terms.siteIds)).length < new Set(terms.siteIds).size) return { code: "no-such-site" };
  if (terms.ownerId !== null && !(await findOperator(tx, terms.ownerId))) return { code: "no-such-operator" };
  const twice = doublyCovered(terms, others);
  if (!twice) return null;
  const detail = `${twice.siteId} is covered by "${twice.other.name}" (${twice.other.id}) on a day of this term already. Change that one, or end it first.`;
  return { code: "site-already-covered", detail };
}

/** What goes into the journal for good: no names and no free text. */
export function plainOf(terms: LicenseTerms): Record<string, unknown> {
  return Object.fromEntries(PLAIN_FIELDS.map((field) => [field, terms[field]]));
}

const PLAIN_FIELDS = [
  "siteIds",
  "edition",
  "metric",
  "quantity",
  "pricing",
  "currency",
  "termStart",
  "termEnd",
  "billingDay",
  "renewalOn",
  "noticeOn",
  "autoRenew",
  "renewalQuantity",
  "costCenter",
  "ownerId",
] as const satisfies readonly (keyof LicenseTerms)[];
