/*
 * What Atlassian says of billing, as data: each rule with where it stands. Whoever reads a number made from one can look
 * it up. Prices are no part of it: those are what was agreed, and are entered with a license.
 */

export interface BillingRule {
  says: string;
  source: string;
}

/** Most users of a site on the Free edition. */
export const FREE_USERS_MAX = 10;
/** Guests of a Cloud site for each paid user. */
export const GUESTS_PER_PAID_USER = 5;

export const BILLING_RULES = {
  "monthly-maximum": {
    says: "A month is billed for the users at its begin, and for each above that from the day they came; who goes within it gives no credit, and the seat stays usable.",
    source: "support.atlassian.com, How maximum quantity billing works (2025-07 to 2025-10)",
  },
  "monthly-next": {
    says: "The next month is billed for the users counted on the last day of this one.",
    source: "support.atlassian.com, How maximum quantity billing works (2025-07 to 2025-10)",
  },
  "annual-until-renewal": {
    says: "A year is paid for a fixed quantity or tier. More needs an upgrade; less is possible at the renewal only.",
    source: "atlassian.com/licensing/cloud",
  },
  "data-center-tiers": {
    says: "Data Center is sold by tiers of users: fewer users save nothing until the renewal, and then only where a lower tier holds them.",
    source: "atlassian.com/licensing/data-center",
  },
  counted: {
    says: "Everybody who may use the product counts, invited or not yet seen; suspended, deactivated and removed users, guests and apps do not.",
    source: "atlassian.com/licensing/cloud",
  },
  guests: {
    says: `A paid site has up to ${GUESTS_PER_PAID_USER} guests for each paid user, free of charge. Who is or was a paid user may not become a guest.`,
    source: "support.atlassian.com, Invite guests for external collaboration",
  },
  free: {
    says: `The Free edition is for up to ${FREE_USERS_MAX} users, and has no guests.`,
    source: "atlassian.com/software/confluence/pricing",
  },
} as const satisfies Record<string, BillingRule>;

/** Guests that a Cloud site may have beside so many paid users. */
export function guestsAllowed(paidUsers: number): number {
  return GUESTS_PER_PAID_USER * paidUsers;
}
