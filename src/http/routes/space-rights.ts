import * as api from "../../api/space-rights.ts";
import { ok } from "../../lib/result.ts";
import { nameOfAccessClass, spellingsInRoles } from "../../rules/access.ts";
import { PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { spaceRightList, type SpaceRightRow } from "../../store/space-rights.ts";
import { readAskedTime } from "../as-of.ts";
import { handleList } from "../lists.ts";

export const spaceRightHandlers = [
  handleList(api.listSpaceRights, async (input) => {
    const { siteId = null, spaceId = null, personId = null, groupId = null, operation } = input.query;
    const { past, told } = await readAskedTime(input, api.listSpaceRights, {
      needs: { needed: ["spaces", "rights"], also: ["accounts", "groups", "memberships", "product-access"] },
      kinds: [...ROSTER_KINDS, ...PERMISSION_KINDS],
      siteIds: siteId === null ? null : [siteId],
    });
    const filters = {
      siteId,
      spaceId,
      personId,
      groupId,
      isDirect: input.query.direct ?? false,
      types: input.query.principalType ?? null,
      operations: operation ? { pairs: operation, spellings: operation.flatMap(spellingsInRoles) } : null,
    };
    return ok({ ...spaceRightList(filters, past), toItems: (rows: SpaceRightRow[]) => rows.map(withName), ...told });
  }),
];

function withName(row: SpaceRightRow): SpaceRightRow {
  return row.principalType === "access-class" ? { ...row, name: nameOfAccessClass(row.principalId) } : row;
}
