import { pricingKindOf, readPrices } from "./prices.ts";
import type { License } from "./words.ts";

export type Kind = License["pricing"]["kind"];

/**
 * The body of a license as its form says it. What the server would refuse is sent as it was typed, so that its own words
 * come back to the field. Fields that the form did not show are left out.
 */
export function termsOf(form: FormData): Record<string, unknown> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const orNull = (name: string) => text(name) || null;
  const count = (name: string) => (text(name) === "" ? null : Number(text(name)));
  const metric = text("metric") as License["metric"];
  const currency = text("currency").toUpperCase();
  const kind = metric === "annual-seats" && text("kind") === "tiers" ? "tiers" : pricingKindOf(metric);
  const quantity = count("quantity");
  return {
    name: text("name"),
    siteIds: form.getAll("siteIds").map(String),
    edition: text("edition"),
    metric,
    quantity,
    pricing: readPrices(text("pricing"), { kind, currency, quantity }) ?? { kind, steps: [] },
    currency,
    termStart: text("termStart"),
    termEnd: orNull("termEnd"),
    billingDay: count("billingDay"),
    renewalOn: orNull("renewalOn"),
    noticeOn: orNull("noticeOn"),
    autoRenew: form.get("autoRenew") !== null,
    renewalQuantity: count("renewalQuantity"),
    costCenter: orNull("costCenter"),
    ...(form.has("ownerId") ? { ownerId: orNull("ownerId") } : {}),
    note: orNull("note"),
  };
}
