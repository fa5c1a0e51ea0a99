import { z } from "zod";
import { instant } from "./contract.ts";
import { AccessPath, AccountClassName, SeatStatusName } from "./inventory.ts";
import { defineList, manyOf } from "./lists.ts";
import { NO_SUCH_SPACE, spaceParams } from "./spaces.ts";

export const listSpaceAccess = defineList({
  id: "spaces.access",
  path: "/spaces/{spaceId}/access",
  summary: "Everybody who may read a space, and through what",
  description:
    "People with a seat and guests. Who is deactivated or has lost the product can read nothing, whatever is still granted. Visitors of an anonymous space are nobody we could list.",
  scope: "inventory:read",
  params: spaceParams,
  item: z
    .object({
      accountId: z.string(),
      personId: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      accountClass: AccountClassName,
      status: SeatStatusName.nullable(),
      lastActivityAt: instant.nullable(),
      canAdminister: z.boolean(),
      paths: z.array(AccessPath),
    })
    .meta({ id: "SpaceReader" }),
  sorts: ["name", "lastActivityAt"],
  filters: {
    can: z.enum(["read", "administer"]).optional().meta({ description: "`read` unless said otherwise." }),
    class: manyOf(AccountClassName).optional(),
  },
  refusals: NO_SUCH_SPACE,
  asOf: {
    notSorts: ["lastActivityAt"],
    nulls: "`status`; `lastActivityAt` is the latest activity up to then of which an event was kept",
  },
});

export const accessRoutes = [listSpaceAccess];
