import * as api from "../../api/guests.ts";
import { ok, refuse } from "../../lib/result.ts";
import { guestLimit } from "../../rules/guests.ts";
import { ACTIVITY_KINDS, findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { countGuests, guestList } from "../../store/guests.ts";
import { findSite } from "../../store/sites.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const guestHandlers = [
  handleList(api.listGuests, async ({ reader, params, query }) => {
    const site = await findSite(reader, params.siteId);
    if (!site) return refuse("no-such-site");
    const filters = {
      spaceRules: query.spaceRule ?? null,
      wasLicensed: query.wasLicensed ?? null,
      search: query.q ?? null,
    };
    const dataAsOf = await findDataAsOf(reader, [...ROSTER_KINDS, ...ACTIVITY_KINDS, ...PERMISSION_KINDS], [site.id]);
    return ok({ ...guestList(site.id, filters), dataAsOf });
  }),

  handle(api.getGuestLimit, async ({ reader, params }) => {
    const site = await findSite(reader, params.siteId);
    if (!site) return refuse("no-such-site");
    const counts = await countGuests(reader, site.id);
    const dataAsOf = await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], [site.id]);
    const { id: siteId, name, edition } = site;
    return ok({ siteId, site: name, edition, ...counts, ...guestLimit(edition, counts), dataAsOf });
  }),
];
