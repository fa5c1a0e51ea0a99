import { z } from "zod";
import { defineRoute, idOf, instant, type RefusalSpecs, text } from "./contract.ts";
import { defineList } from "./lists.ts";

const page = z
  .string()
  .regex(/^[a-z][a-z-]{0,39}$/, "a page of the web app such as people")
  .meta({ description: "Of the web app: `people`, `groups`, `spaces`." });
const visibility = z.enum(["private", "shared"]).meta({ description: "`shared`: everybody sees it." });

const fields = {
  name: text(100),
  state: z
    .string()
    .max(2000)
    .regex(/^[^\s?#\p{Cc}]*$/u, "the part of the page's address after the question mark")
    .meta({ description: "The page's address after the question mark: filters, sort, columns." }),
  visibility,
  defaultRole: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/, "a role such as license-manager")
    .nullable()
    .meta({ description: "The role whose people see it first; of a shared one only, said by an admin." }),
};

export const View = z
  .object({
    id: z.string(),
    page: z.string(),
    name: z.string(),
    state: z.string(),
    visibility,
    defaultRole: z.string().nullable(),
    ownerId: z.string(),
    owner: z.string(),
    mayChange: z.boolean().meta({ description: "Whether the caller may: its owner and admins." }),
    revision: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "View" });

const params = z.strictObject({ viewId: idOf("view") });
const NO_SUCH_VIEW = {
  "no-such-view": { status: 404, says: "There is no such view, or it is somebody's own." },
} as const satisfies RefusalSpecs;
const NOT_YOURS = {
  "not-your-view": {
    status: 403,
    says: "Only its owner and admins change what is shared, and only admins say which view a role sees first. Save it as a view of your own.",
  },
} as const satisfies RefusalSpecs;
const FLAWS = {
  "name-taken": { status: 409, says: "Another view of this page has this name. Choose another one." },
  "default-taken": { status: 409, says: "The role sees another view first. Take it from that one before." },
  "default-not-shared": { status: 422, says: "What a role sees first has to be shared." },
} as const satisfies RefusalSpecs;

export const listViews = defineList({
  id: "views.list",
  path: "/views",
  summary: "Saved views: your own, and those that are shared",
  scope: "any-token",
  item: View,
  sorts: ["name", "createdAt"],
  filters: { page: page.optional(), visibility: visibility.optional() },
});

export const getView = defineRoute({
  id: "views.get",
  method: "GET",
  path: "/views/{viewId}",
  summary: "One saved view",
  scope: "any-token",
  params,
  answer: View,
  revisioned: true,
  refusals: NO_SUCH_VIEW,
});

export const createView = defineRoute({
  id: "views.create",
  method: "POST",
  path: "/views",
  summary: "Save how a page is looked at",
  description: "At most 200 for one owner.",
  scope: "any-token",
  body: z.strictObject({
    page,
    ...fields,
    visibility: visibility.default("private"),
    defaultRole: fields.defaultRole.default(null),
  }),
  answer: View,
  status: 201,
  revisioned: true,
  refusals: {
    ...NOT_YOURS,
    ...FLAWS,
    "too-many-views": { status: 409, says: "You have 200 views. Delete one that you no longer use." },
  },
});

export const changeView = defineRoute({
  id: "views.change",
  method: "PATCH",
  path: "/views/{viewId}",
  summary: "Change a saved view; what is left out stays",
  scope: "any-token",
  params,
  body: z.strictObject(fields).partial(),
  answer: View,
  revisioned: true,
  needsIfMatch: true,
  refusals: { ...NO_SUCH_VIEW, ...NOT_YOURS, ...FLAWS },
});

export const deleteView = defineRoute({
  id: "views.delete",
  method: "DELETE",
  path: "/views/{viewId}",
  summary: "Delete a saved view",
  scope: "any-token",
  params,
  refusals: { ...NO_SUCH_VIEW, ...NOT_YOURS },
});

export const viewRoutes = [listViews, getView, createView, changeView, deleteView];
