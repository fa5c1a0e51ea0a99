import * as api from "../../api/groups.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { comparePeople, compareSpaces } from "../../store/group-comparison.ts";
import { findGroup, groupList, listGroupFacets } from "../../store/groups.ts";
import { nestedGroupList } from "../../store/nested-groups.ts";
import { findSiteOf } from "../../store/known-since.ts";
import { memberList } from "../../store/memberships.ts";
import { readAskedTime } from "../as-of.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

/** Named of each side of a comparison; all are counted. */
const COMPARED_MAX = 100;

export const groupHandlers = [
  handleList(api.listGroups, async (input) => {
    const { query } = input;
    const { siteId = null, givesSeat = null, managedBy = null, q: search = null } = query;
    const { past, told } = await readAskedTime(input, api.listGroups, {
      needs: { needed: ["groups"], also: ["memberships", "product-access", "rights"] },
      kinds: [...ROSTER_KINDS, ...PERMISSION_KINDS],
      siteIds: siteId === null ? null : [siteId],
    });
    return ok({ ...groupList({ siteId, givesSeat, managedBy, search }, past), ...told });
  }),

  handle(api.listGroupFacets, async ({ query, reader }) => {
    const { siteId = null, givesSeat = null, managedBy = null, q: search = null } = query;
    return ok({ facets: await listGroupFacets(reader, { siteId, givesSeat, managedBy, search }) });
  }),

  handle(api.compareGroups, async ({ query, reader }) => {
    const [one, other] = await Promise.all([findGroup(reader, query.one), findGroup(reader, query.other)]);
    if (!one || !other) return refuse("no-such-group");
    const [people, spaces] = await Promise.all([
      comparePeople(reader, one, other, COMPARED_MAX),
      compareSpaces(reader, one, other, COMPARED_MAX),
    ]);
    return ok({ one, other, people, spaces });
  }),

  handle(api.getGroup, async ({ reader, params }) => {
    const group = await findGroup(reader, params.groupId);
    if (!group) return refuse("no-such-group");
    return ok({
      ...group,
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], [group.siteId]),
    });
  }),

  handleList(api.listGroupMembers, async (input) => {
    const { query, reader, params } = input;
    const siteId = await findSiteOf(reader, params.groupId);
    if (siteId === null) return refuse("no-such-group");
    const { at, told } = await readAskedTime(input, api.listGroupMembers, {
      needs: { needed: ["accounts", "groups", "memberships"], also: ["product-access"] },
      kinds: ROSTER_KINDS,
      siteIds: [siteId],
    });
    const group = await findGroup(reader, params.groupId, at);
    if (!group) return refuse({ code: "no-such-group", ...(at ? { detail: "There was no such group then." } : {}) });
    const filters = { statuses: query.status ?? null, classes: query.class ?? null, isNested: query.nested ?? false };
    return ok({ ...memberList(group, filters, at), ...told });
  }),

  handleList(api.listNestedGroups, async (input) => {
    const { query, reader, params } = input;
    const siteId = await findSiteOf(reader, params.groupId);
    if (siteId === null) return refuse("no-such-group");
    const { at, told } = await readAskedTime(input, api.listNestedGroups, {
      needs: { needed: ["groups"], also: ["memberships"] },
      kinds: ROSTER_KINDS,
      siteIds: [siteId],
    });
    const group = await findGroup(reader, params.groupId, at);
    if (!group) return refuse({ code: "no-such-group", ...(at ? { detail: "There was no such group then." } : {}) });
    return ok({ ...nestedGroupList(group, query.relation ?? null, at), ...told });
  }),
];
