import { z } from "zod";
import { EDITIONS } from "../model/editions.ts";
import { defineRoute, idOf, instant } from "./contract.ts";
import { searchFilter } from "./inventory.ts";
import { defineList } from "./lists.ts";
import { Source } from "./sites.ts";

const KnownEditionName = z.enum(EDITIONS).meta({ id: "KnownEdition" });

export const listEditions = defineList({
  id: "editions.list",
  path: "/editions",
  summary: "Editions, with the sites and seats that have them now",
  scope: "inventory:read",
  item: z
    .object({ edition: KnownEditionName, name: z.string(), sites: z.int(), seats: z.int() })
    .meta({ id: "EditionRow" }),
  sorts: ["size"],
});

export const EditionIdentifier = z
  .object({
    id: z.string(),
    source: Source,
    identifier: z.string().meta({ description: "As the source writes it; compared whatever its case." }),
    edition: KnownEditionName.nullable().meta({ description: "Null: unrecognized." }),
    origin: z
      .enum(["built-in", "source", "person"])
      .nullable()
      .meta({ description: "Who says so: it comes with Usher, the source itself knows, or a person." }),
    firstSeenAt: instant.nullable().meta({ description: "When a site told it first; null: none did yet." }),
    sites: z.array(z.string()).meta({ description: "Names of the sites that tell it now." }),
    seats: z.int().meta({ description: "Seats under it that are held now." }),
    endedSeats: z.int().meta({ description: "Seats under it that have ended." }),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: "EditionIdentifier" });

export const listEditionIdentifiers = defineList({
  id: "edition-identifiers.list",
  path: "/edition-identifiers",
  summary: "Technical names of editions, and which edition each is",
  description: "Those that nobody knows yet are `state=unrecognized`: their seats count, and have no price.",
  scope: "inventory:read",
  item: EditionIdentifier,
  sorts: ["identifier", "firstSeenAt"],
  filters: {
    state: z.enum(["unrecognized", "recognized"]).optional(),
    source: Source.optional(),
    siteId: idOf("site").optional().meta({ description: "That this site tells, or that a seat there stands under." }),
    connectionId: idOf("connection").optional().meta({ description: "The same of a site that it reaches." }),
    q: searchFilter.meta({ description: "Part of the identifier, whatever its case." }),
  },
});

export const matchEditionIdentifier = defineRoute({
  id: "edition-identifiers.match",
  method: "PUT",
  path: "/edition-identifiers/{identifierId}/edition",
  summary: "Say which edition a technical name stands for",
  description:
    "It holds for the past too: seats that stand under the name, also those that ended, become of that edition, and prices follow. Null: nobody knows it any more.",
  scope: "connections:write",
  params: z.strictObject({ identifierId: idOf("identifier") }),
  body: z.strictObject({ edition: KnownEditionName.nullable() }),
  answer: z.object({
    identifier: EditionIdentifier,
    changedSites: z.int(),
    changedSeats: z.int().meta({ description: "Seats, held or ended, that became of another edition." }),
  }),
  refusals: {
    "no-such-identifier": {
      status: 404,
      says: "There is no such edition identifier. List them to see what sites told.",
    },
    "known-by-itself": {
      status: 409,
      says: "Usher or the source itself knows which edition this is, so there is nothing to say about it.",
    },
  },
});

export const editionRoutes = [listEditions, listEditionIdentifiers, matchEditionIdentifier];
