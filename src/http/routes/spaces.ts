import * as api from "../../api/spaces.ts";
import { ok, refuse } from "../../lib/result.ts";
import { nameOfAccessClass } from "../../rules/access.ts";
import { spaceRisks } from "../../rules/space-risks.ts";
import { listSpaceUse } from "../../store/activity.ts";
import { countAccess } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSiteOf } from "../../store/known-since.ts";
import { spaceRoleList } from "../../store/space-roles.ts";
import {
  findSpace,
  listSpaceFacets,
  rightsList,
  spaceList,
  type RightsRow,
  type SpaceRow,
} from "../../store/spaces.ts";
import { readAskedTime } from "../as-of.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

const KINDS = [...ROSTER_KINDS, ...PERMISSION_KINDS];

export const spaceHandlers = [
  handleList(api.listSpaces, async (input) => {
    const { query } = input;
    const { siteId = null, type: types = null, status = null, anonymous: isAnonymous = null, q: search = null } = query;
    const { past, at, told } = await readAskedTime(input, api.listSpaces, {
      needs: { needed: ["spaces", "accounts"], also: ["rights", "groups", "memberships", "product-access"] },
      kinds: KINDS,
      siteIds: siteId === null ? null : [siteId],
    });
    return ok({
      ...spaceList({ siteId, types, status, isAnonymous, search }, past),
      toItems: (rows: SpaceRow[], reader: Reader) => withCounts(rows, reader, at, input.ctx.clock.now()),
      ...told,
    });
  }),

  handle(api.listSpaceFacets, async ({ query, reader }) => {
    const { siteId = null, type: types = null, status = null, anonymous: isAnonymous = null, q: search = null } = query;
    return ok({ facets: await listSpaceFacets(reader, { siteId, types, status, isAnonymous, search }) });
  }),

  handle(api.getSpace, async ({ reader, params, ctx }) => {
    const space = await findSpace(reader, params.spaceId);
    if (!space) return refuse("no-such-space");
    const [counted] = await withCounts([space], reader, null, ctx.clock.now());
    if (!counted) return refuse("no-such-space");
    return ok({ ...counted, dataAsOf: await findDataAsOf(reader, KINDS, [space.siteId]) });
  }),

  handleList(api.listSpacePermissions, async (input) => {
    const { query, reader, params } = input;
    const siteId = await findSiteOf(reader, params.spaceId);
    if (siteId === null) return refuse("no-such-space");
    const { at, told } = await readAskedTime(input, api.listSpacePermissions, {
      needs: { needed: ["spaces", "rights"], also: ["accounts", "groups", "memberships"] },
      kinds: PERMISSION_KINDS,
      siteIds: [siteId],
    });
    const space = await findSpace(reader, params.spaceId, at);
    if (!space) return refuse({ code: "no-such-space", ...(at ? { detail: "There was no such space then." } : {}) });
    return ok({
      ...rightsList(space, query.principalType ?? null, at),
      toItems: (rows: RightsRow[]) => rows.map(withName),
      ...told,
    });
  }),

  handleList(api.listSpaceRoles, async (input) => {
    const { siteId = null, custom: isCustom = null } = input.query;
    const { past, told } = await readAskedTime(input, api.listSpaceRoles, {
      needs: { needed: ["roles"], also: ["rights"] },
      kinds: ["space-roles", "role-assignments"],
      siteIds: siteId === null ? null : [siteId],
    });
    return ok({ ...spaceRoleList({ siteId, isCustom }, past), ...told });
  }),
];

function withName(row: RightsRow): RightsRow {
  return row.principalType === "access-class" ? { ...row, name: nameOfAccessClass(row.principalId) } : row;
}

/** Who reaches the spaces of a page is counted for those only. */
async function withCounts(rows: SpaceRow[], reader: Reader, at: Date | null, now: Date) {
  const bySite = [...Map.groupBy(rows, (each) => each.siteId)];
  const counted = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      countAccess(
        reader,
        siteId,
        theirs.map((each) => each.spaceId),
        at,
      ),
    ),
  );
  const countsById = new Map(counted.flatMap((each) => [...each]));
  const use = await listSpaceUse(reader, rows, at ?? now);
  const useByKey = new Map(use.map((each) => [`${each.siteId}/${each.key}`, each]));
  return rows.map((row) => {
    const { people = 0, admins = 0, guests = 0 } = countsById.get(row.spaceId) ?? {};
    const { edits90d = 0, lastActivityAt = null } = useByKey.get(`${row.siteId}/${row.key}`) ?? {};
    return { ...row, people, admins, guests, edits90d, lastActivityAt, risks: spaceRisks({ ...row, admins }) };
  });
}
