import { z } from "zod";
import { idOf, instant, text } from "./contract.ts";
import { PrincipalTypeName } from "./inventory.ts";
import { defineList, flag, manyOf } from "./lists.ts";

const operationFilter = manyOf(
  text(100).regex(/^[^/]+\/[^/]+$/, { error: "a right such as administer/space: its key, a slash, its target" }),
);

export const listSpaceRights = defineList({
  id: "space-rights.list",
  path: "/space-rights",
  summary: "Rights on spaces: of a person, of a group, or everybody who holds one",
  description:
    "One item for each space and each account, group or class that holds rights there, as the source gives them. With `personId` or `groupId`: all that apply to them, also through groups and classes; of somebody deactivated there are none.",
  scope: "inventory:read",
  item: z
    .object({
      spaceId: z.string(),
      siteId: z.string(),
      site: z.string(),
      spaceKey: z.string(),
      space: z.string(),
      spaceType: z.string(),
      principalType: PrincipalTypeName,
      principalId: z.string(),
      name: z.string().nullable(),
      groupId: z.string().nullable(),
      personId: z.string().nullable(),
      canRead: z.boolean(),
      canAdminister: z.boolean(),
      roles: z.array(z.string()),
      permissions: z.array(z.string()).meta({ description: "Of the roles: ids of the source, as they are." }),
      operations: z.array(z.object({ key: z.string(), target: z.string(), sourceId: z.string() })),
      since: instant.meta({ description: "When Usher first saw these rights as they are." }),
    })
    .meta({ id: "SpaceRight" }),
  sorts: ["space"],
  filters: {
    siteId: idOf("site").optional(),
    spaceId: idOf("space").optional(),
    personId: idOf("person").optional(),
    groupId: idOf("group").optional(),
    direct: flag.optional().meta({ description: "`true`: only what the person or the group holds itself." }),
    principalType: manyOf(PrincipalTypeName).optional(),
    operation: operationFilter.optional().meta({
      description:
        "Rights such as `administer/space`; held by role they are found too, as far as the role's permissions are spelled alike.",
    }),
  },
  asOf: {},
});

export const spaceRightRoutes = [listSpaceRights];
