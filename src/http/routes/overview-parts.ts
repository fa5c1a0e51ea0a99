import * as api from "../../api/overview-parts.ts";
import { readPosition } from "../../commands/position/compute-position.ts";
import { addDays, toDay } from "../../lib/day.ts";
import { ok } from "../../lib/result.ts";
import type { License } from "../../model/licenses.ts";
import { covers, type Scope } from "../../model/scopes.ts";
import { nextRenewal } from "../../rules/billing/calendar.ts";
import { explainMoney } from "../../rules/overview/explain.ts";
import { moneyOverview } from "../../rules/overview/money.ts";
import { forecastSeats } from "../../rules/overview/seat-forecast.ts";
import type { Reader } from "../../store/database.ts";
import { listLicensesInForce } from "../../store/licenses/licenses.ts";
import { listSiteEditions } from "../../store/licenses/site-editions.ts";
import { readSetupFacts } from "../../store/overview/checklist.ts";
import { countWaiting, type NeedKind, type Waiting } from "../../store/overview/needs-you.ts";
import { sumSavedSince } from "../../store/overview/saved.ts";
import { listSeatTrend } from "../../store/overview/seat-trend.ts";
import { listSyncHealth } from "../../store/overview/sync-health.ts";
import { handle } from "../route.ts";

/** A year with today. */
const TREND_DAYS = 365;
const HOUR_MS = 3_600_000;

export const overviewPartHandlers = [
  handle(api.getOverviewMoney, async ({ ctx, reader }) => {
    const now = ctx.clock.now();
    const [{ lines, dataAsOf }, sites, savedThisYear] = await Promise.all([
      readPosition(reader, now),
      listSiteEditions(reader),
      sumSavedSince(reader, `${toDay(now).slice(0, 4)}-01-01`),
    ]);
    const names = new Map(sites.map(({ id, name }) => [id, name]));
    const money = moneyOverview(lines);
    return ok({
      ...money,
      savedThisYear,
      how: explainMoney(money),
      sites: money.sites.map((each) => ({ ...each, site: names.get(each.siteId) ?? each.siteId })),
      dataAsOf,
    });
  }),

  handle(api.getOverviewTrend, async ({ ctx, reader, query: { siteId = null } }) => {
    const today = toDay(ctx.clock.now());
    const [points, licenses] = await Promise.all([
      listSeatTrend(reader, { siteId, from: addDays(today, -TREND_DAYS), to: today }),
      listLicensesInForce(reader, today, siteId === null ? undefined : [siteId]),
    ]);
    return ok({ points, forecast: forecastSeats(points), renewals: renewalsOf(licenses, today) });
  }),

  handle(api.getNeedsYou, async ({ ctx, reader, caller, services }) => {
    const now = ctx.clock.now();
    const seen = NEEDS.filter(({ scope }) => covers(caller.scopes, scope));
    const counted = await Promise.all(
      seen.map(async (need) => ({ need, waiting: await countWaiting(reader, need.kind, now) })),
    );
    const items = counted.filter(({ waiting }) => waiting.count > 0).map(({ need, waiting }) => itemOf(need, waiting));
    const setup = covers(caller.scopes, "inventory:read") ? await checklist(reader, services.isMailSet) : null;
    return ok({ items: setup && setup.done < setup.of ? [setupItem(setup), ...items] : items });
  }),

  handle(api.getSetupChecklist, async ({ reader, services }) => ok(await checklist(reader, services.isMailSet))),

  handle(api.getSyncHealth, async ({ ctx, reader }) => {
    const now = ctx.clock.now().getTime();
    const rows = await listSyncHealth(reader);
    return ok({
      sites: rows.map(({ staleAfterHours, ...row }) => ({
        ...row,
        isStale: row.lastSyncedAt !== null && now - row.lastSyncedAt.getTime() > staleAfterHours * HOUR_MS,
      })),
    });
  }),
];

function renewalsOf(licenses: readonly License[], today: string) {
  return licenses
    .flatMap((license) => {
      const on = nextRenewal(license, today);
      if (on === null || on > addDays(today, TREND_DAYS)) return [];
      const { id: licenseId, name, noticeOn, quantity } = license;
      return [{ licenseId, license: name, on, noticeOn, quantity }];
    })
    .toSorted((a, b) => (a.on < b.on ? -1 : 1));
}

interface Need {
  kind: NeedKind;
  level: "problem" | "decision" | "note";
  /** Who may see it. */
  scope: Scope;
  /** Where all of them are; `one` where there is a page for a single one. */
  href: string;
  one?(id: string): string;
}

