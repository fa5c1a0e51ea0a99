import { z } from "zod";
import { ARCHIVED, connectionParams, NO_SUCH_CONNECTION, typedSite } from "./connection-parts.ts";
import { ReachableSite } from "./connection-shapes.ts";
import { defineRoute, idOf } from "./contract.ts";
import { Site } from "./sites.ts";

export const listReachableSites = defineRoute({
  id: "connections.reachable-sites",
  method: "GET",
  path: "/connections/{connectionId}/reachable-sites",
  summary: "Sites that the connection's credentials reach, to choose from",
  description: "Asked of the source now.",
  scope: "connections:read",
  params: connectionParams,
  answer: z.object({
    items: z.array(ReachableSite),
    problems: z.array(z.string()).meta({ description: "What a credential could not be asked for." }),
  }),
  refusals: NO_SUCH_CONNECTION,
});

export const addSite = defineRoute({
  id: "connections.add-site",
  method: "POST",
  path: "/connections/{connectionId}/sites",
  summary: "Add a site to a connection",
  description:
    "A site that is known already is joined, never copied. While no credential reaches it, a draft keeps it as wanted; a published connection refuses it.",
  scope: "connections:write",
  params: connectionParams,
  body: z.strictObject({ site: typedSite }),
  answer: z
    .object({
      siteId: z.string().nullable().meta({ description: "Null while no credential reaches the site." }),
      wasKnown: z
        .boolean()
        .meta({ description: "Another connection reached it already; this one is a further way to it." }),
      readBy: Site.shape.readBy.meta({
        description: "What is read of the site, and by which connection. Facts of several merge by account.",
      }),
      problem: z.string().nullable(),
      reachable: z.array(ReachableSite),
    })
    .meta({ id: "AddedSite" }),
  status: 201,
  refusals: {
    ...NO_SUCH_CONNECTION,
    ...ARCHIVED,
    "site-not-understood": { status: 422, says: "This is no site's name, address or cloud id." },
    "site-not-reached": { status: 422, says: "None of the connection's credentials reaches the site." },
    "site-not-proved": { status: 422, says: "The site's roster could not be read, so it was not added." },
  },
});

export const removeSite = defineRoute({
  id: "connections.remove-site",
  method: "DELETE",
  path: "/connections/{connectionId}/sites/{siteId}",
  summary: "Stop reading a site by this connection",
  description: "What is known of the site stays.",
  scope: "connections:write",
  params: connectionParams.extend({ siteId: idOf("site") }),
  refusals: {
    ...NO_SUCH_CONNECTION,
    "no-such-site": { status: 404, says: "The connection has no such site." },
    "last-site": { status: 409, says: "It is the connection's only site. Pause or archive the connection instead." },
  },
});

export const removeWantedSite = defineRoute({
  id: "connections.remove-wanted-site",
  method: "DELETE",
  path: "/connections/{connectionId}/wanted-sites",
  summary: "No longer wait for a site that was asked for",
  scope: "connections:write",
  params: connectionParams,
  query: z.strictObject({ site: typedSite }),
  refusals: {
    ...NO_SUCH_CONNECTION,
    "no-such-site": {
      status: 404,
      says: "The connection does not wait for such a site. Give it exactly as it was typed.",
    },
  },
});

export const connectionSiteRoutes = [listReachableSites, addSite, removeSite, removeWantedSite];
