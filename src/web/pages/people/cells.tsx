import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, Status } from "../../parts/badge.tsx";
import { useNow } from "../../parts/time.tsx";
import { formatExact, formatMoney, formatNumber, formatRelative, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { CLASSES, PERSON_STATUSES, type PersonRow } from "./labels.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

export function PersonCell({ person: { name, email } }: { person: PersonRow }): ReactNode {
  return (
    <span className={classes["person"]}>
      <span className={classes["name"]}>{name}</span>
      {email && <span className={classes["email"]}>{email}</span>}
    </span>
  );
}

/** The seat's status, or what the account is without a seat; what lies over it beside it. */
export function StatusCell({ person }: { person: PersonRow }): ReactNode {
  const { status, accountClass, personStatus, exclusions, seats } = person;
  return (
    <span className={classes["person"]}>
      <span className={classes["badges"]}>
        {status ? <Status of={status} /> : <Badge kind="neutral">{t(CLASSES[accountClass])}</Badge>}
        {exclusions.length > 0 && <Status of="excluded" />}
        {personStatus !== null && personStatus !== "active" && (
          <Badge kind="warn">{t(PERSON_STATUSES[personStatus])}</Badge>
        )}
      </span>
      {status && seats > 1 && <span className={classes["email"]}>{t(texts.bestOf, { seats })}</span>}
    </span>
  );
}

/** "125 days ago, commented in FIN". */
export function LastActivity({ at, what }: { at: string | null; what: string | null }): ReactNode {
  const now = useNow(false);
  if (at === null) return NONE;
  const days = Math.floor((now.getTime() - new Date(at).getTime()) / DAY_MS);
  const when = days > WEEK_DAYS ? t(texts.daysAgo, { days }) : formatRelative(at, now);
  return (
    <time dateTime={at} title={formatExact(at)}>
      {what === null ? when : t(texts.lastAt, { when, what })}
    </time>
  );
}

const BAR_PX = 4;
const HIGH_PX = 16;

/** Thirteen weeks as columns, the highest of them as high as the row allows; the number beside says how many in all. */
export function Weeks({ weeks, total }: { weeks: readonly number[] | null; total: number | null }): ReactNode {
  if (weeks === null || total === null) return NONE;
  const most = Math.max(1, ...weeks);
  const path = weeks
    .map((count, at) => {
      // Also a week without events has a foot, so that one sees where it is.
      const high = count === 0 ? 1 : Math.max(2, Math.round((count / most) * HIGH_PX));
      return `M${at * BAR_PX} ${HIGH_PX - high}h${BAR_PX - 1}v${high}h-${BAR_PX - 1}z`;
    })
    .join("");
  return (
    <span className={classes["weeks"]}>
      <svg width={weeks.length * BAR_PX} height={HIGH_PX} aria-hidden="true">
        <path d={path} fill="currentColor" />
      </svg>
      {formatNumber(total)}
    </span>
  );
}

/** What the seats cost by what was bought; never nothing where the price is not known. */
export function Cost({ person }: { person: PersonRow }): ReactNode {
  const { seats, billedPerMonthMinor, billedCurrency, billedBasis } = person;
  if (seats === 0) return NONE;
  if (billedPerMonthMinor === null || billedCurrency === null) return t(texts.unknown);
  const cost = formatMoney(billedPerMonthMinor, billedCurrency);
  return billedBasis === "list-price" ? t(texts.atListPrice, { cost }) : cost;
}

/** A number that leads to what it counts: a tab of the person's slide-out. */
export function Counted({ personId, tab, count }: { personId: string; tab: string; count: number | null }): ReactNode {
  if (count === null) return t(texts.unknown);
  return (
    <Link
      to="."
      search={((before: object) => ({ ...before, open: personId, tab })) as never}
      className={classes["count"]}
      preload={false}
    >
      {formatNumber(count)}
    </Link>
  );
}
