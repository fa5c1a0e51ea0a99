import { z } from "zod";
import { CAPABILITIES } from "../model/connections.ts";
import { EXECUTORS } from "../model/plans.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

export const Source = z.enum(["confluence-cloud", "confluence-data-center"]).meta({ id: "SourceKind" });
export const CapabilityName = z.enum(CAPABILITIES).meta({ id: "Capability" });
export const ConnectionStateName = z
  .enum(["draft", "validated", "published", "paused", "archived"])
  .meta({ id: "ConnectionState" });
export const HealthName = z
  .enum(["not-connected", "syncing", "connected", "degraded", "needs-reauthorization"])
  .meta({ id: "Health" });
export const SiteModeName = z.enum(["observe", "act"]).meta({ id: "SiteMode" });

const siteFields = {
  id: z.string(),
  source: Source,
  sourceKey: z.string().meta({ description: "Cloud id, or base URL of a Data Center instance." }),
  baseUrl: z.string(),
  name: z.string(),
  organizationId: z.string().nullable(),
  edition: z
    .enum(["free", "standard", "premium", "enterprise", "data-center", "unrecognized"])
    .nullable()
    .meta({ description: "Null where it could not be read." }),
  editionIdentifier: z.string().nullable().meta({ description: "The source's own technical name for the edition." }),
  mode: SiteModeName.meta({ description: "`observe`: the server refuses every write to the site." }),
  roleMode: z.enum(["pre-roles", "transition", "roles"]).nullable(),
  health: HealthName,
  healthDetail: z
    .object({ capability: CapabilityName.nullable(), reason: z.string(), fix: z.string() })
    .nullable()
    .meta({ description: "Which capability suffers, why, and what to do; null while all is well." }),
  lastSyncedAt: instant.nullable(),
};

const readBy = z
  .array(
    z
      .object({
        capability: CapabilityName,
        connectionId: z.string().nullable().meta({ description: "Null: a person decided that nobody reads it." }),
        connectionName: z.string().nullable(),
        isServed: z.boolean().meta({
          description:
            "False where that connection is paused, archived or no longer of the site, and no other one could take over.",
        }),
        isChosen: z.boolean().meta({ description: "A person chose it; else it was the first that could." }),
      })
      .meta({ id: "ReadCapability" }),
  )
  .meta({ description: "One connection reads each capability, however many reach the site." });

export const ExecutorName = z.enum(EXECUTORS).meta({
  id: "Executor",
  description:
    "How seats are taken and given. `group-memberships`: by the groups that give them; `directory`: suspended in the organization; `scim`: deactivated by SCIM; `account`: disabled in Data Center; `instruction`: a person does it and reports it; `webhook`: an outside flow does it and reports it.",
});

export const Site = z
  .object({
    ...siteFields,
    readBy,
    executor: ExecutorName,
    connections: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          state: ConnectionStateName,
          capabilities: z.array(CapabilityName),
        }),
      )
      .meta({ description: "Living connections that reach the site, the one that was added first in front." }),
  })
  .meta({ id: "Site" });

export const ProbeResult = z
  .object({
    name: z.string(),
    capability: CapabilityName,
    outcome: z.enum(["passed", "warning", "failed", "not-checked"]),
    detail: z.string().meta({ description: "What was seen." }),
    fix: z.string().nullable().meta({ description: "What to do about it; null when it passed." }),
    tookMs: z.number(),
    checkedAt: instant,
  })
  .meta({ id: "Probe" });

export const Forecast = z
  .object({
    requests: z.int(),
    points: z.int().meta({ description: "Points of the hourly OAuth quota; 0 with API tokens." }),
    basis: z.enum(["last-sync", "assumed"]).meta({
      description: "`assumed`: the site was never read, so one of 10,000 accounts and 2,000 spaces stands for it.",
    }),
    verdict: z.string(),
    minutes: z.int().meta({
      description: "About how long a full run takes: eight requests a second, or until its points are there.",
    }),
    at: instant,
  })
  .meta({ id: "Forecast" });

export const SiteOfConnection = z
  .object({
    ...siteFields,
    readBy,
    executor: ExecutorName,
    probes: z.array(ProbeResult),
    servedBy: z
      .array(
        z
          .object({ listing: z.string(), capability: CapabilityName, credentialId: z.string() })
          .meta({ id: "ServedListing" }),
      )
      .meta({
        description:
          "Which of the connection's credentials each listing is read with, as the last check found: the least that serves it.",
      }),
    forecast: Forecast.nullable(),
    validatedAt: instant.nullable().meta({ description: "When the roster was last seen to be readable." }),
    addedAt: instant,
  })
  .meta({ id: "SiteOfConnection" });

export const NO_SUCH_SITE = { "no-such-site": { status: 404, says: "There is no such site." } } as const;
const siteParams = z.strictObject({ siteId: idOf("site") });

