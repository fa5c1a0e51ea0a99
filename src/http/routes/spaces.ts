import * as api from "../../api/spaces.ts";
import { ok, refuse } from "../../lib/result.ts";
import { nameOfAccessClass } from "../../rules/access.ts";
import { countAccess } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSpace, rightsList, spaceList, type RightsRow, type SpaceRow } from "../../store/spaces.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

const KINDS = [...ROSTER_KINDS, ...PERMISSION_KINDS];

export const spaceHandlers = [
  handleList(api.listSpaces, async ({ query, reader }) => {
    const { siteId = null, type: types = null, status = null, anonymous: isAnonymous = null, q: search = null } = query;
    return ok({
      ...spaceList({ siteId, types, status, isAnonymous, search }),
      toItems: withCounts,
      dataAsOf: await findDataAsOf(reader, KINDS, siteId === null ? null : [siteId]),
    });
  }),

  handle(api.getSpace, async ({ reader, params }) => {
    const space = await findSpace(reader, params.spaceId);
    if (!space) return refuse("no-such-space");
    const [counted] = await withCounts([space], reader);
    if (!counted) return refuse("no-such-space");
    return ok({ ...counted, dataAsOf: await findDataAsOf(reader, KINDS, [space.siteId]) });
  }),

  handleList(api.listSpacePermissions, async ({ query, reader, params }) => {
    const space = await findSpace(reader, params.spaceId);
    if (!space) return refuse("no-such-space");
    return ok({
      ...rightsList(space, query.principalType ?? null),
      toItems: (rows: RightsRow[]) => rows.map(withName),
      dataAsOf: await findDataAsOf(reader, PERMISSION_KINDS, [space.siteId]),
    });
  }),
];

function withName(row: RightsRow): RightsRow {
  return row.principalType === "access-class" ? { ...row, name: nameOfAccessClass(row.principalId) } : row;
}

/** Who reaches the spaces of a page is counted for those only. */
async function withCounts(rows: SpaceRow[], reader: Reader) {
  const bySite = [...Map.groupBy(rows, (each) => each.siteId)];
  const counted = await Promise.all(
    bySite.map(([siteId, theirs]) =>
      countAccess(
        reader,
        siteId,
        theirs.map((each) => each.spaceId),
      ),
    ),
  );
  const countsById = new Map(counted.flatMap((each) => [...each]));
  return rows.map((row) => {
    const { people = 0, admins = 0, guests = 0 } = countsById.get(row.spaceId) ?? {};
    return { ...row, people, admins, guests };
  });
}
