import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useRows } from "../../../api/rows.ts";
import { t } from "../../../text/t.ts";
import { MatrixFrame } from "./by-space.tsx";
import { SpaceLink, wholeSpaces } from "./by-who.tsx";
import { Explain, type Explained, type Way } from "./explain.tsx";
import { type GridCell, type GridColumn, type GridRow, MatrixGrid } from "./grid.tsx";
import { SYMBOLS } from "./mark-cell.tsx";
import type { MatrixColumn } from "./operations.ts";
import { matrixTexts as texts } from "./texts.ts";

type Right = RowOf<"space-rights.list">;

interface HolderRow extends GridRow {
  rights: readonly Right[];
}

/** Names that stand in a cell; Enter tells the others. */
const NAMES_MAX = 3;

const HOLDERS = [
  { type: "access-class", label: texts.everyoneColumn, how: "everyone" },
  { type: "group", label: texts.groupsColumn, how: "group" },
  { type: "user", label: texts.peopleColumn, how: "direct" },
] as const;

/** Who holds one right, space by space. */
export function ByPermission({
  right,
  name,
  asOf,
}: {
  right: MatrixColumn;
  name: string;
  asOf: string | null;
}): ReactNode {
  const rows = useRows("space-rights.list", { query: { operation: right.pairs, asOf }, limit: 200 });
  const [explained, setExplained] = useState<Explained | null>(null);
  const columns = HOLDERS.map(({ type, label }) => ({ id: type, group: null, label: t(label) }));
  const spaces = wholeSpaces(rows.items, rows.isMore).map((rights): HolderRow => {
    const [spaceId, space] = [rights[0]?.spaceId ?? "", rights[0]?.space ?? ""];
    return {
      id: spaceId,
      name: space,
      head: <SpaceLink spaceId={spaceId} name={space} />,
      role: null,
      note: null,
      rights,
    };
  });

  function explain(row: HolderRow, column: GridColumn): void {
    const ways = row.rights
      .filter(({ principalType }) => principalType === column.id)
      .map((each): Way => ({
        id: `${each.principalId}/${each.roles.length > 0}`,
        how: each.principalType === "group" ? "holder" : "everyone",
        name: nameOf(each),
        groupId: each.groupId,
        via: [],
        roles: each.roles,
        since: each.since,
      }));
    setExplained({ who: `${row.name}, ${column.label}`, right: name, ways, others: [] });
  }

  return (
    <MatrixFrame rows={rows} empty={t(texts.noHolders)}>
      <MatrixGrid
        label={name}
        corner={texts.spaceColumn}
        columns={columns}
        rows={spaces}
        hasRoles={false}
        roleLabel={t(texts.role)}
        noteLabel={null}
        cellOf={holdersCell}
        onExplain={explain}
        isWordy
      />
      <Explain explained={explained} onClose={() => setExplained(null)} />
    </MatrixFrame>
  );
}

function holdersCell(row: HolderRow, column: GridColumn): GridCell {
  const names = row.rights.filter(({ principalType }) => principalType === column.id).map(nameOf);
  const how = HOLDERS.find(({ type }) => type === column.id)?.how ?? "none";
  if (names.length === 0) {
    return { content: SYMBOLS.none, how: "none", words: t(texts.cellNone, { who: row.name, right: column.label }) };
  }
  const first = names.slice(0, NAMES_MAX).join(", ");
  const said = names.length > NAMES_MAX ? t(texts.andMore, { names: first, count: names.length - NAMES_MAX }) : first;
  return { content: said, how, words: t(texts.explainTitle, { who: `${row.name}, ${column.label}`, right: said }) };
}

function nameOf({ name, principalId }: Right): string {
  return name ?? t(texts.unknownPrincipal, { id: principalId });
}
