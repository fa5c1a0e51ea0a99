import type { Edition } from "../model/connections.ts";

/** Guests that a site may have for each paid user (Atlassian, "Invite guests for external collaboration"). */
export const GUESTS_PER_PAID_USER = 5;

export interface GuestLimit {
  /** Null: the edition has no guests, or it is not known which edition it is. */
  guestsMax: number | null;
  /** More guests that may still be invited; never below 0. */
  free: number | null;
  isOver: boolean;
  because: string;
}

/** How many guests a site may have. Guests come with paid Cloud editions only. */
export function guestLimit(edition: Edition | null, counts: { paidSeats: number; guests: number }): GuestLimit {
  if (edition === null || edition === "unrecognized") {
    return none(`Which edition the site has is not known, so neither is how many guests it may have.`, false);
  }
  if (edition === "data-center") return none("Confluence Data Center has no guests.", false);
  if (edition === "free") return none("The Free edition has no guests.", counts.guests > 0);
  const guestsMax = GUESTS_PER_PAID_USER * counts.paidSeats;
  return {
    guestsMax,
    free: Math.max(0, guestsMax - counts.guests),
    isOver: counts.guests > guestsMax,
    because: `${GUESTS_PER_PAID_USER} guests for each of ${counts.paidSeats} paid seats.`,
  };
}

function none(because: string, isOver: boolean): GuestLimit {
  return { guestsMax: null, free: null, isOver, because };
}

/** What a guest may open: exactly one space is the rule. `unknown`: rights are not read at the site. */
export type GuestSpaces = "one" | "none" | "several" | "unknown";

/**
 * Whether somebody may become a guest: "You may not convert current or former paid users to guests" (Atlassian). Nobody
 * can say yes for certain: a seat may have been held before the site was known.
 */
export function mayBecomeGuest(wasEverLicensed: boolean): "no" | "not-that-is-known" {
  return wasEverLicensed ? "no" : "not-that-is-known";
}
