import { listDifferences } from "../../api/differences.ts";
import { ok, refuse } from "../../lib/result.ts";
import { DIFFERENCE_KINDS, type DifferenceKind } from "../../model/differences.ts";
import { nameOfAccessClass } from "../../rules/access.ts";
import type { Reader } from "../../store/database.ts";
import { differenceList, type DifferenceRow } from "../../store/differences.ts";
import { findDataAsOf, PERMISSION_KINDS, ROSTER_KINDS } from "../../store/freshness.ts";
import { type KnowledgeKind, listKnowledge } from "../../store/known-since.ts";
import { notKnownText, timeErrors } from "../as-of.ts";
import { handleList } from "../lists.ts";

/** What must have been known of a site, so that a kind can be compared. */
const NEEDED: Record<DifferenceKind, readonly KnowledgeKind[]> = {
  accounts: ["accounts"],
  groups: ["groups"],
  memberships: ["groups", "memberships"],
  "product-access": ["groups", "product-access"],
  spaces: ["spaces"],
  "space-permissions": ["spaces", "space-permissions"],
  "role-assignments": ["spaces", "role-assignments"],
  seats: ["accounts"],
};

export const differenceHandlers = [
  handleList(listDifferences, async ({ query, reader, ctx }) => {
    const { from, to, siteId = null, kind: wanted = DIFFERENCE_KINDS } = query;
    const errors = [...timeErrors(from, ctx.clock.now(), "from"), ...timeErrors(to, ctx.clock.now(), "to")];
    if (from >= to) errors.push({ field: "query.to", what: "is not later than from", expected: "a later day" });
    if (errors.length > 0) return refuse({ code: "not-a-period", errors });

    const siteIds = siteId === null ? null : [siteId];
    const found = await Promise.all([...new Set(wanted)].map((kind) => knowledgeOf(reader, kind, siteIds, from)));
    const kinds = found.filter((each) => each.siteIds.length > 0);
    const notKnown = found.flatMap((each) => each.notKnown);
    if (kinds.length === 0) return refuse({ code: "not-known-then", detail: notKnownText(notKnown.slice(0, 1)) });
    const source = differenceList({ from, to, kinds });
    return ok({
      ...source,
      toItems: async (rows: Parameters<NonNullable<typeof source.toItems>>[0], pageReader: Reader) =>
        ((await source.toItems?.(rows, pageReader)) ?? []).map(withClass),
      dataAsOf: await findDataAsOf(reader, [...ROSTER_KINDS, ...PERMISSION_KINDS], siteIds),
      notKnown: notKnown.filter((each) => kinds.some(({ kind }) => kind === each.kind) || each.since !== null),
    });
  }),
];

async function knowledgeOf(reader: Reader, kind: DifferenceKind, siteIds: readonly string[] | null, from: Date) {
  const sites = await listKnowledge(reader, { needed: NEEDED[kind], also: [] }, siteIds);
  const known = sites.filter(({ since }) => since !== null && since <= from);
  return {
    kind,
    siteIds: known.map((each) => each.siteId),
    notKnown: sites.filter((each) => !known.includes(each)).map((each) => ({ ...each, kind })),
  };
}

function withClass(row: DifferenceRow): DifferenceRow {
  if (row.principalType !== "access-class" || row.principalId === null) return row;
  return { ...row, principal: nameOfAccessClass(row.principalId) };
}
