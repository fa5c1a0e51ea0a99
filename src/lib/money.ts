/*
 * Amounts as people write them, and minor units as everything else holds them: never a fraction of a number.
 */

/** ISO 4217, "minor unit": most currencies have two; these have another number. */
const OTHER_DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((each) => [each, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((each) => [each, 3])),
  ...Object.fromEntries("CLF UYW".split(" ").map((each) => [each, 4])),
};

/** Codes that are in ISO 4217 but are no money that anybody is billed in: metals, funds, tests. */
const NO_MONEY = new Set(["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]);

let known: ReadonlySet<string> | undefined;

/** Whether it is the code of a currency in use, in capitals. */
export function isCurrency(code: string): boolean {
  known ??= new Set(Intl.supportedValuesOf("currency"));
  return known.has(code) && !NO_MONEY.has(code);
}

/** Digits behind the point: 2 of dollars, 0 of yen, 3 of dinars. */
export function minorDigits(currency: string): number {
  return OTHER_DIGITS[currency] ?? 2;
}

/** `6.55` of a currency with two digits is 655. Null where it is no such amount, or has more digits than the currency. */
export function parseAmount(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const found = /^(\d{1,13})(?:\.(\d{1,4}))?$/.exec(text.trim());
  if (!found) return null;
  const [, whole = "", fraction = ""] = found;
  if (fraction.length > digits) return null;
  const minor = Number(whole + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** `6.55`: with exactly the digits of the currency, which `parseAmount` reads back. */
export function amountText(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

interface Step {
  upTo: number | null;
  priceMinor: number;
}

/** `100: 6.55; *: 5.10`, a step each; one price alone is that of every seat. Null where it is none. */
export function parseSteps(text: string, currency: string): Step[] | null {
  const steps = text
    .split(";")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each): Step | null => {
      const [upTo, price, ...rest] = each.includes(":") ? each.split(":").map((part) => part.trim()) : ["*", each];
      const priceMinor = parseAmount(price ?? "", currency);
      if (priceMinor === null || rest.length > 0 || !/^(\*|\d{1,7})$/.test(upTo ?? "")) return null;
      return { upTo: upTo === "*" ? null : Number(upTo), priceMinor };
    });
  return steps.length === 0 || steps.includes(null) ? null : (steps as Step[]);
}

/** As `parseSteps` reads it back. */
export function stepsText(steps: readonly Step[], currency: string): string {
  return steps.map(({ upTo, priceMinor }) => `${upTo ?? "*"}: ${amountText(priceMinor, currency)}`).join("; ");
}
