import * as api from "../../api/access.ts";
import { ok, refuse } from "../../lib/result.ts";
import { effectiveAccess } from "../../rules/access.ts";
import { spaceHolderList, type SpaceHolderRow } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSpace } from "../../store/spaces.ts";
import { explainAccess } from "../explain-seats.ts";
import { handleList } from "../lists.ts";

export const accessHandlers = [
  handleList(api.listSpaceAccess, async ({ query, reader, params }) => {
    const space = await findSpace(reader, params.spaceId);
    if (!space) return refuse("no-such-space");
    const { siteId, spaceId } = space;
    return ok({
      ...spaceHolderList(space, { canAdminister: query.can === "administer", classes: query.class ?? null }),
      toItems: (rows: SpaceHolderRow[], pageReader: Reader) => withPaths(rows, pageReader, siteId, spaceId),
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], [siteId]),
    });
  }),
];

async function withPaths(rows: SpaceHolderRow[], reader: Reader, siteId: string, spaceId: string) {
  const accountIds = rows.map((each) => each.accountId);
  const paths = await explainAccess(reader, siteId, { accountIds, spaceIds: [spaceId] });
  return rows.map((row) => {
    const theirs = paths.get(`${row.accountId}/${spaceId}`) ?? [];
    return { ...row, canAdminister: effectiveAccess(theirs).canAdminister, paths: theirs };
  });
}
