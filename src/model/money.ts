/** Integer minor units of one currency (ISO 4217): 655 USD is 6.55 dollars. Never floating point. */
export interface Money {
  amountMinor: number;
  currency: string;
}

/** When a seat that is given back lowers what is paid, and by the rule of which term. */
export interface SavingDate {
  /** `next-bill`: monthly; `renewal`: annual; `lower-tier`: only once a lower tier is reached. */
  kind: "next-bill" | "renewal" | "lower-tier";
  /** Null where no billing day or term is known. */
  from: Date | null;
}

/** What one more or one less seat of a site costs, and when giving one back is felt. */
export interface SeatCost {
  siteId: string;
  /** Of one seat for one month; an annual price is divided by twelve only for showing. Null: no price is known. */
  monthMinor: number | null;
  currency: string | null;
  saving: SavingDate;
  /** `license`: what was bought; `list-price`: nobody has entered a license for the site. */
  basis: "license" | "list-price";
}
