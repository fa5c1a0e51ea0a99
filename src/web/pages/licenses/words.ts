import type { RowOf, AnswerFor } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";
import { formatDay, formatMoney } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

export type License = RowOf<"licenses.list">;
export type Position = AnswerFor<"position.get">;
export type Line = Position["lines"][number];
export type LineMoney = Line["money"][number];
type Edition = NonNullable<Line["edition"]>;
type Metric = License["metric"];
type Period = LineMoney["period"];

const EDITIONS: Readonly<Record<Edition, Text>> = {
  free: texts.free_edition,
  standard: texts.standard,
  premium: texts.premium,
  enterprise: texts.enterprise,
  "data-center": texts.data_center_edition,
  unrecognized: texts.unrecognized,
};

export function editionName(edition: Edition | null): string {
  return t(EDITIONS[edition ?? "unrecognized"]);
}

const METRICS: Readonly<Record<Metric, Text>> = {
  "monthly-seats": texts.monthlySeats,
  "annual-seats": texts.annualSeats,
  "data-center-tier": texts.dataCenterTier,
};

export function metricName(metric: Metric): string {
  return t(METRICS[metric]);
}

export function productName(product: Line["product"]): string {
  return t(product === "confluence-cloud" ? texts.cloud : texts.dataCenter);
}

/** A product, an edition at a site, or a license by its name. */
export function lineName({ level, product, edition, site, license }: Line): string {
  if (level === "product") return productName(product);
  if (level === "license") return t(texts.licenseOf, { license: license ?? "" });
  return t(texts.editionAt, { edition: editionName(edition), site: site ?? "" });
}

/** "$28,500.00 a year". */
export function formatOfPeriod(minor: number, currency: string, period: Period): string {
  return t(period === "month" ? texts.aMonth : texts.aYear, { amount: formatMoney(minor, currency) });
}

export function sayPeriod(period: Period): string {
  return t(period === "month" ? texts.month : texts.year);
}

/** When what could be saved becomes real; null where there is nothing to save. */
export function formatSavingFrom({ avoidableMinor, avoidableFrom }: LineMoney): string | null {
  if (avoidableMinor === null || avoidableMinor === 0) return null;
  return avoidableFrom === null ? t(texts.fromNextBill) : t(texts.from, { day: formatDay(avoidableFrom) });
}
