import type { Edition } from "../model/connections.ts";
import { idlePolicyOf, idleThreshold } from "./evidence.ts";
import { listPriceOf } from "./list-prices.ts";

/**
 * The judgements that a set-based summary of a site needs, as plain values: with these instants, SQL and `statusOfSeat`
 * call the same seats idle.
 */
export function summaryTerms(
  basis: { edition: Edition | null; idleAfterDays: number; staleAfterHours: number },
  asOf: Date,
) {
  const policy = idlePolicyOf(basis);
  return {
    ...policy,
    silence: {
      threshold: idleThreshold(asOf, policy),
      freshSince: new Date(asOf.getTime() - policy.lateHoursMax * 3_600_000),
    },
    price: listPriceOf(basis.edition),
  };
}
