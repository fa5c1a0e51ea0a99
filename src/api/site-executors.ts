import { z } from "zod";
import { defineRoute, idOf, text } from "./contract.ts";
import { ExecutorName, NO_SUCH_SITE } from "./sites.ts";

const choice = {
  executor: ExecutorName,
  managedExecutor: z.enum(["directory", "scim", "instruction", "webhook"]).meta({
    description: "For seats that a group of an identity provider gives, or a permission of the account itself.",
  }),
  webhookId: z.string().max(60).nullable().meta({ description: "The webhook of the outside flow." }),
  instructionText: text(1000).nullable().meta({
    description: "What whoever carries out an instruction should know: where, by which ticket.",
  }),
};

export const SiteExecutor = z
  .object({
    siteId: z.string(),
    ...choice,
    revision: z.int().meta({ description: "0: nobody chose, and the seats are taken by group memberships." }),
  })
  .meta({ id: "SiteExecutor" });

const siteParams = z.strictObject({ siteId: idOf("site") });

export const getSiteExecutor = defineRoute({
  id: "site-executors.get",
  method: "GET",
  path: "/sites/{siteId}/executor",
  summary: "How the seats of a site are taken and given",
  scope: "connections:read",
  params: siteParams,
  answer: SiteExecutor,
  refusals: NO_SUCH_SITE,
  revisioned: true,
});

export const chooseSiteExecutor = defineRoute({
  id: "site-executors.choose",
  method: "PUT",
  path: "/sites/{siteId}/executor",
  summary: "Choose how the seats of a site are taken and given",
  description: "Plans made before keep what they say.",
  scope: "connections:write",
  params: siteParams,
  body: z.strictObject({
    executor: choice.executor,
    managedExecutor: choice.managedExecutor.default("instruction"),
    webhookId: choice.webhookId.default(null),
    instructionText: choice.instructionText.default(null),
  }),
  answer: SiteExecutor,
  refusals: {
    ...NO_SUCH_SITE,
    "not-for-source": { status: 422, says: "Seats of this kind of site cannot be taken so." },
    "webhook-needed": { status: 422, says: "Name the webhook that the outside flow listens to." },
  },
  revisioned: true,
  needsIfMatch: true,
});

export const siteExecutorRoutes = [getSiteExecutor, chooseSiteExecutor];
