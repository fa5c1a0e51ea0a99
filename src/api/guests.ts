import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { EditionName, lastActivityFields, searchFilter } from "./inventory.ts";
import { defineList, flag, manyOf } from "./lists.ts";
import { NO_SUCH_SITE } from "./sites.ts";

const params = z.strictObject({ siteId: idOf("site") });

const GuestSpacesName = z.enum(["one", "none", "several", "unknown"]).meta({
  id: "GuestSpaces",
  description: "A guest belongs to exactly one space. `unknown`: rights are not read at the site.",
});

export const Guest = z
  .object({
    accountId: z.string(),
    siteId: z.string(),
    site: z.string(),
    personId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    firstSeenAt: instant,
    ...lastActivityFields,
    spaces: z.int().nullable().meta({ description: "Spaces that may be opened; null while no rights are known." }),
    spaceRule: GuestSpacesName,
    wasLicensed: z.boolean().meta({
      description:
        "This Atlassian account held a seat at a site that Usher knows, which Atlassian does not allow of guests.",
    }),
    licensedAt: z.array(z.string()).meta({ description: "Names of the sites where it did." }),
    lastSeatEndedAt: instant
      .nullable()
      .meta({ description: "Null: it holds a seat elsewhere now, or never held one." }),
  })
  .meta({ id: "Guest" });

export const listGuests = defineList({
  id: "sites.guests",
  path: "/sites/{siteId}/guests",
  summary: "Guests of a site: their spaces, their use, and whether they were ever licensed",
  scope: "inventory:read",
  params,
  item: Guest,
  sorts: ["name", "lastActivityAt", "spaces"],
  filters: {
    spaceRule: manyOf(GuestSpacesName).optional(),
    wasLicensed: flag.optional(),
    q: searchFilter,
  },
  refusals: NO_SUCH_SITE,
});

export const getGuestLimit = defineRoute({
  id: "sites.guest-limit",
  method: "GET",
  path: "/sites/{siteId}/guest-limit",
  summary: "How many guests a site has, may have, and which of them break a rule of Atlassian's",
  description: "Five guests for each paid seat, each in exactly one space, nobody who is or was a paid user.",
  scope: "inventory:read",
  params,
  answer: z
    .object({
      siteId: z.string(),
      site: z.string(),
      edition: EditionName.nullable(),
      paidSeats: z.int(),
      guests: z.int(),
      guestsMax: z
        .int()
        .nullable()
        .meta({ description: "Null where there are no guests, or the edition is not known." }),
      free: z.int().nullable(),
      isOver: z.boolean(),
      because: z.string(),
      withoutSpace: z.int(),
      inSeveralSpaces: z.int(),
      spacesUnknown: z.int(),
      wereLicensed: z.int(),
      dataAsOf: instant.nullable(),
    })
    .meta({ id: "GuestLimit" }),
  refusals: NO_SUCH_SITE,
});

export const guestRoutes = [listGuests, getGuestLimit];
