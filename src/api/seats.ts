import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { EXCLUSION_FILTERS, exclusionFilters, exclusionsField } from "./exclusions.ts";
import {
  costFields,
  EditionName,
  Evidence,
  lastActivityFields,
  searchFilter,
  SeatPath,
  SeatStatusName,
  StatusReason,
} from "./inventory.ts";
import { Facets, FACETS_SAY } from "./facets.ts";
import { defineList, manyOf } from "./lists.ts";

const seatFields = {
  seatId: z.string(),
  siteId: z.string(),
  site: z.string(),
  accountId: z.string(),
  personId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  edition: EditionName.nullable(),
  status: SeatStatusName.nullable().meta({ description: "Null once the seat has ended." }),
  because: z.string().nullable().meta({ description: "What the status rests on, in words." }),
  reasons: z.array(StatusReason),
  ...lastActivityFields,
  since: instant,
  sinceOrigin: z.enum(["organization", "first-seen"]),
  endedAt: instant.nullable(),
  endReason: z.enum(["account-gone", "deactivated", "no-access", "guest", "app", "customer", "licensed"]).nullable(),
  ...costFields,
  exclusions: exclusionsField,
  paths: z.array(SeatPath).meta({ description: "Why the account has it; empty once it has ended." }),
};

export const Seat = z.object(seatFields).meta({ id: "Seat" });

const seatFilters = {
  state: z.enum(["current", "ended", "all"]).optional().meta({ description: "`current` unless said otherwise." }),
  siteId: idOf("site").optional(),
  personId: idOf("person").optional(),
  status: manyOf(SeatStatusName).optional(),
  q: searchFilter,
  ...exclusionFilters,
};

export const listSeats = defineList({
  id: "seats.list",
  path: "/seats",
  summary: "Paid places: status and what it rests on, why each is held, since when",
  scope: "inventory:read",
  item: Seat,
  sorts: ["name", "since", "lastActivityAt", "endedAt"],
  filters: {
    ...seatFilters,
    connectionId: idOf("connection").optional().meta({ description: "Of sites that this connection reaches." }),
  },
  asOf: {
    notSorts: ["lastActivityAt"],
    notFilters: ["status", ...EXCLUSION_FILTERS],
    nulls:
      "`status`, `because`, the edition and its price; `lastActivityAt` is the latest activity up to then of which an event was kept",
  },
});

export const getSeat = defineRoute({
  id: "seats.get",
  method: "GET",
  path: "/seats/{seatId}",
  summary: "One seat with its evidence",
  scope: "inventory:read",
  params: z.strictObject({ seatId: idOf("seat") }),
  answer: z
    .object({ ...seatFields, evidence: z.array(Evidence), dataAsOf: instant.nullable() })
    .meta({ id: "SeatDetail" }),
  refusals: { "no-such-seat": { status: 404, says: "There is no such seat. List seats to see which there are." } },
});

/** Seats that are held now. */
const { state: _, ...withoutState } = seatFilters;

export const listSeatFacets = defineRoute({
  id: "seats.facets",
  method: "GET",
  path: "/seats/facets",
  summary: "How many seats the list would have with each value of its filters",
  description: FACETS_SAY,
  scope: "inventory:read",
  query: z.strictObject(withoutState),
  answer: Facets,
});

export const seatRoutes = [listSeatFacets, listSeats, getSeat];
