import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { Popup } from "../../parts/popup.tsx";
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
  /** How its number was counted, in the API's words; left out where nobody tells. */
  how?: readonly string[] | undefined;
  /** The rows that it counts. */
  rows: { to: string; search?: Readonly<Record<string, string>> };
}

function Tile({ label, children, about, how, rows }: TileProps): ReactNode {
  return (
    <div className={classes["tile"]}>
      <h2 className={classes["tileLabel"]}>{label}</h2>
      <p className={classes["tileValue"]}>{children}</p>
      <div className={classes["tileAbout"]}>{about}</div>
      {how && how.length > 0 && <HowCounted label={label} how={how} rows={rows} />}
    </div>
  );
}

function HowCounted({
  label,
  how,
  rows,
}: {
  label: string;
  how: readonly string[];
  rows: TileProps["rows"];
}): ReactNode {
  return (
    <Popup
      words={t(texts.howCounted)}
      className={classes["how"]}
      label={label}
      aria-label={t(texts.howCountedOf, { what: label })}
    >
      <div className={classes["howPopup"]}>
        <h3 className={classes["howTitle"]}>{label}</h3>
        {how.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <Link to={rows.to} search={(rows.search ?? {}) as never}>
          {t(texts.showRows)}
        </Link>
      </div>
    </Popup>
  );
}

interface SiteSearch {
  siteId?: string;
}

type How = readonly string[] | undefined;

export function SeatsTile({
  money,
  site,
  how,
}: {
  money: Pick<Money, "seats" | "withoutLicense">;
  site: SiteSearch;
  how?: How;
}): ReactNode {
  const { used, owned, free, short } = money.seats;
  return (
    <Tile
      label={t(texts.seatsUsed)}
      how={how}
      rows={{ to: "/seats", search: { ...site } }}
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

export function UnusedTile({ seats, site, how }: { seats: SeatCounts; site: SiteSearch; how?: How }): ReactNode {
  const unused = seats.idle + seats["never-used"];
  const sum = unused + seats.active + seats["no-evidence"];
  return (
    <Tile
      label={t(texts.unused)}
      how={how}
      rows={{ to: "/seats", search: { ...site, status: "idle,never-used" } }}
      about={sum > 0 ? t(texts.ofSeats, { share: formatPercent(unused / sum) }) : null}
    >
      <Link to="/seats" search={{ ...site, status: "idle,never-used" } as never}>
        {formatNumber(unused)}
      </Link>
    </Tile>
  );
}

export function CostTile({ costs, how }: { costs: Money["costs"]; how?: How }): ReactNode {
  const [first, ...others] = costs.filter(({ monthMinor }) => monthMinor !== null);
  if (!first) return null;
  const listed = costs.filter(({ atListPriceMinor }) => atListPriceMinor > 0);
  return (
    <Tile
      label={t(texts.cost)}
      how={how}
      rows={{ to: "/licenses" }}
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

export function SavingTile({ savings, how }: { savings: Money["savings"]; how?: How }): ReactNode {
  const [first] = savings;
  if (!first) {
    return (
      <Tile how={how} rows={{ to: "/licenses" }} label={t(texts.couldSave)} about={t(texts.nothingToSave)}>
        {NONE}
      </Tile>
    );
  }
  return (
    <Tile how={how} rows={{ to: "/licenses" }} label={t(texts.couldSave)} about={savings.map(sayWhen).join(" · ")}>
      <Link to="/reclaim">
        {[...monthByCurrency(savings)].map(([currency, minor]) => formatMoney(minor, currency)).join(" + ")}
      </Link>
    </Tile>
  );
}

function monthByCurrency(savings: Money["savings"]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, monthMinor } of savings) sums.set(currency, (sums.get(currency) ?? 0) + monthMinor);
  return sums;
}

function sayWhen({ kind, from, seats }: Money["savings"][number]): string {
  if (kind === "lower-tier") return t(texts.fromTier, { seats });
  if (from === null) return t(texts.fromNextBill, { seats });
  return t(kind === "renewal" ? texts.fromRenewal : texts.fromDay, { seats, day: formatDay(from) });
}

export function SavedTile({ saved, how }: { saved: Money["savedThisYear"]; how?: How }): ReactNode {
  const seats = saved.reduce((before, each) => before + each.seats, 0);
  return (
    <Tile
      how={how}
      rows={{ to: "/reclaim", search: { tab: "ledger" } }}
      label={t(texts.savedThisYear)}
      about={seats > 0 ? t(texts.savedSeats, { seats }) : null}
    >
      <Link to="/reclaim" search={{ tab: "ledger" } as never}>
        {saved.length === 0
          ? t(texts.nothingSaved)
          : saved.map(({ savedMinor, currency }) => formatMoney(savedMinor, currency)).join(" + ")}
      </Link>
    </Tile>
  );
}
