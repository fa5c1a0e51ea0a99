import type { MoneyOverview } from "./money.ts";

/** How each number of the overview came about, a sentence each. */
export interface MoneyExplained {
  seats: string[];
  unused: string[];
  costs: string[];
  savings: string[];
  saved: string[];
}

export function explainMoney({ seats, withoutLicense, withoutPrice, costs, savings }: MoneyOverview): MoneyExplained {
  return {
    seats: [
      `${seats.used} seats are held, those that an exclusion leaves out of the count too: Atlassian bills everybody who holds one.`,
      seats.owned === null
        ? `Owned is not known: nobody has entered what was bought for the sites of ${withoutLicense} of them.`
        : `${seats.owned} are owned: the sum of all licenses in force.`,
    ],
    unused: [
      "Idle: used before, and not within the days that the settings say. Never used: use would have been seen, and none ever was.",
      "Seats without evidence are in neither: nothing is known of them.",
    ],
    costs: [
      ...(costs.length === 0
        ? ["No price is known."]
        : ["What is paid now, by license; a year's price is divided by twelve."]),
      ...(costs.some(({ atListPriceMinor }) => atListPriceMinor > 0)
        ? ["Sites that nobody has entered a license for are at Atlassian's list price."]
        : []),
      ...(withoutPrice > 0 ? [`Of ${withoutPrice} seats no price is known, and they are left out.`] : []),
    ],
    savings: [
      savings.length === 0
        ? "Giving seats back would lower no bill now."
        : "What the next bill that may become less would be lower by, were every idle and never-used seat that no exclusion keeps given back before.",
    ],
    saved: [
      "What seats that were given back really took off a bill this year, each counted once at its billing event.",
    ],
  };
}
