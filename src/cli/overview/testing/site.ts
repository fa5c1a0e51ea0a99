import type { SiteRow } from "../site-lines.ts";

/** A site with seats of every status, as the API tells of it. */
export const SITE: SiteRow = {
  siteId: "site_000000000001",
  site: "Acme",
  edition: "standard",
  mode: "observe",
  health: "connected",
  seats: { active: 2400, idle: 852, "never-used": 348, "no-evidence": 271 },
  seatsTotal: 3871,
  excluded: { any: 0, "not-counted": 0, "no-reclaim": 0, "no-review": 0, "no-notify": 0 },
  accounts: { licensed: 3871, guest: 12, app: 1, customer: 0, deactivated: 40, "no-access": 7 },
  evidence: [
    {
      kind: "viewed",
      source: "organization",
      seesReaders: true,
      knownSince: null,
      knownUntil: "2026-11-20T14:00:00Z",
      seats: 3000,
    },
  ],
  productAccessGroups: [
    {
      groupId: "group_000000000001",
      name: "confluence-users",
      members: 3871,
      isConfirmed: false,
      managedBy: "admins",
    },
    { groupId: "group_000000000002", name: "contractors", members: 9, isConfirmed: true, managedBy: "external" },
  ],
  money: {
    currency: "USD",
    perSeatMinor: 516,
    seatsMinor: 1_997_436,
    idleMinor: 439_632,
    neverUsedMinor: 179_568,
    unusedMinor: 619_200,
    realFrom: "next-bill",
    basis: "list-price-monthly",
    priceCollectedOn: "2026-11-01",
    priceSource: "https://www.atlassian.com/software/confluence/pricing",
  },
  noMoneyBecause: null,
  notSeen: [],
  dataAsOf: "2026-11-21T13:56:00Z",
  isStale: false,
};
