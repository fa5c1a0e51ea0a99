import {
  decideProductAccessGroup,
  getSite,
  listProductAccessGroups,
  listSites,
  serveCapability as serveCapabilityRoute,
  setSiteMode as setSiteModeRoute,
} from "../../api/sites.ts";
import { decideProductAccess } from "../../commands/sites/decide-product-access.ts";
import { serveCapability } from "../../commands/sites/serve-capability.ts";
import { setSiteMode } from "../../commands/sites/set-site-mode.ts";
import { ok, refuse } from "../../lib/result.ts";
import { ROSTER_KINDS } from "../../store/freshness.ts";
import { productAccessList } from "../../store/product-access.ts";
import { findSite, siteList } from "../../store/sites.ts";
import { readAskedTime } from "../as-of.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const siteHandlers = [
  handleList(listSites, async ({ query }) =>
    ok(siteList({ connectionId: query.connectionId ?? null, health: query.health ?? null, mode: query.mode ?? null })),
  ),

  handle(getSite, async ({ reader, params }) => {
    const site = await findSite(reader, params.siteId);
    return site ? ok(site) : refuse("no-such-site");
  }),

  handle(setSiteModeRoute, async ({ ctx, params, body }) => {
    const set = await setSiteMode(ctx, params.siteId, body.mode);
    return set.ok ? ok({ mode: set.value }) : set;
  }),

  handle(serveCapabilityRoute, async ({ ctx, reader, params, body }) => {
    const served = await serveCapability(ctx, params.siteId, params.capability, body.connectionId);
    if (!served.ok) return served;
    const site = await findSite(reader, params.siteId);
    return site ? ok({ readBy: site.readBy }) : refuse("no-such-site");
  }),

  handleList(listProductAccessGroups, async (input) => {
    const { reader, params, query } = input;
    const site = await findSite(reader, params.siteId);
    if (!site) return refuse("no-such-site");
    const { at, told } = await readAskedTime(input, listProductAccessGroups, {
      needs: { needed: ["groups", "product-access"], also: ["memberships"] },
      kinds: ROSTER_KINDS,
      siteIds: [site.id],
    });
    const source = productAccessList(site.id, query.state ?? null, at);
    return ok({ ...source, ...told, ...(at === null ? { dataAsOf: site.lastSyncedAt } : {}) });
  }),

  handle(decideProductAccessGroup, async ({ ctx, params, body }) => {
    const { decision: verb, reason } = body;
    const decided = await decideProductAccess(ctx, params.siteId, params.groupId, { verb, reason });
    return decided.ok ? ok({ state: decided.value }) : decided;
  }),
];
