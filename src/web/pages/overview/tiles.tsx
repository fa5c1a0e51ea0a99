import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { formatDay, formatMoney, formatNumber, formatPercent, NONE } from "../../text/format.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

export type Money = AnswerFor<"overview.money">;
export type SeatCounts = AnswerFor<"overview.get">["seats"];

interface TileProps {
  label: string;
  children: ReactNode;
  about: ReactNode;
}

function Tile({ label, children, about }: TileProps): ReactNode {
  return (
    <div className={classes["tile"]}>
      <h2 className={classes["tileLabel"]}>{label}</h2>
      <p className={classes["tileValue"]}>{children}</p>
      <div className={classes["tileAbout"]}>{about}</div>
    </div>
  );
}

interface SiteSearch {
  siteId?: string;
}

export function SeatsTile({
  money,
  site,
}: {
  money: Pick<Money, "seats" | "withoutLicense">;
  site: SiteSearch;
}): ReactNode {
  const { used, owned, free, short } = money.seats;
  return (
    <Tile
      label={t(texts.seatsUsed)}
      about={<Coverage owned={owned} free={free} short={short} without={money.withoutLicense} />}
    >
      <Link to="/seats" search={site as never}>
        {formatNumber(used)}
      </Link>
    </Tile>
  );
}

function Coverage({
  owned,
  free,
  short,
  without,
}: {
  owned: number | null;
  free: number | null;
  short: number | null;
  without: number;
}): ReactNode {
  const add = (words: string) => (
    <Link to="/licenses" search={{ tab: "licenses" } as never}>
      {words}
    </Link>
  );
  if (owned === null) return <Rich text={texts.partNoLicense} values={{ seats: without }} parts={{ add }} />;
  return (
    <>
      {t(texts.ofOwned, { owned })} · {short ? t(texts.short, { short }) : t(texts.free, { free: free ?? 0 })}
    </>
  );
}

export function UnusedTile({ seats, site }: { seats: SeatCounts; site: SiteSearch }): ReactNode {
  const unused = seats.idle + seats["never-used"];
  const sum = unused + seats.active + seats["no-evidence"];
  return (
    <Tile label={t(texts.unused)} about={sum > 0 ? t(texts.ofSeats, { share: formatPercent(unused / sum) }) : null}>
      <Link to="/seats" search={{ ...site, status: "idle,never-used" } as never}>
        {formatNumber(unused)}
      </Link>
    </Tile>
  );
}

export function CostTile({ costs }: { costs: Money["costs"] }): ReactNode {
  const [first, ...others] = costs.filter(({ monthMinor }) => monthMinor !== null);
  if (!first) return null;
  const listed = costs.filter(({ atListPriceMinor }) => atListPriceMinor > 0);
  return (
    <Tile
      label={t(texts.cost)}
      about={listed
        .map(({ atListPriceMinor, currency }) =>
          t(texts.atListPrice, { amount: formatMoney(atListPriceMinor, currency) }),
        )
        .join(" · ")}
    >
      <Link to="/licenses">
        {[first, ...others].map(({ monthMinor, currency }) => formatMoney(monthMinor ?? 0, currency)).join(" + ")}
      </Link>
    </Tile>
  );
}

export function SavingTile({ savings }: { savings: Money["savings"] }): ReactNode {
  const [first] = savings;
  if (!first) {
    return (
      <Tile label={t(texts.couldSave)} about={t(texts.nothingToSave)}>
        {NONE}
      </Tile>
    );
  }
  return (
    <Tile label={t(texts.couldSave)} about={savings.map(sayWhen).join(" · ")}>
      <Link to="/reclaim">
        {savings.map(({ monthMinor, currency }) => formatMoney(monthMinor, currency)).join(" + ")}
      </Link>
    </Tile>
  );
}

function sayWhen({ kind, from, seats }: Money["savings"][number]): string {
  if (kind === "lower-tier") return t(texts.fromTier, { seats });
  if (from === null) return t(texts.fromNextBill, { seats });
  return t(kind === "renewal" ? texts.fromRenewal : texts.fromDay, { seats, day: formatDay(from) });
}

export function SavedTile({ saved }: { saved: Money["savedThisYear"] }): ReactNode {
  const seats = saved.reduce((before, each) => before + each.seats, 0);
  return (
    <Tile label={t(texts.savedThisYear)} about={seats > 0 ? t(texts.savedSeats, { seats }) : null}>
      <Link to="/reclaim" search={{ tab: "ledger" } as never}>
        {saved.length === 0
          ? t(texts.nothingSaved)
          : saved.map(({ savedMinor, currency }) => formatMoney(savedMinor, currency)).join(" + ")}
      </Link>
    </Tile>
  );
}
