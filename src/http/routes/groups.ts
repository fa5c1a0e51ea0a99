import * as api from "../../api/groups.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findGroup, groupList, memberList } from "../../store/groups.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const groupHandlers = [
  handleList(api.listGroups, async ({ query, reader }) => {
    const { siteId = null, givesSeat = null, managedBy = null, q: search = null } = query;
    return ok({
      ...groupList({ siteId, givesSeat, managedBy, search }),
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], siteId === null ? null : [siteId]),
    });
  }),

  handle(api.getGroup, async ({ reader, params }) => {
    const group = await findGroup(reader, params.groupId);
    if (!group) return refuse("no-such-group");
    return ok({
      ...group,
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], [group.siteId]),
    });
  }),

  handleList(api.listGroupMembers, async ({ query, reader, params }) => {
    const group = await findGroup(reader, params.groupId);
    if (!group) return refuse("no-such-group");
    return ok({
      ...memberList(group, { statuses: query.status ?? null, classes: query.class ?? null }),
      dataAsOf: await findDataAsOf(reader, ROSTER_KINDS, [group.siteId]),
    });
  }),
];
