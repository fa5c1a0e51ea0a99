import { formatMoney, formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";
import type { License } from "./words.ts";

type Pricing = License["pricing"];
type Metric = License["metric"];

/**
 * Prices as people write them: `5.16`, or `100: 6.55; *: 5.10` for a price up to so many and another beyond. What is no
 * price at all gives null. A single price of a tier is for `quantity` users.
 */
export function readPrices(
  words: string,
  { kind, currency, quantity }: { kind: Pricing["kind"]; currency: string; quantity: number | null },
): Pricing | null {
  const parts = words.split(";").filter((each) => each.trim() !== "");
  const steps = parts.map((part) => readStep(part, currency, kind === "tiers" ? quantity : null));
  const known = steps.filter((step) => step !== null);
  return known.length === 0 || known.length < steps.length ? null : { kind, steps: known };
}

function readStep(part: string, currency: string, upToOfOne: number | null): Pricing["steps"][number] | null {
  const found = /^\s*(?:(\*|\d+)\s*:)?\s*(\d+(?:\.\d+)?)\s*$/.exec(part);
  if (!found) return null;
  const [, upTo, amount = ""] = found;
  const priceMinor = toMinor(amount, currency);
  if (priceMinor === null) return null;
  return { upTo: upTo === undefined ? upToOfOne : upTo === "*" ? null : Number(upTo), priceMinor };
}

/** Minor units of a currency, by text so that nothing is rounded; null where it has more digits than the currency. */
function toMinor(amount: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const [whole = "", fraction = ""] = amount.split(".");
  if (fraction.length > digits) return null;
  return Number(`${whole}${fraction.padEnd(digits, "0")}`);
}

function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not a currency's code; the server says so.
    return 2;
  }
}

/** As `readPrices` reads them. */
export function writePrices({ steps }: Pricing, currency: string): string {
  const digits = digitsOf(currency);
  const amount = (minor: number) => (minor / 10 ** digits).toFixed(digits);
  const [only] = steps;
  if (steps.length === 1 && only && only.upTo === null) return amount(only.priceMinor);
  return steps.map(({ upTo, priceMinor }) => `${upTo ?? "*"}: ${amount(priceMinor)}`).join("; ");
}

/** What a metric is priced by, where nobody says otherwise. */
export function pricingKindOf(metric: Metric): Pricing["kind"] {
  return metric === "data-center-tier" ? "tiers" : "bands";
}

/** For people: "$6.55 a seat and month", or each step of several. */
export function sayPrices({ pricing: { kind, steps }, currency, metric }: License): string {
  const [only] = steps;
  const amount = (minor: number) => formatMoney(minor, currency);
  if (kind === "bands" && steps.length === 1 && only) {
    return t(metric === "monthly-seats" ? texts.seatMonth : texts.seatYear, { amount: amount(only.priceMinor) });
  }
  return steps
    .map(({ upTo, priceMinor }) =>
      upTo === null
        ? t(texts.stepBeyond, { amount: amount(priceMinor) })
        : t(texts.stepUpTo, { upTo: formatNumber(upTo), amount: amount(priceMinor) }),
    )
    .join(", ");
}
