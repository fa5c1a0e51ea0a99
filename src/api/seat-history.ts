import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { EditionName } from "./inventory.ts";

const PastSeat = z
  .object({
    seatId: z.string(),
    siteId: z.string(),
    site: z.string(),
    accountId: z.string(),
    name: z.string().meta({ description: "As the account is called, or was called last." }),
    edition: EditionName.nullable().meta({ description: "When it ended, or now." }),
    editions: z
      .array(z.object({ edition: EditionName, identifier: z.string(), from: instant, to: instant.nullable() }))
      .meta({ description: "What the site called its edition while the seat was held, as far as that is known." }),
    since: instant,
    sinceOrigin: z.enum(["organization", "first-seen"]).meta({
      description: "`first-seen`: no source tells when it was given.",
    }),
    mayBeOlder: z.boolean().meta({
      description: "It was there when Usher first looked, so it may have begun before `since`.",
    }),
    startedAt: instant.meta({ description: "The run that saw it first." }),
    endedAt: instant.nullable(),
    endReason: z.enum(["account-gone", "deactivated", "no-access", "guest", "app", "customer", "licensed"]).nullable(),
    through: z
      .array(
        z.object({
          groupId: z.string(),
          group: z.string(),
          via: z.string().nullable().meta({ description: "The nested group that the account was in; null: itself." }),
          access: z.enum(["user", "admin"]),
          from: instant,
          to: instant.nullable(),
        }),
      )
      .meta({
        description: "Groups that gave it, as far as memberships overlapped it; empty where none is known to have.",
      }),
  })
  .meta({ id: "PastSeat" });

const SeatHistory = z
  .object({
    personId: z.string(),
    name: z.string(),
    verdict: z.enum(["licensed", "was-licensed", "never-seen", "not-known"]).meta({
      description: "`not-known`: no seat was seen, but of some site nothing is known.",
    }),
    because: z.string(),
    firstLicensedAt: instant.nullable(),
    mayBecomeGuest: z.enum(["no", "not-that-is-known"]).meta({
      description:
        "Atlassian: current or former paid users may not be converted to guests. Nobody can say yes for certain.",
    }),
    knownSince: z
      .array(z.object({ siteId: z.string(), site: z.string(), since: instant.nullable() }))
      .meta({ description: "Before this nothing is known of a site; null: it was never read to its end." }),
    seats: z.array(PastSeat).meta({ description: "Newest first; at most the newest 500." }),
  })
  .meta({ id: "SeatHistory" });

export const getPersonSeatHistory = defineRoute({
  id: "people.seat-history",
  method: "GET",
  path: "/people/{personId}/seat-history",
  summary: "Was this person ever licensed, when, and through what",
  description:
    "Every seat that was ever seen at any site, also of accounts that are gone. Nothing of it is ever deleted.",
  scope: "inventory:read",
  params: z.strictObject({ personId: idOf("person") }),
  answer: SeatHistory,
  refusals: {
    "no-such-person": { status: 404, says: "There is no such person. List people to see who is known." },
  },
});

export const getAccountSeatHistory = defineRoute({
  id: "accounts.seat-history",
  method: "GET",
  path: "/accounts/{accountId}/seat-history",
  summary: "Was this account ever licensed, when, and through what",
  scope: "inventory:read",
  params: z.strictObject({ accountId: idOf("account") }),
  answer: SeatHistory,
  refusals: { "no-such-account": { status: 404, says: "There is no such account." } },
});

export const seatHistoryRoutes = [getPersonSeatHistory, getAccountSeatHistory];
