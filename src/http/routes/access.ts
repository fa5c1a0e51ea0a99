import * as api from "../../api/access.ts";
import { ok, refuse } from "../../lib/result.ts";
import { effectiveAccess } from "../../rules/access.ts";
import { spaceHolderList, type SpaceHolderRow } from "../../store/access.ts";
import type { Reader } from "../../store/database.ts";
import { PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { findSiteOf } from "../../store/known-since.ts";
import { findSpace } from "../../store/spaces.ts";
import { readAskedTime } from "../as-of.ts";
import { explainAccess } from "../explain-seats.ts";
import { handleList } from "../lists.ts";

export const accessHandlers = [
  handleList(api.listSpaceAccess, async (input) => {
    const { query, reader, params } = input;
    const siteId = await findSiteOf(reader, params.spaceId);
    if (siteId === null) return refuse("no-such-space");
    const { at, told } = await readAskedTime(input, api.listSpaceAccess, {
      needs: { needed: ["accounts", "spaces", "rights"], also: ["groups", "memberships", "product-access"] },
      kinds: [...ROSTER_KINDS, ...PERMISSION_KINDS],
      siteIds: [siteId],
    });
    const space = await findSpace(reader, params.spaceId, at);
    if (!space) return refuse({ code: "no-such-space", ...(at ? { detail: "There was no such space then." } : {}) });
    const filters = { canAdminister: query.can === "administer", classes: query.class ?? null };
    return ok({
      ...spaceHolderList(space, filters, at),
      toItems: (rows: SpaceHolderRow[], pageReader: Reader) => withPaths(rows, pageReader, space, at),
      ...told,
    });
  }),
];

async function withPaths(
  rows: SpaceHolderRow[],
  reader: Reader,
  { siteId, spaceId }: { siteId: string; spaceId: string },
  at: Date | null,
) {
  const accountIds = rows.map((each) => each.accountId);
  const paths = await explainAccess(reader, siteId, { accountIds, spaceIds: [spaceId] }, at);
  return rows.map((row) => {
    const theirs = paths.get(`${row.accountId}/${spaceId}`) ?? [];
    return { ...row, canAdminister: effectiveAccess(theirs).canAdminister, paths: theirs };
  });
}
