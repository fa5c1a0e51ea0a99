/** Since when a site is known well enough to tell who held a seat there; null: never read to its end. */
export interface KnownSite {
  siteId: string;
  site: string;
  since: Date | null;
}

export interface HeldSeat {
  siteId: string;
  sinceOrigin: "organization" | "first-seen";
  startedAt: Date;
  endedAt: Date | null;
}

/**
 * Whether somebody was ever licensed. `not-known`: no seat was seen, but of some site nothing is known at all, so not even
 * that can be said; `never-seen`: no seat since each site is known.
 */
export type LicensedVerdict = "licensed" | "was-licensed" | "never-seen" | "not-known";

export function licensedVerdict(seats: readonly HeldSeat[], sites: readonly KnownSite[]): LicensedVerdict {
  if (seats.some((each) => each.endedAt === null)) return "licensed";
  if (seats.length > 0) return "was-licensed";
  return sites.length > 0 && sites.every((each) => each.since !== null) ? "never-seen" : "not-known";
}

/**
 * Whether a seat may have begun before it was first seen: it was there at the first look, and no source tells when it was
 * given.
 */
export function mayBeOlder(seat: HeldSeat, sites: readonly KnownSite[]): boolean {
  const since = sites.find((each) => each.siteId === seat.siteId)?.since ?? null;
  return seat.sinceOrigin === "first-seen" && (since === null || seat.startedAt <= since);
}

/** The answer in words, for a person who asks before a guest is invited or a bill is argued about. */
export function sayLicensed(name: string, seats: readonly HeldSeat[], sites: readonly KnownSite[]): string {
  const verdict = licensedVerdict(seats, sites);
  const known = notKnownBefore(sites);
  if (verdict === "licensed") return `${name} holds a seat now.`;
  if (verdict === "was-licensed") {
    const last = seats.reduce(
      (latest, each) => (each.endedAt && each.endedAt > latest ? each.endedAt : latest),
      new Date(0),
    );
    return `${name} was licensed; the last seat ended on ${dayOf(last)}.`;
  }
  if (verdict === "never-seen") return `${name} was never seen with a seat. ${known}`;
  return `No seat of ${name} was seen, and not every site is known. ${known}`;
}

function notKnownBefore(sites: readonly KnownSite[]): string {
  if (sites.length === 0) return "No site is known yet.";
  const told = sites.map(({ site, since }) =>
    since === null ? `${site}: never read to its end so far` : `${site}: not known before ${dayOf(since)}`,
  );
  return `${told.slice(0, SITES_MAX).join("; ")}${told.length > SITES_MAX ? `; and ${told.length - SITES_MAX} more` : ""}.`;
}

/** Most sites named in one sentence. */
const SITES_MAX = 5;

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
