import { z } from "zod";
import { DIFFERENCE_KINDS } from "../model/differences.ts";
import { AS_OF_REFUSALS, dayOrInstant } from "./as-of.ts";
import { idOf, instant } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

export const DifferenceKindName = z.enum(DIFFERENCE_KINDS).meta({ id: "DifferenceKind" });

export const Difference = z
  .object({
    kind: DifferenceKindName,
    change: z.enum(["appeared", "disappeared", "changed"]),
    at: instant.meta({
      description:
        "When it appeared first, was seen to be gone last, or changed last, between the two; as Usher saw it.",
    }),
    siteId: z.string(),
    site: z.string(),
    accountId: z.string().nullable(),
    account: z.string().nullable(),
    groupId: z.string().nullable(),
    group: z.string().nullable(),
    spaceId: z.string().nullable(),
    space: z.string().nullable(),
    principalType: z.string().nullable(),
    principalId: z.string().nullable().meta({ description: "As the source knows it." }),
    principal: z.string().nullable().meta({ description: "The account, the group, or the class in words." }),
    changes: z
      .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
      .meta({ description: "Field by field; of what appeared or disappeared, what it had." }),
  })
  .meta({ id: "Difference" });

export const listDifferences = defineList({
  id: "differences.list",
  path: "/differences",
  summary: "What appeared, disappeared or changed between two days",
  description:
    "The two days are compared as they ended (UTC): what came and went between them differs in nothing. A site whose kind was not known yet at `from` is left out and named, because everything there would seem to have appeared.",
  scope: "inventory:read",
  item: Difference,
  sorts: ["at"],
  filters: {
    from: dayOrInstant.meta({ description: "The earlier day, such as 2026-05-03, or an instant." }),
    to: dayOrInstant.meta({ description: "The later one; today is told as far as it has come." }),
    siteId: idOf("site").optional(),
    kind: manyOf(DifferenceKindName).optional().meta({ description: "Every kind unless said otherwise." }),
  },
  tellsNotKnown: true,
  refusals: {
    "not-known-then": AS_OF_REFUSALS["not-known-then"],
    "not-a-period": { status: 400, says: "The two days must follow each other, and none may lie in the future." },
  },
});

export const differenceRoutes = [listDifferences];
