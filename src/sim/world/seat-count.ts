import type { Group } from "./groups.ts";
import type { Account } from "./people.ts";
import { givesSeat, holdsSeat, type SiteWorld } from "./world.ts";

/** How many seats a site has from an instant (epoch milliseconds) on, until the next count. */
export interface SeatCount {
  at: number;
  seats: number;
}

/** A license is bought by the hundred: what the site may hold at most from its first day. */
const SEATS_BOUGHT_BY = 100;

/** Counted from the seed before the first change, for whoever asks later. */
export function seatCountsOf(site: SiteWorld): readonly SeatCount[] {
  if (site.seatCounts.length === 0) site.seatCounts.push({ at: site.startedAt, seats: countedAnew(site) });
  return site.seatCounts;
}

export function seatsNow(site: SiteWorld): number {
  return seatCountsOf(site).at(-1)?.seats ?? 0;
}

export function seatsMaxOf(site: SiteWorld): number {
  const atStart = seatCountsOf(site)[0]?.seats ?? 0;
  return site.seatsMax ?? Math.ceil(atStart / SEATS_BOUGHT_BY) * SEATS_BOUGHT_BY;
}

/** Does what may give the account a seat or take it away, on all of these sites, and counts. */
export function countingSeat(sites: readonly SiteWorld[], account: Account, at: number, act: () => void): void {
  sites.forEach(seatCountsOf);
  const held = sites.map((each) => each.knows.has(account.index) && holdsSeat(each, account));
  act();
  sites.forEach((site, index) => {
    const holds = site.knows.has(account.index) && holdsSeat(site, account);
    if (holds !== held[index]) noteSeats(site, at, seatsNow(site) + (holds ? 1 : -1));
  });
}

/** Does what concerns many accounts at once, such as letting a group go, and counts anew. */
export function recountingSeats(site: SiteWorld, at: number, act: () => void): void {
  const before = seatsNow(site);
  act();
  const seats = countedAnew(site);
  if (seats !== before) noteSeats(site, at, seats);
}

/** Whether the account would take a seat through this group for which the license has no room. */
export function exceedsLicense(site: SiteWorld, group: Group, account: Account): boolean {
  if (!givesSeat(group) || holdsSeat(site, account)) return false;
  return mayHoldSeat(account) && seatsNow(site) >= seatsMaxOf(site);
}

/** The members that would come to a seat if the group gave one. */
export function newSeatsOf(site: SiteWorld, group: Group): number {
  return Array.from(group.members, (index) => site.people[index]).filter(
    (each) => each !== undefined && mayHoldSeat(each) && !holdsSeat(site, each),
  ).length;
}

export function mayHoldSeat({ kind, isGuest, state }: Account): boolean {
  return kind === "atlassian" && !isGuest && state === "active";
}

function noteSeats(site: SiteWorld, at: number, seats: number): void {
  site.seatCounts.push({ at, seats });
}

function countedAnew(site: SiteWorld): number {
  let seats = 0;
  for (const index of site.accounts) {
    const account = site.people[index];
    if (account && holdsSeat(site, account)) seats += 1;
  }
  return seats;
}
