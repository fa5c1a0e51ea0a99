import { addDays, toDay } from "../../lib/day.ts";
import type { LicenseTerms } from "../../model/licenses.ts";
import type { SampleSite } from "../../store/sample/sample-facts.ts";

/** Days until the renewal of what was bought for a year: near enough to be a matter of now. */
const RENEWAL_DAYS = 45;
const NOTICE_DAYS = 30;

/**
 * What the sample company bought: for its first site in Cloud a year that ends soon, with some seats too many; the others
 * monthly; for its Data Center a tier.
 */
export function sampleLicenses(sites: readonly SampleSite[], now: Date, ownerId: string): LicenseTerms[] {
  const today = toDay(now);
  const yearly = sites.find(({ source }) => source === "confluence-cloud");
  const base = {
    currency: "USD",
    billingDay: null,
    autoRenew: true,
    renewalQuantity: null,
    costCenter: null,
    ownerId,
    note: "Made up, as everything of the sample company.",
  };
  return sites.flatMap((site): LicenseTerms[] => {
    const { id, name, source, edition, seats } = site;
    const common = { ...base, name: `${name} (sample)`, siteIds: [id] };
    if (source === "confluence-data-center") {
      const tier = [25, 50, 100, 250, 500, 1_000, 2_000, 10_000].find((each) => each >= seats) ?? 20_000;
      return [
        {
          ...common,
          edition: "data-center",
          metric: "data-center-tier",
          quantity: tier,
          pricing: { kind: "tiers", steps: [{ upTo: tier, priceMinor: tier * 5_400 }] },
          termStart: addDays(today, -200),
          termEnd: addDays(today, 165),
          renewalOn: null,
          noticeOn: null,
        },
      ];
    }
    if (edition === null || edition === "unrecognized" || edition === "data-center") return [];
    const monthMinor = edition === "premium" ? 1_110 : 580;
    if (site === yearly) {
      const end = addDays(today, RENEWAL_DAYS);
      return [
        {
          ...common,
          edition,
          metric: "annual-seats",
          quantity: Math.ceil((seats * 1.08) / 100) * 100,
          pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: monthMinor * 10 }] },
          termStart: addDays(end, -365),
          termEnd: end,
          renewalOn: null,
          noticeOn: addDays(end, -NOTICE_DAYS),
        },
      ];
    }
    return [
      {
        ...common,
        edition,
        metric: "monthly-seats",
        quantity: null,
        pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: monthMinor }] },
        termStart: addDays(today, -120),
        termEnd: null,
        renewalOn: null,
        noticeOn: null,
      },
    ];
  });
}