/** Most urgent first: what stops everything, what waits for a decision, what is good to know. */
const NEEDS: readonly Need[] = [
  {
    kind: "needs-authorization",
    level: "problem",
    scope: "connections:read",
    href: "/connections?health=needs-reauthorization",
    one: (id) => `/connections/${id}`,
  },
  { kind: "run-held", level: "problem", scope: "runs:read", href: "/runs?state=held", one: (id) => `/runs/${id}` },
  { kind: "data-stale", level: "problem", scope: "inventory:read", href: "/connections?health=stale" },
  { kind: "rules-paused", level: "problem", scope: "reclamation:read", href: "/reclaim?tab=rules&status=paused" },
  {
    kind: "plans-paused",
    level: "problem",
    scope: "plans:read",
    href: "/reclaim?tab=plans&state=applying",
    one: (id) => `/reclaim/plans/${id}`,
  },
  {
    kind: "plans-to-approve",
    level: "decision",
    scope: "plans:read",
    href: "/reclaim?tab=plans&state=ready",
    one: (id) => `/reclaim/plans/${id}`,
  },
  {
    kind: "plans-to-apply",
    level: "decision",
    scope: "plans:read",
    href: "/reclaim?tab=plans&state=ready",
    one: (id) => `/reclaim/plans/${id}`,
  },
  {
    kind: "candidates-deciding",
    level: "decision",
    scope: "reclamation:read",
    href: "/reclaim?tab=candidates&state=deciding",
  },
  {
    kind: "candidates-ready",
    level: "decision",
    scope: "reclamation:read",
    href: "/reclaim?tab=candidates&state=ready",
  },
  {
    kind: "candidates-attention",
    level: "problem",
    scope: "reclamation:read",
    href: "/reclaim?tab=candidates&state=attention",
  },
  { kind: "capacity-reached", level: "problem", scope: "licenses:read", href: "/licenses" },
  {
    kind: "credential-expires",
    level: "note",
    scope: "connections:read",
    href: "/connections",
    one: (id) => `/connections/${id}`,
  },
  {
    kind: "notice-near",
    level: "note",
    scope: "licenses:read",
    href: "/licenses?tab=licenses",
    one: (id) => `/licenses?tab=licenses&open=${id}`,
  },
  { kind: "licenses-missing", level: "note", scope: "licenses:read", href: "/licenses?tab=licenses" },
  { kind: "editions-unrecognized", level: "decision", scope: "inventory:read", href: "/unrecognized?tab=editions" },
  { kind: "accounts-unmatched", level: "decision", scope: "inventory:read", href: "/unrecognized?tab=accounts" },
  { kind: "exclusions-expiring", level: "note", scope: "exclusions:read", href: "/exclusions?sort=expiresAt" },
  { kind: "webhooks-disabled", level: "problem", scope: "notifications:read", href: "/settings/webhooks" },
  { kind: "mail-waiting", level: "problem", scope: "notifications:read", href: "/settings/notifications" },
];

function itemOf({ kind, level, href, one }: Need, { count, firstId, firstName, since }: Waiting) {
  const target = count === 1 && firstId !== null && one ? one(firstId) : href;
  return { kind, level, count, params: { name: firstName, since, done: null, of: null }, href: target };
}

function setupItem({ done, of }: { done: number; of: number }) {
  const params = { name: null, since: null, done, of };
  return { kind: "setup-unfinished" as const, level: "note" as const, count: of - done, params, href: "/setup" };
}

async function checklist(reader: Reader, isMailSet: boolean) {
  const facts = await readSetupFacts(reader);
  const steps = [
    { step: "connect" as const, isDone: facts.hasConnection, href: "/setup" },
    { step: "publish" as const, isDone: facts.isPublished, href: "/setup" },
    { step: "first-sync" as const, isDone: facts.isSynced, href: "/runs" },
    { step: "confirm-groups" as const, isDone: facts.areGroupsConfirmed, href: "/groups?givesSeat=true" },
    { step: "add-license" as const, isDone: facts.hasLicense, href: "/licenses?tab=licenses" },
    { step: "reclamation-rule" as const, isDone: facts.hasRule, href: "/reclaim?tab=rules" },
    { step: "mail" as const, isDone: isMailSet, href: "/settings/notifications" },
  ];
  return { done: steps.filter(({ isDone }) => isDone).length, of: steps.length, steps };
}
