import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { statusLabel } from "../../parts/badge.tsx";
import { buttonClass } from "../../parts/button.tsx";
import { Chart } from "../../parts/chart/chart.tsx";
import { StackedBar } from "../../parts/chart/stacked-bar.tsx";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import form from "../../parts/form.module.css";
import { later } from "../../parts/later.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty, Loading, Shown } from "../../parts/states.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { NeedsYou } from "./needs-you.tsx";
import classes from "./page.module.css";
import { SetUp, Sync } from "./sync.tsx";
import { texts } from "./texts.ts";
import { CostTile, SavedTile, SavingTile, type SeatCounts, SeatsTile, UnusedTile } from "./tiles.tsx";

const trend = import("../../parts/chart/seat-trend.tsx");
// It is told where the chart stands.
trend.catch(() => undefined);
const Trend = later(
  async () => (await trend).SeatTrend,
  () => <Loading rows={5} />,
);

type Overview = AnswerFor<"overview.get">;

const REFRESH_MS = 30_000;

/** Paying for what is used? What needs me today? */
export function Page(): ReactNode {
  const overview = useApi("overview.get", {}, { everyMs: REFRESH_MS });
  const { state, change } = useUrlState();
  const areComing = useParts(state["site"] ?? null);
  const sites = overview.data?.sites ?? [];
  const site = sites.find(({ siteId }) => siteId === state["site"]) ?? null;
  return (
    <Frame
      title={texts.title}
      about={
        overview.data && (
          <DataAsOf
            value={site ? site.dataAsOf : overview.data.dataAsOf}
            isStale={site ? site.isStale : overview.data.isStale}
          />
        )
      }
      actions={
        sites.length > 1 && (
          <select
            className={form["control"]}
            aria-label={t(texts.site)}
            value={site?.siteId ?? ""}
            onChange={(event) => change({ site: event.target.value })}
          >
            <option value="">{t(texts.allSites)}</option>
            {sites.map((each) => (
              <option key={each.siteId} value={each.siteId}>
                {each.site}
              </option>
            ))}
          </select>
        )
      }
    >
      <Shown query={overview} rows={8}>
        {(data) => {
          if (data.sites.length === 0) return <NothingConnected />;
          if (areComing) return <Loading rows={8} />;
          return <Whole overview={data} siteId={site?.siteId ?? null} />;
        }}
      </Shown>
    </Frame>
  );
}

/**
 * Asks for what the parts of the page show together with what decides about them, not one after the other. While the first
 * answers are on their way nothing stands where another part will push it away.
 */
function useParts(siteId: string | null): boolean {
  const may = useMay();
  const licenses = { enabled: may("licenses:read") };
  const parts = [
    useApi("overview.money", {}, licenses).isLoading,
    useApi("overview.trend", { query: { siteId } }, licenses).isLoading,
    useApi("overview.needs-you").isLoading,
    useApi("overview.sync").isLoading,
    useApi("overview.setup-checklist").isLoading,
  ];
  return parts.includes(true);
}

function NothingConnected(): ReactNode {
  return (
    <Empty
      title={t(texts.empty)}
      action={
        <Link to={"/setup" as string} className={buttonClass} data-kind="primary">
          {t(texts.connect)}
        </Link>
      }
    >
      {t(texts.emptyWhat)}
    </Empty>
  );
}

function Whole({ overview, siteId }: { overview: Overview; siteId: string | null }): ReactNode {
  const may = useMay();
  const site = overview.sites.find((each) => each.siteId === siteId) ?? null;
  const seats = site ? site.seats : overview.seats;
  const excluded = (site ? [site] : overview.sites).reduce((sum, each) => sum + each.excluded.any, 0);
  const search: Record<string, string> = siteId === null ? {} : { siteId };
  return (
    <>
      <div className={classes["tilesPlace"]}>
        {may("licenses:read") ? (
          <MoneyTiles seats={seats} siteId={siteId} />
        ) : (
          <SeatTiles seats={seats} siteId={siteId} />
        )}
      </div>
      <SeatsByActivity seats={seats} excluded={excluded} search={search} />
      <div className={classes["columns"]} data-has="trend">
        <NeedsYou />
        {may("licenses:read") && <Trend siteId={siteId} />}
      </div>
      <div className={classes["columns"]}>
        <Sync />
        <SetUp />
      </div>
    </>
  );
}

function SeatTiles({ seats, siteId }: { seats: SeatCounts; siteId: string | null }): ReactNode {
  return (
    <div className={classes["tiles"]}>
      <UnusedTile seats={seats} site={siteId === null ? {} : { siteId }} />
    </div>
  );
}

function MoneyTiles({ seats, siteId }: { seats: SeatCounts; siteId: string | null }): ReactNode {
  const money = useApi("overview.money");
  const search = siteId === null ? {} : { siteId };
  return (
    <Shown query={money} rows={2}>
      {(all) => {
        const one = all.sites.find((each) => each.siteId === siteId);
        return (
          <div className={classes["tiles"]}>
            <SeatsTile
              money={one ? { seats: one, withoutLicense: one.basis === "license" ? 0 : one.used } : all}
              site={search}
              how={one ? undefined : all.how.seats}
            />
            <UnusedTile seats={seats} site={search} how={all.how.unused} />
            <CostTile costs={one ? costsOf(one) : all.costs} how={one ? undefined : all.how.costs} />
            {one ? null : <SavingTile savings={all.savings} how={all.how.savings} />}
            {one ? null : <SavedTile saved={all.savedThisYear} how={all.how.saved} />}
          </div>
        );
      }}
    </Shown>
  );
}

function costsOf(site: AnswerFor<"overview.money">["sites"][number]): AnswerFor<"overview.money">["costs"] {
  if (site.currency === null) return [];
  const atListPriceMinor = site.basis === "list-price" ? (site.monthMinor ?? 0) : 0;
  return [{ currency: site.currency, monthMinor: site.monthMinor, atListPriceMinor }];
}

const PARTS = [
  { status: "active", color: "--chart-active" },
  { status: "idle", color: "--chart-idle" },
  { status: "never-used", color: "--chart-never-used" },
  { status: "no-evidence", color: "--chart-no-evidence" },
] as const;

function SeatsByActivity({
  seats,
  excluded,
  search,
}: {
  seats: SeatCounts;
  excluded: number;
  search: Readonly<Record<string, string>>;
}): ReactNode {
  const parts = PARTS.map(({ status, color }) => ({
    id: status,
    label: statusLabel(status),
    count: seats[status],
    color,
    isHatched: status === "no-evidence",
    to: "/seats",
    search: { ...search, status },
  }));
  const summary = t(texts.byActivitySummary, {
    active: seats.active,
    idle: seats.idle,
    never: seats["never-used"],
    none: seats["no-evidence"],
    excluded,
  });
  return (
    <Chart
      title={t(texts.byActivity)}
      summary={summary}
      table={{
        columns: [t(texts.status), t(texts.seats)],
        rows: parts.map(({ label, count }) => [label, formatNumber(count)]),
      }}
    >
      <StackedBar parts={parts} />
      <p>
        <Link to="/seats" search={{ ...search, excluded: "true" } as never}>
          {t(texts.excludedOver, { count: excluded })}
        </Link>
      </p>
    </Chart>
  );
}