export const listSites = defineList({
  id: "sites.list",
  path: "/sites",
  summary: "Sites and how they are",
  scope: "connections:read",
  item: Site,
  sorts: ["name", "lastSyncedAt"],
  filters: {
    connectionId: idOf("connection").optional(),
    health: manyOf(HealthName).optional(),
    mode: SiteModeName.optional(),
  },
});

export const getSite = defineRoute({
  id: "sites.get",
  method: "GET",
  path: "/sites/{siteId}",
  summary: "One site",
  scope: "connections:read",
  params: siteParams,
  answer: Site,
  refusals: NO_SUCH_SITE,
});

export const setSiteMode = defineRoute({
  id: "sites.set-mode",
  method: "PUT",
  path: "/sites/{siteId}/mode",
  summary: "Observe only, or act",
  description: "That Usher may write to a site is decided by a person; a service account may only take it back.",
  scope: "connections:write",
  params: siteParams,
  body: z.strictObject({ mode: SiteModeName }),
  answer: z.object({ mode: SiteModeName }),
  refusals: {
    ...NO_SUCH_SITE,
    "person-needed": {
      status: 403,
      says: "Only a person may let Usher write to a site, and this token belongs to a service account. Use a token of a person.",
    },
  },
});

export const serveCapability = defineRoute({
  id: "sites.serve-capability",
  method: "PUT",
  path: "/sites/{siteId}/capabilities/{capability}",
  summary: "Choose the connection that reads a capability of a site",
  description:
    "One connection reads each capability of a site; unless somebody chooses, the first that passed its check. Null: nobody shall read it, and what is known stays.",
  scope: "connections:write",
  params: siteParams.extend({ capability: CapabilityName }),
  body: z.strictObject({ connectionId: idOf("connection").nullable() }),
  answer: z.object({ readBy }),
  refusals: {
    ...NO_SUCH_SITE,
    "not-of-site": { status: 404, says: "No such connection reaches this site. Add the site to the connection first." },
    "connection-not-published": {
      status: 409,
      says: "Only a published connection reads a site. Publish or resume it first.",
    },
    "capability-off": { status: 409, says: "The capability is off in this connection. Switch it on there first." },
    "roster-always-on": {
      status: 422,
      says: "Everything else rests on the roster, so somebody reads it. Choose another connection, or pause this one.",
    },
  },
});

export const ProductAccessGroupState = z
  .enum(["found", "confirmed", "added", "dropped", "not-found"])
  .meta({ description: "`not-found`: decided once, but the source names it no longer, so it gives no seat." });

export const ProductAccessGroup = z
  .object({
    groupId: z.string(),
    sourceId: z.string(),
    name: z.string(),
    managedBy: z.enum(["admins", "external", "team-members", "open"]).nullable(),
    access: z.array(z.enum(["user", "admin"])).meta({
      description: "What the source says that it gives; empty for a group that only a person added.",
    }),
    state: ProductAccessGroupState,
    isEffective: z.boolean().meta({ description: "Its members hold a seat. `found` counts: it does give seats." }),
    members: z.int().meta({ description: "Accounts that it brings, with the groups nested in it." }),
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: "ProductAccessGroup" });

export const listProductAccessGroups = defineList({
  id: "product-access-groups.list",
  path: "/sites/{siteId}/product-access-groups",
  summary: "Groups that give a seat on a site",
  description: "Found by Usher, confirmed or added by a person, or dropped by one with a reason.",
  scope: "connections:read",
  params: siteParams,
  item: ProductAccessGroup,
  sorts: ["name", "members"],
  filters: { state: manyOf(ProductAccessGroupState).optional() },
  refusals: NO_SUCH_SITE,
  asOf: {},
});

export const decideProductAccessGroup = defineRoute({
  id: "product-access-groups.decide",
  method: "PUT",
  path: "/sites/{siteId}/product-access-groups/{groupId}",
  summary: "Confirm, add or drop a group that gives a seat",
  description: "The newest decision counts; the earlier ones stay in the journal. Seats follow with the next run.",
  scope: "connections:write",
  params: z.strictObject({ siteId: idOf("site"), groupId: idOf("group") }),
  body: z.strictObject({
    decision: z.enum(["confirm", "add", "drop"]),
    reason: text(1000).nullable().default(null).meta({ description: "Needed to drop." }),
  }),
  answer: z.object({ state: ProductAccessGroupState }),
  refusals: {
    ...NO_SUCH_SITE,
    "no-such-group": { status: 404, says: "The site has no such group." },
    "not-found-by-source": {
      status: 409,
      says: "The source does not say that this group gives a seat. To count its members all the same, add it.",
    },
    "found-by-source": {
      status: 409,
      says: "The source says already that this group gives a seat. Confirm it instead of adding it.",
    },
    "not-listed": { status: 409, says: "This group gives no seat and was never added, so there is nothing to drop." },
    "reason-needed": { status: 422, says: "Dropping a group needs a reason: its members' seats are then not managed." },
  },
});

export const siteRoutes = [
  listSites,
  getSite,
  setSiteMode,
  serveCapability,
  listProductAccessGroups,
  decideProductAccessGroup,
];
