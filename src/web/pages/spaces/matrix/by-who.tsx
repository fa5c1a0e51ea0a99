import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useRows } from "../../../api/rows.ts";
import { t } from "../../../text/t.ts";
import { MatrixFrame } from "./by-space.tsx";
import { Explain, type Explained, type Way } from "./explain.tsx";
import { type GridColumn, MatrixGrid } from "./grid.tsx";
import { gridColumn, markCell, type MarkRow, rightName } from "./mark-cell.tsx";
import { type How, marksOf } from "./marks.ts";
import { columnsFor, heldColumns } from "./operations.ts";
import { matrixTexts as texts } from "./texts.ts";

type Right = RowOf<"space-rights.list">;

interface SpaceRow extends MarkRow {
  rights: readonly Right[];
}

/** What one person or group may do in every space. `isDirect`: only what they hold themselves. */
export function ByWho({
  who,
  name,
  isDirect,
  asOf,
}: {
  who: string;
  name: string;
  isDirect: boolean;
  asOf: string | null;
}): ReactNode {
  const query = {
    ...(who.startsWith("group_") ? { groupId: who } : { personId: who }),
    direct: isDirect ? true : null,
    asOf,
  };
  const rows = useRows("space-rights.list", { query, limit: 200 });
  const [explained, setExplained] = useState<Explained | null>(null);
  const howOf = (right: Right): How => {
    if (right.principalType === "access-class") return "everyone";
    return right.principalType === "user" || right.groupId === who ? "direct" : "group";
  };
  const spaces = wholeSpaces(rows.items, rows.isMore).map((rights) => rowOfSpace(rights, howOf));

  function explain(row: SpaceRow, column: GridColumn): void {
    const isOfRight = (right: Right) => heldColumns(right).has(column.id);
    const wayOf = (right: Right): Way => ({
      id: `${right.principalType}/${right.principalId}/${right.roles.length > 0}`,
      how: howOf(right) === "direct" && right.principalType === "group" ? "holder" : howOf(right),
      name: right.name,
      groupId: right.groupId,
      via: [],
      roles: right.roles,
      since: right.since,
    });
    setExplained({
      who: name,
      right: `${rightName(column)}, ${row.name}`,
      ways: row.rights.filter(isOfRight).map(wayOf),
      others: row.rights.filter((right) => !isOfRight(right)).map(wayOf),
    });
  }

  return (
    <MatrixFrame rows={rows} empty={t(texts.noSpaces)}>
      <MatrixGrid
        label={name}
        corner={texts.spaceColumn}
        columns={columnsFor(rows.items).map(gridColumn)}
        rows={spaces}
        hasRoles={rows.items.some(({ roles }) => roles.length > 0)}
        roleLabel={t(texts.role)}
        noteLabel={null}
        cellOf={markCell}
        onExplain={explain}
      />
      <Explain explained={explained} onClose={() => setExplained(null)} />
    </MatrixFrame>
  );
}

/** Rights by space; what may go on in the next page is left for it. */
export function wholeSpaces<Row extends { spaceId: string }>(rights: readonly Row[], isMore: boolean): Row[][] {
  const spaces = [...Map.groupBy(rights, ({ spaceId }) => spaceId).values()];
  return isMore && spaces.length > 1 ? spaces.slice(0, -1) : spaces;
}

function rowOfSpace(rights: readonly Right[], howOf: (right: Right) => How): SpaceRow {
  const first = rights[0];
  return {
    id: first?.spaceId ?? "",
    name: first?.space ?? "",
    head: <SpaceLink spaceId={first?.spaceId ?? ""} name={first?.space ?? ""} />,
    role: [...new Set(rights.flatMap(({ roles }) => roles))].join(", "),
    note: null,
    marks: marksOf(rights.map((right) => ({ right, how: howOf(right), through: right.name }))),
    rights,
  };
}

export function SpaceLink({ spaceId, name }: { spaceId: string; name: string }): ReactNode {
  return (
    <Link to={`/spaces/${spaceId}` as string} search={{ tab: "matrix" } as never} tabIndex={-1}>
      {name}
    </Link>
  );
}
