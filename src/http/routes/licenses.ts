import * as api from "../../api/licenses.ts";
import { addLicense } from "../../commands/licenses/add-license.ts";
import { changeLicense, endLicense } from "../../commands/licenses/change-license.ts";
import { forecastRenewal } from "../../commands/licenses/forecast-renewal.ts";
import { toDay } from "../../lib/day.ts";
import { ok, refuse } from "../../lib/result.ts";
import type { LicenseTerms } from "../../model/licenses.ts";
import { bestDayToReclaim, covers, nextBillingEvent, periodOf } from "../../rules/billing/calendar.ts";
import type { TermsFlaw } from "../../rules/licenses/terms.ts";
import { listPriceOf } from "../../rules/list-prices.ts";
import type { Reader } from "../../store/database.ts";
import {
  findLicenseRow,
  licenseList,
  type LicenseRow,
  licenseSavingList,
  licenseVersionList,
} from "../../store/licenses/license-lists.ts";
import { listUncoveredSites } from "../../store/licenses/suggestions.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const licenseHandlers = [
  handle(api.listLicenseSuggestions, async ({ reader, ctx }) => {
    const sites = await listUncoveredSites(reader, toDay(ctx.clock.now()));
    return ok({
      items: sites.map(({ source, ...site }) => {
        const price = listPriceOf(site.edition);
        const metric = source === "confluence-cloud" ? ("monthly-seats" as const) : ("data-center-tier" as const);
        return { ...site, metric, listPriceMinor: price?.priceMinor ?? null, currency: price?.currency ?? null };
      }),
    });
  }),

  handleList(api.listLicenseSavings, async ({ query }) =>
    ok(licenseSavingList({ licenseId: query.licenseId ?? null, siteId: query.siteId ?? null })),
  ),

  handleList(api.listLicenses, async ({ query, ctx }) => {
    const { state = "current", siteId = null, q: search = null } = query;
    const now = ctx.clock.now();
    return ok({
      ...licenseList({ state, today: toDay(now), siteId, search }),
      toItems: async (rows: LicenseRow[]) => rows.map((row) => told(row, now)),
    });
  }),

  handle(api.getLicense, async ({ reader, params, ctx }) => {
    const found = await findLicenseRow(reader, params.licenseId);
    return found ? ok(told(found, ctx.clock.now())) : refuse("no-such-license");
  }),

  handle(api.addLicense, async ({ ctx, body, reader }) => {
    const made = await addLicense(ctx, { ...body, siteIds: sitesOf(body.siteIds) });
    return made.ok ? ok(await read(reader, made.value.id, ctx.clock.now())) : refuse(refusalOf(made.error));
  }),

  handle(api.changeLicense, async ({ ctx, params, body, ifMatch, reader }) => {
    const given = Object.entries(body).filter(([, value]) => value !== undefined);
    const change = Object.fromEntries(given) as Partial<LicenseTerms>;
    if (change.siteIds) change.siteIds = sitesOf(change.siteIds);
    const changed = await changeLicense(ctx, params.licenseId, ifMatch, change);
    if (!changed.ok) return refuse(refusalOf(changed.error));
    return ok(await read(reader, params.licenseId, ctx.clock.now()));
  }),

  handle(api.endLicense, async ({ ctx, params, body, ifMatch, reader }) => {
    const ended = await endLicense(ctx, params.licenseId, ifMatch, body);
    return ended.ok ? ok(await read(reader, params.licenseId, ctx.clock.now())) : refuse(ended.error.code);
  }),

  handleList(api.listLicenseVersions, async ({ reader, params }) => {
    const found = await findLicenseRow(reader, params.licenseId);
    return found ? ok(licenseVersionList(params.licenseId)) : refuse("no-such-license");
  }),

  handle(api.forecastRenewal, async ({ reader, params, query, ctx }) => {
    const license = await findLicenseRow(reader, params.licenseId);
    if (!license) return refuse("no-such-license");
    const now = ctx.clock.now();
    const { currency, noticeOn, metric } = license;
    return ok({
      currency,
      period: periodOf(metric),
      renewalOn:
        metric === "monthly-seats" ? (license.renewalOn ?? license.termEnd) : nextBillingEvent(license, toDay(now)),
      noticeOn,
      bestDayToReclaim: bestDayToReclaim(license, toDay(now)),
      ...(await forecastRenewal(reader, license, query.seats ?? [], now)),
    });
  }),
];

async function read(reader: Reader, id: string, now: Date) {
  const found = await findLicenseRow(reader, id);
  if (!found) throw new Error(`The license ${id} is gone while it is answered.`);
  return told(found, now);
}

/** A license with what its calendar says today. */
function told(row: LicenseRow, now: Date) {
  const today = toDay(now);
  const isIn = covers(row, today);
  const state = isIn ? ("in-force" as const) : today < row.termStart ? ("planned" as const) : ("ended" as const);
  return {
    ...row,
    state,
    nextBillingOn: isIn ? nextBillingEvent(row, today) : null,
    bestDayToReclaim: isIn ? bestDayToReclaim(row, today) : null,
  };
}

/** Each site once, in one order. */
function sitesOf(siteIds: readonly string[]): string[] {
  return [...new Set(siteIds)].toSorted();
}

/** The command's refusal as the contract gives it: what is wrong stands in fields of the body. */
function refusalOf<Code extends string>(refusal: {
  code: Code;
  detail?: string;
  flaws?: readonly TermsFlaw[];
}): { code: Code; detail?: string; errors?: TermsFlaw[] } {
  const { code, detail, flaws } = refusal;
  return {
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(flaws === undefined ? {} : { errors: flaws.map((each) => ({ ...each, field: `body.${each.field}` })) }),
  };
}
