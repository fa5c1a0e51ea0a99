import * as api from "../../api/connection-sites.ts";
import { removeSite } from "../../commands/connections/remove-site.ts";
import { removeWantedSite } from "../../commands/connections/remove-wanted-site.ts";
import { ok } from "../../lib/result.ts";
import { handle } from "../route.ts";

export const connectionSiteHandlers = [
  handle(api.listReachableSites, async ({ params, services, signal }) => {
    const reached = await services.connect.listReachableSites(params.connectionId, signal);
    return reached.ok ? ok({ items: reached.value.sites, problems: reached.value.problems }) : reached;
  }),

  handle(api.addSite, ({ ctx, params, body, services, signal }) =>
    services.connect.addSite(ctx.actor, params.connectionId, body.site, signal),
  ),

  handle(api.removeSite, ({ ctx, params }) => removeSite(ctx, params.connectionId, params.siteId)),

  handle(api.removeWantedSite, ({ ctx, params, query }) => removeWantedSite(ctx, params.connectionId, query.site)),
];
